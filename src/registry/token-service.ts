/**
 * Asking a token service: for a user by Basic, for the holder of an identity token by OAuth 2.
 *
 * @see https://distribution.github.io/distribution/spec/auth/token/
 * @see https://distribution.github.io/distribution/spec/auth/oauth/
 */
import { DecodeError } from '../oci/decode-error.ts';
import { decodeWith, parseJson } from '../oci/json.ts';
import type { Challenge } from './challenge.ts';
import { type Credentials, formatBasic } from './credentials.ts';
import { RegistryError } from './registry-error.ts';
import { parseRetryAfter } from './retry-after.ts';
import type { HeldToken } from './token-store.ts';
import type { Transport, TransportResponse } from './transport.ts';
import { tokenSchema } from './wire.schema.ts';

export interface TokenService {
  /** A token for `scope` from `realm`, whose host has been found fit to be asked. Throws a `RegistryError`. */
  request(realm: URL, challenge: Challenge, scope: string, signal: AbortSignal): Promise<HeldToken>;
  readonly requests: number;
}

export interface TokenServiceOptions {
  readonly credentials: Credentials;
  readonly transport: Transport;
  readonly timeoutMs: number;
  readonly clock: () => number;
}

/** The lifetime of a token that does not say, by the specification. */
const defaultLifetimeSeconds = 60;
const largestAnswer = 1_048_576;

export function createTokenService({ credentials, transport, timeoutMs, clock }: TokenServiceOptions): TokenService {
  let requests = 0;
  const bounds = { maxBytes: largestAnswer, timeoutMs };

  function get(realm: URL, parameters: URLSearchParams, signal: AbortSignal): Promise<TransportResponse> {
    const url = new URL(realm);
    for (const [key, value] of parameters) url.searchParams.set(key, value);
    const headers: Record<string, string> =
      credentials.kind === 'password' ? { authorization: formatBasic(credentials.username, credentials.password) } : {};
    return transport.send({ method: 'GET', url, headers, ...bounds }, signal);
  }

  function post(realm: URL, parameters: URLSearchParams, refreshToken: string, signal: AbortSignal) {
    const form = new URLSearchParams(parameters);
    form.set('grant_type', 'refresh_token');
    form.set('refresh_token', refreshToken);
    form.set('client_id', 'registry-homepage');
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return transport.send({ method: 'POST', url: realm, headers, body: form.toString(), ...bounds }, signal);
  }

  return {
    async request(realm, challenge, scope, signal) {
      const parameters = new URLSearchParams();
      const service = challenge.parameters.get('service');
      if (service !== undefined) parameters.set('service', service);
      parameters.set('scope', scope);
      const askedAtMs = clock();
      requests++;
      const response =
        credentials.kind === 'identity'
          ? await post(realm, parameters, credentials.refreshToken, signal)
          : await get(realm, parameters, signal);
      if (response.status !== 200) throw refused(realm, response, askedAtMs);
      const { token, lifetimeSeconds } = readToken(realm, response);
      return { header: `Bearer ${token}`, askedAtMs, lifetimeMs: lifetimeSeconds * 1000 };
    },
    get requests() {
      return requests;
    },
  };
}

function readToken(realm: URL, { bytes }: TransportResponse): { token: string; lifetimeSeconds: number } {
  const invalid = (problem: string) => new RegistryError('INVALID_DOCUMENT', problem, { method: 'GET', url: realm });
  try {
    const answer = decodeWith(tokenSchema, parseJson(bytes, 'the token'), 'the token');
    const token = answer.token || answer.access_token;
    if (!token) throw invalid('the token service gave no token');
    if (!/^[\x21-\x7e]+$/.test(token)) throw invalid('the token service gave a token that no header can hold');
    return { token, lifetimeSeconds: answer.expires_in ?? defaultLifetimeSeconds };
  } catch (error) {
    // Its cause quotes the text that it could not read, which may hold a token.
    throw error instanceof DecodeError ? invalid(error.message) : error;
  }
}

/** Only a plain refusal counts as one: whatever else goes wrong says nothing about anyone's rights. */
function refused(realm: URL, { status, headers }: TransportResponse, nowMs: number): RegistryError {
  const codes = { 401: 'UNAUTHORIZED', 403: 'FORBIDDEN', 429: 'RATE_LIMITED' } as const;
  const code = codes[status as keyof typeof codes] ?? 'SERVER_FAILED';
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'), nowMs);
  const details = { method: 'GET', url: realm, status, retryAfterMs };
  return new RegistryError(code, `the token service gave no token (${status})`, details);
}
