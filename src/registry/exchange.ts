/** One request and its answer, straight from the dispatcher: the body is held against its bound while it arrives. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { RegistryError } from './registry-error.ts';
import type { Stopper } from './stopper.ts';
import type { ResponseHeaders, TransportRequest, TransportResponse } from './transport.ts';

/** What is read of the body of any other answer than a success: enough for an error's code. What follows is not waited for. */
const largestFailure = 64 * 1024;

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
    let received: ResponseHeaders = readHeaders({});
    let length = 0;
    const chunks: Uint8Array[] = [];
    const answer = () => {
      const [only] = chunks;
      const bytes = chunks.length === 1 && only ? only : Buffer.concat(chunks);
      resolve({ status, headers: received, bytes, url });
    };
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
          stopper.noteLife();
          if (statusCode < 200) return;
          status = statusCode;
          received = readHeaders(answered);
          const declared = request.method === 'HEAD' ? 0 : Number(received.get('content-length') ?? 0);
          if (declared > request.maxBytes && isSuccess(status)) end(tooLarge(request, url, status));
        },
        onResponseData(running, chunk) {
          stopper.noteLife();
          length += chunk.length;
          if (request.receive !== undefined && status === 200 && length <= request.maxBytes) {
            try {
              request.receive(chunk);
            } catch (error) {
              end(error);
            }
          } else if (length <= (isSuccess(status) ? request.maxBytes : largestFailure)) {
            chunks.push(chunk);
          } else if (isSuccess(status)) {
            end(tooLarge(request, url, status));
          } else {
            answer();
            running.abort(new Error('its status has said enough'));
          }
        },
        onResponseEnd: answer,
        onResponseError(_, error) {
          reject(error);
        },
      },
    );
  });
}

function isSuccess(status: number): boolean {
  return status < 300;
}

function tooLarge({ method, maxBytes }: TransportRequest, url: URL, status: number): RegistryError {
  return new RegistryError('BODY_TOO_LARGE', `the answer has more than ${maxBytes} bytes`, { method, url, status });
}

/** Of all the headers of an answer hardly any is asked for. */
function readHeaders(answered: IncomingHttpHeaders): ResponseHeaders {
  return {
    get(name) {
      const value = answered[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
  };
}
