/** Whether a manifest's bytes are what they are said to be. */
import { DecodeError } from '../oci/decode-error.ts';
import { computeDigest, type Digest, digestAlgorithm, isDigest, matchesDigest } from '../oci/digest.ts';
import { parseJson } from '../oci/json.ts';
import { decodeManifest, isManifestShaped } from '../oci/manifest.schema.ts';
import { isSchema1Type } from '../oci/media-type.ts';
import type { Tag } from '../oci/reference.ts';
import { RegistryError } from './registry-error.ts';
import { extractSignedPayload } from './signed-payload.ts';
import type { TransportResponse } from './transport.ts';

/** A manifest's own bytes. Their digest has been computed and is the one that was asked for or announced. */
export interface FetchedManifest {
  readonly outcome: 'fetched';
  readonly digest: Digest;
  readonly bytes: Uint8Array;
  readonly contentType: string | null;
}

/**
 * Verifies the answer to a request for `reference`. Where neither a digest was asked for nor one is announced, nothing
 * proves that the bytes are whole, or a manifest at all: they have to look like one.
 *
 * Throws a `RegistryError` or `DecodeError` for anything else than the manifest.
 */
export function verifyManifest(response: TransportResponse, reference: Tag | Digest): FetchedManifest {
  const { bytes, url, headers } = response;
  const contentType = headers.get('content-type') ?? null;
  const asked = isDigest(reference) ? reference : announcedDigest(response);
  if (asked === null) {
    if (!isManifestShaped(parseJson(bytes, 'the manifest'), contentType)) {
      throw new DecodeError('the manifest', 'it is some other JSON, and no digest says otherwise');
    }
    return { outcome: 'fetched', digest: computeDigest(signedPart(bytes, contentType)), bytes, contentType };
  }
  if (matchesDigest(bytes, asked)) return { outcome: 'fetched', digest: asked, bytes, contentType };
  const found = computeDigest(signedPart(bytes, contentType), digestAlgorithm(asked));
  if (found !== asked) throw mismatch(url, asked, found);
  return { outcome: 'fetched', digest: asked, bytes, contentType };
}

/** The bytes that a manifest's digest is of. */
function signedPart(bytes: Uint8Array, contentType: string | null): Uint8Array {
  return isReadAsSchema1(bytes, contentType) ? extractSignedPayload(bytes) : bytes;
}

/**
 * Whether this is what it will be read as, whatever its type says: old registries call one plain JSON. In anything else signatures
 * could say that some other text was signed, and what is read would have that text's digest.
 */
function isReadAsSchema1(bytes: Uint8Array, contentType: string | null): boolean {
  try {
    const { shape, mediaType } = decodeManifest(bytes, contentType);
    return shape === 'opaque' && isSchema1Type(mediaType);
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}

/** The digest that the registry announces, or null where it announces none that can be checked. */
export function announcedDigest({ headers }: Pick<TransportResponse, 'headers'>): Digest | null {
  const digest = headers.get('docker-content-digest')?.trim();
  return isDigest(digest) ? digest : null;
}

/** Bytes, or an announcement, with another digest than the one that was asked for. */
export function mismatch(url: URL, asked: Digest, found: Digest): RegistryError {
  return new RegistryError('DIGEST_MISMATCH', `the bytes have digest ${found}, not ${asked}`, { method: 'GET', url });
}
