/**
 * Scripted exchanges: what a test says that the server shall do, and the proof that it was asked to.
 *
 * Entries are tried in the order in which they were added; the first that matches and has uses left is taken.
 */
import { type Answer, createAnswer } from './answer.ts';
import type { ReceivedRequest } from './received-request.ts';

/** Where an exchange is broken off or left hanging: `afterBytes` counts bytes of the body. */
export type BreakPoint = 'before-headers' | 'after-headers' | { readonly afterBytes: number };

/** What is sent. Without `status`, `headers`, `body` and `json` it is the answer that the server itself would give. */
export interface ScriptedResponse {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Answer['headers'];
  readonly body?: Answer['body'] | string;
  /** A body as JSON; sets `Content-Type: application/json` unless `headers` has another. */
  readonly json?: unknown;
  /** Changes the answer that would have been given: the server's own, or the one described here. */
  readonly alter?: (answer: Answer, request: ReceivedRequest) => Answer;
  /** Nothing is sent before this settles: a gate that the test opens. */
  readonly after?: Promise<unknown>;
  /** The connection is cut there. */
  readonly cut?: BreakPoint;
  /** Nothing more is sent from there on; the connection stays open until the client or the server closes it. */
  readonly stall?: BreakPoint;
}

export interface ScriptEntry {
  /** Any method when left out. */
  readonly method?: string;
  /** A string with a `?` is compared with path and query, one without it with the path; a RegExp is tested on both. */
  readonly path: string | RegExp | ((request: ReceivedRequest) => boolean);
  /** How many requests it answers; all of them must come. `'always'` answers any number, but at least one. Default 1. */
  readonly times?: number | 'always';
  readonly respond: ScriptedResponse;
}

export interface Script {
  add(...entries: readonly ScriptEntry[]): void;
  /** The response for this request, which counts as used by it; undefined when no entry matches. */
  take(request: ReceivedRequest): ScriptedResponse | undefined;
  /** Throws an error that names every entry which was not used as often as it said. */
  assertUsed(): void;
}

export function createScript(): Script {
  const lines: { readonly entry: ScriptEntry; uses: number }[] = [];

  return {
    add: (...entries) => {
      for (const entry of entries) lines.push({ entry, uses: 0 });
    },
    take: (request) => {
      const line = lines.find(({ entry, uses }) => uses < mostUses(entry) && matchesRequest(entry, request));
      if (line) line.uses += 1;
      return line?.entry.respond;
    },
    assertUsed: () => {
      const unused = lines.filter(({ entry, uses }) => uses < fewestUses(entry));
      if (unused.length === 0) return;
      const list = unused.map(({ entry, uses }) => `${formatEntry(entry)}: used ${uses} of ${fewestUses(entry)} times`);
      throw new Error(`unused script entries:\n  ${list.join('\n  ')}`);
    },
  };
}

/** The answer that `response` describes; `own` gives what the server itself would say. */
export function resolveAnswer(response: ScriptedResponse, request: ReceivedRequest, own: () => Answer): Answer {
  const isDescribed = 'status' in response || 'headers' in response || 'body' in response || 'json' in response;
  const answer = isDescribed ? describedAnswer(response) : own();
  return response.alter ? response.alter(answer, request) : answer;
}

function describedAnswer({ status = 200, headers = {}, body, json }: ScriptedResponse): Answer {
  if (json === undefined) return createAnswer(status, headers, body);
  const hasType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return createAnswer(
    status,
    hasType ? headers : { 'Content-Type': 'application/json', ...headers },
    JSON.stringify(json),
  );
}

function matchesRequest({ method, path }: ScriptEntry, request: ReceivedRequest): boolean {
  if (method !== undefined && method !== request.method) return false;
  if (typeof path === 'function') return path(request);
  if (path instanceof RegExp) return request.target.search(path) !== -1;
  return path === (path.includes('?') ? request.target : request.path);
}

function mostUses({ times = 1 }: ScriptEntry): number {
  return times === 'always' ? Number.POSITIVE_INFINITY : times;
}

function fewestUses({ times = 1 }: ScriptEntry): number {
  return times === 'always' ? 1 : times;
}

function formatEntry({ method, path }: ScriptEntry): string {
  return `${method ?? 'any method'} ${typeof path === 'function' ? path.toString() : path}`;
}
