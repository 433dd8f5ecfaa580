/**
 * Content digests: the identity of every manifest, config and layer.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests
 */
import { hash } from 'node:crypto';

declare const digestBrand: unique symbol;

/** A digest whose algorithm we can compute: `sha256:` and 64, or `sha512:` and 128, lower-case hexadecimal digits. */
export type Digest = string & { readonly [digestBrand]: true };

const lengthOf = { sha256: 64, sha512: 128 } as const;

/** The registered algorithms. Anything else cannot be verified here, so it is no digest to us. */
export type DigestAlgorithm = keyof typeof lengthOf;

const pattern = new RegExp(
  `^(?:${Object.entries(lengthOf)
    .map(([algorithm, length]) => `${algorithm}:[0-9a-f]{${length}}`)
    .join('|')})$`,
);

export function isDigest(value: unknown): value is Digest {
  return typeof value === 'string' && pattern.test(value);
}

/** Reads a digest. Throws a `TypeError` that names the value when it is not one. */
export function parseDigest(value: string): Digest {
  if (!isDigest(value)) throw new TypeError(`not a digest: ${JSON.stringify(value.slice(0, 160))}`);
  return value;
}

export function digestAlgorithm(digest: Digest): DigestAlgorithm {
  return digest.slice(0, digest.indexOf(':')) as DigestAlgorithm;
}

/** The hexadecimal part alone, as it stands in the address of a manifest page. */
export function digestHex(digest: Digest): string {
  return digest.slice(digest.indexOf(':') + 1);
}

/** The digest of `bytes` as they came over the wire: nothing is decoded or normalised first. */
export function computeDigest(bytes: Uint8Array | string, algorithm: DigestAlgorithm = 'sha256'): Digest {
  return `${algorithm}:${hash(algorithm, bytes, 'hex')}` as Digest;
}

/** Whether `bytes` are what `digest` names. */
export function matchesDigest(bytes: Uint8Array, digest: Digest): boolean {
  return computeDigest(bytes, digestAlgorithm(digest)) === digest;
}
