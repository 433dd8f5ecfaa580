/** Tokens in use, one a scope: asked for once however many requests need it, and renewed before it runs out. */

export interface HeldToken {
  readonly header: string;
  readonly askedAtMs: number;
  readonly lifetimeMs: number;
}

export interface TokenStore {
  /** The header of the scope's token; `request` gets one where there is none, or none that lasts. */
  hold(scope: string, request: () => Promise<HeldToken>): Promise<string>;
  /** Forgets the scope's token if it is the one that was just refused: another request may have renewed it by now. */
  drop(scope: string, refusedHeader: string): Promise<void>;
}

/** A token is renewed when so much of its lifetime is left at most. */
const renewalMarginMs = 10_000;
/** Shorter lifetimes than the margin allows would renew without end. */
const shortestLifetimeMs = 2 * renewalMarginMs;
/** A crawl works at a few repositories at a time and seldom comes back to one. */
const mostTokens = 512;

export function createTokenStore(clock: () => number): TokenStore {
  const tokens = new Map<string, Promise<HeldToken>>();

  function begin(scope: string, request: () => Promise<HeldToken>): Promise<HeldToken> {
    const requested = request();
    tokens.delete(scope);
    tokens.set(scope, requested);
    requested.catch(() => forget(scope, requested));
    const [oldest] = tokens.keys();
    if (tokens.size > mostTokens && oldest !== undefined) tokens.delete(oldest);
    return requested;
  }

  function forget(scope: string, token: Promise<HeldToken>): void {
    if (tokens.get(scope) === token) tokens.delete(scope);
  }

  const lasts = ({ askedAtMs, lifetimeMs }: HeldToken) =>
    askedAtMs + Math.max(lifetimeMs, shortestLifetimeMs) - renewalMarginMs > clock();

  return {
    async hold(scope, request) {
      const known = tokens.get(scope);
      if (known === undefined) return (await begin(scope, request)).header;
      const held = await known;
      if (lasts(held)) return held.header;
      const newer = tokens.get(scope);
      return (await (newer === undefined || newer === known ? begin(scope, request) : newer)).header;
    },
    async drop(scope, refusedHeader) {
      const known = tokens.get(scope);
      if (known === undefined) return;
      const held = await known.catch(() => null);
      if (held?.header === refusedHeader) forget(scope, known);
    },
  };
}
