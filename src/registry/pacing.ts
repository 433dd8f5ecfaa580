/** Holds a source's requests to so many a second: every one of them, tokens and second attempts included. */
import { pause } from './gate.ts';
import type { Transport } from './transport.ts';

/** The same transport, which begins no request sooner than its turn. No limit where `requestsPerSecond` is absent. */
export function paceTransport(transport: Transport, requestsPerSecond: number | undefined): Transport {
  if (requestsPerSecond === undefined) return transport;
  const spacingMs = 1000 / requestsPerSecond;
  let nextStartMs = 0;
  return {
    async send(request, signal) {
      const now = performance.now();
      const startMs = Math.max(now, nextStartMs);
      nextStartMs = startMs + spacingMs;
      if (startMs > now) await pause(startMs - now, signal);
      return transport.send(request, signal);
    },
    get receivedBytes() {
      return transport.receivedBytes;
    },
    close: () => transport.close(),
  };
}
