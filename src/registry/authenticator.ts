/**
 * Answers challenges. What a registry wants is learned from its 401s, request by request, and remembered for the run: the
 * scheme for the whole source, a token for each scope until shortly before it expires.
 */
import { decodeWith, parseJson } from '../oci/json.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { type Credentials, formatBasic } from './credentials.ts';
import { RegistryError } from './registry-error.ts';
import { forbiddenRealm } from './token-realm.ts';
import type { Transport, TransportResponse } from './transport.ts';
import { tokenSchema } from './wire.schema.ts';

/** `repository:<name>:pull`, or `registry:catalog:*`. */
export type Scope = string;

export interface Authenticator {
  /** The header to send along for `scope` by what is known so far, or null. May ask the token service. */
  authorize(scope: Scope, signal: AbortSignal): Promise<string | null>;
  /**
   * Learns from a 401. Resolves to the header to try once more, or null when nothing better than `sent` is to be had.
   * Throws a `RegistryError` when the token service refuses, or must not be asked.
   */
  answer(response: TransportResponse, scope: Scope, sent: string | null, signal: AbortSignal): Promise<string | null>;
  /** Whether any request was made with credentials: what they alone may read is shown with more care. */
  readonly usedCredentials: boolean;
}

export interface AuthenticatorOptions {
  readonly registry: URL;
  readonly credentials: Credentials;
  readonly transport: Transport;
  readonly tokenHosts?: readonly string[] | undefined;
  readonly timeoutMs: number;
  /** Milliseconds since the epoch; tokens expire by it. */
  readonly clock: () => number;
}

interface HeldToken {
  readonly header: string;
  readonly expiresAtMs: number;
}

/** The lifetime of a token that does not say, by the specification. */
const defaultLifetimeSeconds = 60;
/** A token is renewed when so much of its lifetime is left at most. */
const renewalMarginMs = 10_000;
const largestTokenAnswer = 1_048_576;

export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { registry, credentials, transport, tokenHosts, timeoutMs, clock } = options;
  const tokens = new Map<Scope, Promise<HeldToken>>();
  let learned: Challenge | null = null;
  let usedCredentials = false;

  function basicHeader(): string | null {
    return credentials.kind === 'password' ? formatBasic(credentials.username, credentials.password) : null;
  }

  async function bearerHeader(challenge: Challenge, scope: Scope, asked: Scope, signal: AbortSignal): Promise<string> {
    const held = await tokens.get(scope)?.catch(() => null);
    if (held && held.expiresAtMs - renewalMarginMs > clock()) return held.header;
    const request = requestToken(challenge, asked, signal);
    tokens.set(scope, request);
    request.catch(() => tokens.delete(scope));
    return (await request).header;
  }

  async function requestToken(challenge: Challenge, scope: Scope, signal: AbortSignal): Promise<HeldToken> {
    const realm = realmOf(challenge);
    const parameters = new URLSearchParams();
    const service = challenge.parameters.get('service');
    if (service !== undefined) parameters.set('service', service);
    parameters.set('scope', scope);
    const askedAtMs = clock();
    const response =
      credentials.kind === 'identity'
        ? await post(realm, parameters, credentials.refreshToken, signal)
        : await get(realm, parameters, signal);
    if (response.status !== 200) throw refused(realm, response);
    const answer = decodeWith(tokenSchema, parseJson(response.bytes, 'the token'), 'the token');
    const token = answer.token ?? answer.access_token;
    if (!token) throw refused(realm, response);
    const lifetimeMs = (answer.expires_in ?? defaultLifetimeSeconds) * 1000;
    return { header: `Bearer ${token}`, expiresAtMs: askedAtMs + Math.max(lifetimeMs, 2 * renewalMarginMs) };
  }

  function realmOf(challenge: Challenge): URL {
    const text = challenge.parameters.get('realm') ?? '';
    const refuse = (problem: string) =>
      new RegistryError('TOKEN_REFUSED', problem, {
        method: 'GET',
        url: URL.canParse(text) ? new URL(text) : registry,
      });
    if (!URL.canParse(text)) throw refuse('its Bearer challenge names no token service');
    const realm = new URL(text);
    const problem = forbiddenRealm(registry, realm, tokenHosts);
    if (problem !== null) throw refuse(problem);
    return realm;
  }

  function get(realm: URL, parameters: URLSearchParams, signal: AbortSignal): Promise<TransportResponse> {
    const url = new URL(realm);
    for (const [key, value] of parameters) url.searchParams.set(key, value);
    const basic = basicHeader();
    if (basic !== null) usedCredentials = true;
    const headers: Record<string, string> = basic === null ? {} : { authorization: basic };
    return transport.send({ method: 'GET', url, headers, maxBytes: largestTokenAnswer, timeoutMs }, signal);
  }

  function post(realm: URL, parameters: URLSearchParams, refreshToken: string, signal: AbortSignal) {
    usedCredentials = true;
    const form = new URLSearchParams(parameters);
    form.set('grant_type', 'refresh_token');
    form.set('refresh_token', refreshToken);
    form.set('client_id', 'registry-homepage');
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = form.toString();
    return transport.send(
      { method: 'POST', url: realm, headers, body, maxBytes: largestTokenAnswer, timeoutMs },
      signal,
    );
  }

  async function headerFor(challenge: Challenge, scope: Scope, asked: Scope, signal: AbortSignal) {
    if (credentials.kind === 'token') {
      usedCredentials = true;
      return `Bearer ${credentials.token}`;
    }
    if (challenge.scheme === 'bearer') return bearerHeader(challenge, scope, asked, signal);
    const basic = basicHeader();
    if (basic !== null) usedCredentials = true;
    return basic;
  }

  return {
    async authorize(scope, signal) {
      return learned === null ? null : headerFor(learned, scope, scope, signal);
    },
    async answer(response, scope, sent, signal) {
      const challenges = parseChallenges(response.headers.get('www-authenticate'));
      const challenge =
        challenges.find(({ scheme }) => scheme === 'bearer') ?? challenges.find(({ scheme }) => scheme === 'basic');
      if (challenge === undefined) return null;
      learned = challenge;
      if (sent?.startsWith('Bearer ')) tokens.delete(scope);
      const header = await headerFor(challenge, scope, pullScopeOf(challenge) ?? scope, signal);
      return header === sent ? null : header;
    },
    get usedCredentials() {
      return usedCredentials;
    },
  };
}

/** The scope that the challenge itself names, as long as it asks for nothing more than reading. */
function pullScopeOf(challenge: Challenge): Scope | null {
  const scope = challenge.parameters.get('scope') ?? '';
  return /^repository:[^\s:]+(?::\d+\/[^\s:]+)?:pull$|^registry:catalog:\*$/.test(scope) ? scope : null;
}

function refused(realm: URL, response: TransportResponse): RegistryError {
  const transient = response.status >= 500 || response.status === 429;
  const code = transient ? 'SERVER_FAILED' : response.status === 401 ? 'UNAUTHORIZED' : 'FORBIDDEN';
  return new RegistryError(code, `the token service gave no token (${response.status})`, {
    method: 'GET',
    url: realm,
    status: response.status,
  });
}
