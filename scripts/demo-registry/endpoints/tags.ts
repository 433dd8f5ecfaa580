/**
 * `GET /v2/<name>/tags/list`.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags
 */
import { hash } from 'node:crypto';
import type { RepositoryName, Tag } from '../../../src/oci/reference.ts';
import { type Answer, createJsonAnswer } from '../server/answer.ts';
import { parsePageSize } from './catalog.ts';
import { createErrorAnswer, type EndpointContext, formatNextLink } from './endpoint.ts';

export function answerTags({ request, store, dialect }: EndpointContext, name: RepositoryName): Answer {
  const repository = store.repository(name);
  if (!repository?.hadTags) return createErrorAnswer('NAME_UNKNOWN', { name });

  const all = [...repository.tags.keys()];
  if (!dialect.pagesTags) return createJsonAnswer(200, { name, tags: all.length === 0 ? null : toFolderOrder(all) });

  const last = request.query.get('last') ?? '';
  const pageSize = parsePageSize(request.query.get('n')) ?? Number.POSITIVE_INFINITY;
  const rest = all.sort().filter((tag) => tag > last);
  const page = rest.slice(0, pageSize);
  const lastOfPage = page.at(-1);
  const isFollowed = lastOfPage !== undefined && rest.length > page.length;
  return createJsonAnswer(
    200,
    { name, tags: page },
    isFollowed ? { Link: formatNextLink(request.path, lastOfPage, pageSize) } : {},
  );
}

/** An order without meaning that is the same every time, like that of the entries of a folder. */
function toFolderOrder(tags: readonly Tag[]): readonly Tag[] {
  const keyed = tags.map((tag) => ({ tag, key: hash('sha1', tag) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ tag }) => tag);
}
