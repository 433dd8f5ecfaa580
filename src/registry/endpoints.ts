/**
 * One pure builder for each endpoint of the Distribution API. `base` is the registry's address without `/v2/`; it may have a path.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#endpoints
 */
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';

/** Format: `<base>/v2/`. Answers 200 where the API is spoken, 401 where it wants credentials first. */
export function apiUrl(base: URL): URL {
  return at(base, '');
}

/**
 * Format: `<base>/v2/_catalog?n=<pageSize>`. Docker's own; the OCI specification has no such endpoint.
 *
 * @see https://distribution.github.io/distribution/spec/api/#listing-repositories
 */
export function catalogUrl(base: URL, pageSize: number): URL {
  const url = at(base, '_catalog');
  url.searchParams.set('n', String(pageSize));
  return url;
}

/** Format: `<base>/v2/<name>/tags/list`. */
export function tagsListUrl(base: URL, name: RepositoryName): URL {
  return at(base, `${name}/tags/list`);
}

/** Format: `<base>/v2/<name>/manifests/<reference>`. Reference: a tag or a digest. */
export function manifestUrl(base: URL, name: RepositoryName, reference: Tag | Digest): URL {
  return at(base, `${name}/manifests/${reference}`);
}

/** Format: `<base>/v2/<name>/blobs/<digest>`. */
export function blobUrl(base: URL, name: RepositoryName, digest: Digest): URL {
  return at(base, `${name}/blobs/${digest}`);
}

/**
 * Format: `<base>/v2/<name>/referrers/<digest>`.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
 */
export function referrersUrl(base: URL, name: RepositoryName, digest: Digest): URL {
  return at(base, `${name}/referrers/${digest}`);
}

function at(base: URL, path: string): URL {
  const folder = base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`;
  return new URL(`${folder}v2/${path}`, base);
}
