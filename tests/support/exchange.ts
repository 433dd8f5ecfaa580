/** One HTTP request and its whole answer, with nothing done to either: no redirect followed, no body decoded. */
import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface Exchange {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** The body parsed as JSON; throws when it is none. */
  readonly json: unknown;
}

export interface ExchangeOptions {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  /** Chunks are sent as they come; then `headers` should say their length, or they are sent chunked. */
  readonly body?: string | Uint8Array | Iterable<Uint8Array>;
}

const agent = new Agent({ keepAlive: true });

/** Rejects when the connection fails or ends before the answer does. */
export async function exchange(url: string, options: ExchangeOptions = {}): Promise<Exchange> {
  const { method = 'GET', headers = {}, body } = options;
  const isWhole = typeof body === 'string' || body instanceof Uint8Array;
  const outgoing = request(url, {
    agent,
    method,
    headers: isWhole ? { 'Content-Length': Buffer.byteLength(body), ...headers } : headers,
  });
  const answered = new Promise<Exchange>((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      const chunks: Uint8Array[] = [];
      response.on('error', reject);
      response.on('data', (chunk: Uint8Array) => chunks.push(chunk));
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: bytes,
          text: bytes.toString(),
          get json(): unknown {
            return JSON.parse(bytes.toString());
          },
        });
      });
    });
  });
  if (body === undefined || isWhole) outgoing.end(body);
  else pipeline(Readable.from(body), outgoing).catch(() => {});
  return answered;
}
