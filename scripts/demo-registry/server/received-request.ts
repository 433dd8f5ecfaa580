/** A request as it arrived, with its body read to the end, and what became of it. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

export interface ReceivedRequest {
  readonly method: string;
  /** Path and query, exactly as sent. */
  readonly target: string;
  /** `target` without its query; still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

/** A request in the server's record. `status` is null until headers are sent, and stays null when they never are. */
export interface RecordedRequest extends ReceivedRequest {
  readonly status: number | null;
}

/** Reads the request to its end. Rejects when the client goes away before that. */
export async function receiveRequest(message: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of message) chunks.push(chunk as Uint8Array);
  const target = message.url ?? '/';
  const queryAt = target.indexOf('?');
  return {
    method: message.method ?? 'GET',
    target,
    path: queryAt === -1 ? target : target.slice(0, queryAt),
    query: new URLSearchParams(queryAt === -1 ? '' : target.slice(queryAt + 1)),
    headers: message.headers,
    body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks),
  };
}
