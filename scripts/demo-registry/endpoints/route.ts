/** Path -> endpoint: the addresses of the Distribution API. */
import { isRepositoryName, isTag, type RepositoryName, type Tag } from '../../../src/oci/reference.ts';

export type Route =
  | { readonly endpoint: 'base' }
  | { readonly endpoint: 'catalog' }
  | { readonly endpoint: 'tags'; readonly name: RepositoryName }
  | { readonly endpoint: 'manifest'; readonly name: RepositoryName; readonly reference: Tag | DigestText }
  | { readonly endpoint: 'blob'; readonly name: RepositoryName; readonly digest: DigestText }
  | { readonly endpoint: 'uploads'; readonly name: RepositoryName }
  | { readonly endpoint: 'upload'; readonly name: RepositoryName; readonly id: string }
  | { readonly endpoint: 'referrers'; readonly name: RepositoryName; readonly digest: DigestText };

/** Text in a digest's place: it has a colon, but may name no known algorithm, or have the wrong length. */
export type DigestText = `${string}:${string}`;

const pattern =
  /^\/v2\/(?<name>.+)\/(?:(?<tags>tags\/list)|manifests\/(?<reference>[^/]+)|blobs\/uploads\/(?<upload>[^/]*)|blobs\/(?<blob>[^/]+)|referrers\/(?<subject>[^/]+))$/;

/** The route of a path, still percent-encoded; null when the API has none such. */
export function parseRoute(path: string): Route | null {
  if (path === '/v2/') return { endpoint: 'base' };
  if (path === '/v2/_catalog') return { endpoint: 'catalog' };
  const groups = pattern.exec(decodePath(path) ?? '')?.groups;
  const name = groups?.['name'];
  if (!groups || !isRepositoryName(name)) return null;
  const { tags, reference, upload, blob, subject } = groups;
  if (tags) return { endpoint: 'tags', name };
  if (reference !== undefined) {
    return isTag(reference) || isDigestText(reference) ? { endpoint: 'manifest', name, reference } : null;
  }
  if (upload === '') return { endpoint: 'uploads', name };
  if (upload !== undefined) return { endpoint: 'upload', name, id: upload };
  if (blob !== undefined && isDigestText(blob)) return { endpoint: 'blob', name, digest: blob };
  if (subject !== undefined && isDigestText(subject)) return { endpoint: 'referrers', name, digest: subject };
  return null;
}

function isDigestText(text: string): text is DigestText {
  return text.includes(':');
}

function decodePath(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
