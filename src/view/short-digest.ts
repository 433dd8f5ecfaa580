/** Digests for the eye. Wherever one is shown short, the whole one is at hand. */
import type { Digest } from '../oci/digest.ts';

const shownDigits = 12;

/** `sha256:` and twelve digits. */
export function shortenDigest(digest: Digest): string {
  return digest.slice(0, digest.indexOf(':') + 1 + shownDigits);
}
