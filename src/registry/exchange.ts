/** One request and its answer, straight from the dispatcher: the body is held against its bound while it arrives. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { RegistryError } from './registry-error.ts';
import type { Stopper } from './stopper.ts';
import type { TransportRequest, TransportResponse } from './transport.ts';

/** Sends `request` to `url` over `dispatcher`. Rejects with what the network reports, or with the stopper's reason. */
export function exchange(
  dispatcher: Dispatcher,
  request: TransportRequest,
  url: URL,
  headers: Readonly<Record<string, string>>,
  stopper: Stopper,
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | null = null;
    const end = (reason: unknown) => {
      reject(reason);
      controller?.abort(reason as Error);
    };
    stopper.onStop(end);

    let status = 0;
    let received: ReadonlyMap<string, string> = new Map();
    let length = 0;
    const chunks: Uint8Array[] = [];
    dispatcher.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers,
        body: request.body ?? null,
        reset: false,
      },
      {
        onRequestStart(started) {
          controller = started;
          if (stopper.reason !== null) started.abort(stopper.reason as Error);
        },
        onResponseStart(_, statusCode, answered) {
          if (statusCode < 200) return;
          status = statusCode;
          received = toHeaderMap(answered);
          const declared = request.method === 'HEAD' ? 0 : Number(received.get('content-length') ?? 0);
          if (declared > request.maxBytes) end(tooLarge(request, url, status));
        },
        onResponseData(_, chunk) {
          length += chunk.length;
          if (length > request.maxBytes) end(tooLarge(request, url, status));
          else chunks.push(chunk);
        },
        onResponseEnd() {
          const [only] = chunks;
          const bytes = chunks.length === 1 && only ? only : Buffer.concat(chunks, length);
          resolve({ status, headers: received, bytes, url });
        },
        onResponseError(_, error) {
          reject(error);
        },
      },
    );
  });
}

function tooLarge({ method, maxBytes }: TransportRequest, url: URL, status: number): RegistryError {
  return new RegistryError('BODY_TOO_LARGE', `the answer has more than ${maxBytes} bytes`, { method, url, status });
}

function toHeaderMap(headers: IncomingHttpHeaders): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}
