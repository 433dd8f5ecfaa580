/**
 * Resolves once the requests that a free place allows at once have been written to their sockets: those that need a token, a turn or
 * a new connection first are not waited for. To make something of an
 * answer takes about as long as a registry needs for the next one: done first, it leaves registry and connections idle meanwhile.
 */
export function othersSent(): Promise<void> {
  // undici writes to a connection that became free in an immediate, which may come after the first of these two.
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
