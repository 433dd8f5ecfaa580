/**
 * `GET /v2/_catalog`: docker-registry's listing of all repositories, which the specification does not have.
 *
 * @see https://github.com/distribution/distribution/blob/v2.8.2/docs/spec/api.md#listing-repositories
 */
import { type Answer, createJsonAnswer } from '../server/answer.ts';
import { comparePaths } from '../store/registry-store.ts';
import { createErrorAnswer, type EndpointContext, formatNextLink } from './endpoint.ts';

export function answerCatalog({ request, store, dialect }: EndpointContext): Answer {
  const pageSize = parsePageSize(request.query.get('n')) ?? dialect.catalogPageSize;
  if (pageSize > dialect.largestCatalogPageSize) return createErrorAnswer('PAGINATION_NUMBER_INVALID', { n: pageSize });

  const last = request.query.get('last') ?? '';
  const names = store.repositories().map(({ name }) => name);
  const rest = names.filter((name) => comparePaths(name, last) > 0);
  const page = rest.slice(0, pageSize);
  const lastOfPage = page.at(-1);
  const isFollowed = rest.length > page.length || (dialect.linksToEmptyPage && page.length === pageSize);
  const link = lastOfPage && isFollowed ? { Link: formatNextLink(request.path, lastOfPage, pageSize) } : {};
  return createJsonAnswer(200, { repositories: page }, link);
}

/** The `n` of a listing; null when it is absent, negative or no number at all, which registries take for absent. */
export function parsePageSize(n: string | null): number | null {
  return n !== null && /^\d{1,9}$/.test(n) ? Number(n) : null;
}
