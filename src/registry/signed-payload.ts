/**
 * Docker's schema 1 manifests carry their signatures within themselves, and their digest is that of the text that was signed.
 *
 * @see https://distribution.github.io/distribution/spec/deprecated-schema-v1/#signed-manifests
 */
import { DecodeError } from '../oci/decode-error.ts';
import { parseJson } from '../oci/json.ts';
import { protectedHeaderSchema, signedManifestSchema } from './signed-manifest.schema.ts';

/**
 * The bytes that were signed: the document up to where the signatures were put in, and what came after. All of them where they
 * are not signed, or by nothing that can be read.
 */
export function extractSignedPayload(bytes: Uint8Array): Uint8Array {
  const document = signedManifestSchema.safeParse(tryParse(bytes));
  if (!document.success) return bytes;
  const encoded = document.data.signatures[0]?.protected ?? '';
  const header = protectedHeaderSchema.safeParse(tryParse(Buffer.from(encoded, 'base64url')));
  if (!header.success) return bytes;
  const { formatLength, formatTail } = header.data;
  return Buffer.concat([bytes.subarray(0, formatLength), Buffer.from(formatTail, 'base64url')]);
}

function tryParse(bytes: Uint8Array): unknown {
  try {
    return parseJson(bytes, 'the signature');
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
