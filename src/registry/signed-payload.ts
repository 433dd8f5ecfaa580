/**
 * Docker's schema 1 manifests carry their signatures within themselves, and their digest is that of the text that was signed.
 *
 * @see https://distribution.github.io/distribution/spec/deprecated-schema-v1/#signed-manifests
 */
import { parseJson } from '../oci/json.ts';
import { protectedHeaderSchema, signedManifestSchema } from './signed-manifest.schema.ts';

/** The bytes that were signed: the document up to where the signatures were put in, and what came after. Unsigned: all. */
export function extractSignedPayload(bytes: Uint8Array): Uint8Array {
  const document = signedManifestSchema.safeParse(parseJson(bytes, 'the manifest'));
  if (!document.success) return bytes;
  const encoded = document.data.signatures[0]?.protected ?? '';
  const header = protectedHeaderSchema.safeParse(parseJson(Buffer.from(encoded, 'base64url'), 'the signature'));
  if (!header.success) return bytes;
  const { formatLength, formatTail } = header.data;
  return Buffer.concat([bytes.subarray(0, formatLength), Buffer.from(formatTail, 'base64url')]);
}
