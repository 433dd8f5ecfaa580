/**
 * An HTTP server on a loopback port whose every answer can be scripted: a registry, a token server, a CDN, a web page.
 *
 * A request that no script entry wants goes to `answer`; without one it gets a 501 and makes `assertScriptUsed` throw, so
 * that a test notices requests which it did not expect.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, createAnswer } from './answer.ts';
import { type ReceivedRequest, type RecordedRequest, receiveRequest } from './received-request.ts';
import { createScript, resolveAnswer, type ScriptEntry, type ScriptedResponse } from './script.ts';
import { type EarlyEnd, sendAnswer } from './send-answer.ts';

export interface ScriptedServerOptions {
  /** What unscripted requests get. `origin` is the address that the client asked: `http://127.0.0.1:4321`. */
  readonly answer?: (request: ReceivedRequest, origin: string) => Answer;
  /** Default true. A server for many thousands of requests had better not remember them. */
  readonly recordsRequests?: boolean;
}

export interface ScriptedServer {
  /** Starts on a loopback port, by default one that is free. Resolves to `http://127.0.0.1:<port>`. */
  listen(port?: number): Promise<string>;
  /** The address after `listen`; throws before it. */
  readonly url: string;
  script(...entries: readonly ScriptEntry[]): void;
  /** All requests so far, in the order in which they were complete. */
  readonly requests: readonly RecordedRequest[];
  /** Resolves to the first recorded request that `matches`, now or when it comes. */
  received(matches: (request: ReceivedRequest) => boolean): Promise<RecordedRequest>;
  /** Throws when a script entry was not used up, when a request came unexpectedly, or when answering one failed. */
  assertScriptUsed(): void;
  /** Cuts all connections and stops, then asserts as `assertScriptUsed` does. */
  close(): Promise<void>;
}

interface Waiter {
  readonly matches: (request: ReceivedRequest) => boolean;
  readonly resolve: (request: RecordedRequest) => void;
}

export function createScriptedServer(options: ScriptedServerOptions = {}): ScriptedServer {
  const script = createScript();
  const requests: RecordedRequest[] = [];
  const problems: string[] = [];
  const waiters = new Set<Waiter>();
  let url: string | null = null;

  const answerUnscripted = (request: ReceivedRequest): Answer => {
    if (options.answer) return options.answer(request, `http://${request.headers.host ?? 'localhost'}`);
    problems.push(`unexpected request: ${request.method} ${request.target}`);
    return createAnswer(501, { 'Content-Type': 'text/plain' }, 'No script entry for this request.\n');
  };

  const record = (received: ReceivedRequest, response: ServerResponse): void => {
    const request: RecordedRequest = {
      ...received,
      get status() {
        return response.headersSent ? response.statusCode : null;
      },
    };
    if (options.recordsRequests !== false) requests.push(request);
    for (const waiter of [...waiters]) {
      if (!waiter.matches(request)) continue;
      waiters.delete(waiter);
      waiter.resolve(request);
    }
  };

  const exchange = async (request: ReceivedRequest, response: ServerResponse): Promise<void> => {
    const scripted = script.take(request);
    record(request, response);
    await scripted?.after;
    const own = () => answerUnscripted(request);
    await sendAnswer(response, scripted ? resolveAnswer(scripted, request, own) : own(), earlyEnd(scripted));
  };

  const server = createServer(async (message, response) => {
    // A client that goes away while it sends has no request to answer.
    const request = await receiveRequest(message).catch(() => null);
    if (request === null) return;
    try {
      await exchange(request, response);
    } catch (error) {
      problems.push(`${request.method} ${request.target}: ${error instanceof Error ? error.stack : String(error)}`);
      response.destroy();
    }
  });
  // Clients keep connections for longer than Node's five seconds; closing one under a request looks like a fault.
  server.keepAliveTimeout = 75_000;

  const assertScriptUsed = (): void => {
    if (problems.length > 0) throw new Error(problems.join('\n'));
    script.assertUsed();
  };

  return {
    listen: async (port = 0) => {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      return url;
    },
    get url() {
      if (url === null) throw new Error('the server does not listen yet');
      return url;
    },
    script: script.add,
    requests,
    received: (matches) => {
      const already = requests.find(matches);
      if (already) return Promise.resolve(already);
      return new Promise((resolve) => waiters.add({ matches, resolve }));
    },
    assertScriptUsed,
    close: async () => {
      if (server.listening) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
      assertScriptUsed();
    },
  };
}

function earlyEnd(response: ScriptedResponse | undefined): EarlyEnd | null {
  if (response?.cut) return { at: response.cut, how: 'cut' };
  if (response?.stall) return { at: response.stall, how: 'stall' };
  return null;
}
