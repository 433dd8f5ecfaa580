/**
 * Repository names and tags. A value of these types has passed the grammar, so no other code checks it again.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests
 */
import type { Digest } from './digest.ts';

declare const nameBrand: unique symbol;
declare const tagBrand: unique symbol;

/** A repository's name, such as `releng/node24`: at most 255 characters, parts that never start with `-` or `.`. */
export type RepositoryName = string & { readonly [nameBrand]: true };

/** A tag, such as `24.18.0-s1`: at most 128 characters. */
export type Tag = string & { readonly [tagBrand]: true };

const namePattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const longestName = 255;

export function isRepositoryName(value: unknown): value is RepositoryName {
  return typeof value === 'string' && value.length <= longestName && namePattern.test(value);
}

export function isTag(value: unknown): value is Tag {
  return typeof value === 'string' && tagPattern.test(value);
}

/** Reads a repository name. Throws a `TypeError` that names the value when it breaks the grammar. */
export function parseRepositoryName(value: string): RepositoryName {
  if (!isRepositoryName(value)) throw new TypeError(`not a repository name: ${JSON.stringify(value.slice(0, 300))}`);
  return value;
}

/** Reads a tag. Throws a `TypeError` that names the value when it breaks the grammar. */
export function parseTag(value: string): Tag {
  if (!isTag(value)) throw new TypeError(`not a tag: ${JSON.stringify(value.slice(0, 160))}`);
  return value;
}

/** What a pull command names: `host/name:tag`, or `host/name@digest`. */
export function formatReference(host: string, name: RepositoryName, target: { tag: Tag } | { digest: Digest }): string {
  return 'tag' in target ? `${host}/${name}:${target.tag}` : `${host}/${name}@${target.digest}`;
}

/** The parts of a name between its slashes, outermost first. */
export function nameParts(name: RepositoryName): readonly string[] {
  return name.split('/');
}
