/** Undoes a compression that nobody asked for: some proxies compress whatever the request says. */
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib';
import { RegistryError } from './registry-error.ts';
import type { TransportRequest, TransportResponse } from './transport.ts';

type Decompress = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Uint8Array>;

const decompressors: ReadonlyMap<string, Decompress> = new Map([
  ['gzip', promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(gunzip)],
  ['deflate', promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(inflate)],
  ['br', promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(brotliDecompress)],
  ['zstd', promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(zstdDecompress)],
]);

/**
 * What the body was compressed with on its way, such as `gzip`; null where nothing says that it was.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#name-content-encoding
 */
export function contentEncodingOf({ headers }: Pick<TransportResponse, 'headers'>): string | null {
  const encoding = (headers.get('content-encoding') ?? '').trim().toLowerCase().replace(/^x-/, '');
  return encoding === '' || encoding === 'identity' ? null : encoding;
}

/**
 * The answer with the body as it was before, held against the same bound. A refusal whose body cannot be read stays as it is,
 * for its status says enough.
 */
export async function decodeBody(response: TransportResponse, request: TransportRequest): Promise<TransportResponse> {
  const { bytes, status } = response;
  const encoding = contentEncodingOf(response);
  if (encoding === null || bytes.length === 0 || (encoding === 'gzip' && !isGzip(bytes))) return response;
  const fail = (code: 'BODY_TOO_LARGE' | 'INVALID_DOCUMENT', problem: string) => {
    if (status >= 300) return response;
    throw new RegistryError(code, problem, { method: request.method, url: request.url, status });
  };
  const decompress = decompressors.get(encoding);
  if (decompress === undefined)
    return fail('INVALID_DOCUMENT', 'the answer is encoded in a way that was not asked for');
  try {
    return { ...response, bytes: await decompress(bytes, { maxOutputLength: Math.max(1, request.maxBytes) }) };
  } catch (error) {
    return (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE'
      ? fail('BODY_TOO_LARGE', `the answer has more than ${request.maxBytes} bytes`)
      : fail('INVALID_DOCUMENT', `the answer says that it is compressed (${encoding}), and cannot be decompressed`);
  }
}

/** Some stores say so of what is not, having been told once that a layer is compressed. */
function isGzip([first, second]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b;
}
