/** A whole response as a value: endpoints return it, scripts replace or alter it, and one place writes it to a socket. */

/** Content that is made while it is read, for what is too large to hold. */
export interface Streamed {
  readonly sizeBytes: number;
  /** The content from its first byte on; every call starts anew. */
  chunks(): Iterable<Uint8Array>;
}

/** Header names are written as they stand here; `Content-Length` is added where it is missing. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array | Streamed;
}

export function createAnswer(
  status: number,
  headers: Answer['headers'] = {},
  body: Answer['body'] | string = '',
): Answer {
  return { status, headers, body: typeof body === 'string' ? Buffer.from(body) : body };
}

/** JSON as registries send it: one line, ended by a line feed. */
export function createJsonAnswer(status: number, value: unknown, headers: Answer['headers'] = {}): Answer {
  return createAnswer(
    status,
    { 'Content-Type': 'application/json; charset=utf-8', ...headers },
    `${JSON.stringify(value)}\n`,
  );
}

/** The length of a body in bytes. */
export function bodySizeBytes(body: Answer['body']): number {
  return body instanceof Uint8Array ? body.byteLength : body.sizeBytes;
}

/** The body's content, chunk by chunk. */
export function bodyChunks(body: Answer['body']): Iterable<Uint8Array> {
  return body instanceof Uint8Array ? [body] : body.chunks();
}
