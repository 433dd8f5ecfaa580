/** Writes an answer to a socket, as far as the script lets it. */
import type { ServerResponse } from 'node:http';
import { type Answer, bodyChunks, bodySizeBytes } from './answer.ts';
import type { BreakPoint } from './script.ts';

/** `end` says where the exchange ends before its time, and how; without it the answer is sent whole. */
export interface EarlyEnd {
  readonly at: BreakPoint;
  readonly how: 'cut' | 'stall';
}

/** Sends `answer`. Resolves when it is sent, cut off, or left hanging; a client that goes away is no error. */
export async function sendAnswer(response: ServerResponse, answer: Answer, end: EarlyEnd | null): Promise<void> {
  if (end?.at === 'before-headers') return endEarly(response, end);
  writeHead(response, answer);
  if (end?.at === 'after-headers') {
    response.flushHeaders();
    return endEarly(response, end);
  }
  const lastByte = typeof end?.at === 'object' ? end.at.afterBytes : Number.POSITIVE_INFINITY;
  if (bodyIsSent(response, answer)) await writeChunks(response, bodyChunks(answer.body), lastByte);
  if (end) endEarly(response, end);
  else response.end();
}

function writeHead(response: ServerResponse, answer: Answer): void {
  const names = Object.keys(answer.headers).map((name) => name.toLowerCase());
  const isFramed = names.includes('content-length') || names.includes('transfer-encoding') || !mayHaveLength(answer);
  const length = isFramed ? {} : { 'Content-Length': bodySizeBytes(answer.body) };
  const own = Object.entries(answer.headers).map(([name, value]) => [name, Array.isArray(value) ? [...value] : value]);
  response.writeHead(answer.status, { ...Object.fromEntries(own), ...length });
}

function mayHaveLength({ status }: Answer): boolean {
  return status >= 200 && status !== 204 && status !== 304;
}

function bodyIsSent(response: ServerResponse, answer: Answer): boolean {
  return response.req.method !== 'HEAD' && mayHaveLength(answer);
}

async function writeChunks(response: ServerResponse, chunks: Iterable<Uint8Array>, lastByte: number): Promise<void> {
  let sent = 0;
  for (const chunk of chunks) {
    if (response.destroyed || sent >= lastByte) return;
    const part = chunk.subarray(0, lastByte - sent);
    sent += part.byteLength;
    if (!response.write(part)) await drainOrClose(response);
  }
}

function drainOrClose(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      response.off('drain', settle).off('close', settle);
      resolve();
    };
    response.on('drain', settle).on('close', settle);
  });
}

/** A cut first lets go of what was written: the test means "after k bytes", not "after at most k". */
function endEarly(response: ServerResponse, { how }: EarlyEnd): void {
  if (how === 'stall') return;
  if (response.headersSent) response.socket?.destroySoon();
  else response.socket?.destroy();
}
