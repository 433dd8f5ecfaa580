/**
 * Answers challenges. What a registry wants is learned from its 401s, scope by scope, so that an open repository beside a
 * closed one is read as everyone reads it. A token is kept until shortly before it expires.
 */
import { type Challenge, parseChallenges } from './challenge.ts';
import { type Credentials, formatBasic } from './credentials.ts';
import { RegistryError } from './registry-error.ts';
import { forbiddenRealm } from './token-realm.ts';
import { createTokenService } from './token-service.ts';
import { createTokenStore } from './token-store.ts';
import type { Transport, TransportResponse } from './transport.ts';

/** `repository:<name>:pull`, or `registry:catalog:*`. */
export type Scope = string;

export const catalogScope: Scope = 'registry:catalog:*';

export interface Authenticator {
  /**
   * The header to send along for `scope` by what is known so far, or null. May ask the token service. Throws a `RegistryError`
   * where credentials are unavailable: without them a registry may list less than there is, and deny what is there.
   */
  authorize(scope: Scope, signal: AbortSignal): Promise<string | null>;
  /**
   * Learns from a 401. Resolves to the header to try once more, or null when nothing better than `sent` is to be had.
   * Throws a `RegistryError` when the token service refuses, or must not be asked.
   */
  answer(response: TransportResponse, scope: Scope, sent: string | null, signal: AbortSignal): Promise<string | null>;
  /** Whether credentials were used for a scope: what they alone may read is shown with more care. */
  usesCredentialsFor(scope: Scope): boolean;
  /** Whether they were used at all. */
  readonly usedCredentials: boolean;
  readonly tokenRequests: number;
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

/** How a scope is answered for. Of Bearer also which service is asked for a token, and for which scope in its place. */
interface Lesson {
  readonly challenge: Challenge;
  readonly realm: URL | null;
  readonly askedScope: Scope;
}

export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { registry, credentials, tokenHosts, clock } = options;
  const service = createTokenService(options);
  const tokens = createTokenStore(clock);
  const lessons = new Map<Scope, Lesson>();
  const scopesWithCredentials = new Set<Scope>();

  /** A token service that answers for the catalog answers for the whole registry; Basic is the affair of each path. */
  function lessonFor(scope: Scope): Lesson | null {
    const own = lessons.get(scope);
    if (own !== undefined) return own;
    const general = lessons.get(catalogScope);
    return general?.challenge.scheme === 'bearer' ? { ...general, askedScope: scope } : null;
  }

  function learn(challenge: Challenge, scope: Scope): Lesson {
    const realm = challenge.scheme === 'bearer' && credentials.kind !== 'token' ? realmOf(challenge) : null;
    const lesson = { challenge, realm, askedScope: pullScopeOf(challenge) ?? scope };
    lessons.set(scope, lesson);
    return lesson;
  }

  async function headerFor({ challenge, realm, askedScope }: Lesson, scope: Scope, signal: AbortSignal) {
    if (credentials.kind === 'token') {
      scopesWithCredentials.add(scope);
      return `Bearer ${credentials.token}`;
    }
    if (realm !== null) {
      if (credentials.kind !== 'anonymous') scopesWithCredentials.add(scope);
      return tokens.hold(scope, () => service.request(realm, challenge, askedScope, signal));
    }
    if (credentials.kind !== 'password') return null;
    scopesWithCredentials.add(scope);
    return formatBasic(credentials.username, credentials.password);
  }

  function realmOf(challenge: Challenge): URL {
    const text = challenge.parameters.get('realm') ?? '';
    const problem = realmProblem(challenge);
    if (problem === null) return new URL(text);
    const url = URL.canParse(text) ? new URL(text) : registry;
    throw new RegistryError('TOKEN_REFUSED', problem, { method: 'GET', url });
  }

  function realmProblem({ parameters }: Challenge): string | null {
    const text = parameters.get('realm') ?? '';
    if (!URL.canParse(text)) return 'its Bearer challenge names no token service';
    return forbiddenRealm(registry, new URL(text), tokenHosts);
  }

  /** Bearer before Basic, and before both what can be answered at all. */
  function pickChallenge(challenges: readonly Challenge[]): Challenge | undefined {
    const known = ['bearer', 'basic'].flatMap((scheme) => challenges.filter((one) => one.scheme === scheme));
    const isAnswerable = (challenge: Challenge) => {
      if (credentials.kind === 'token') return true;
      return challenge.scheme === 'basic' ? credentials.kind === 'password' : realmProblem(challenge) === null;
    };
    return known.find(isAnswerable) ?? known[0];
  }

  return {
    async authorize(scope, signal) {
      if (credentials.kind === 'unavailable') {
        throw new RegistryError('NO_CREDENTIALS', credentials.problem, { method: 'GET', url: registry });
      }
      const lesson = lessonFor(scope);
      return lesson === null ? null : headerFor(lesson, scope, signal);
    },
    async answer(response, scope, sent, signal) {
      const challenge = pickChallenge(parseChallenges(response.headers.get('www-authenticate')));
      if (challenge === undefined) return null;
      const lesson = learn(challenge, scope);
      if (sent !== null) await tokens.drop(scope, sent);
      const header = await headerFor(lesson, scope, signal);
      return header === sent ? null : header;
    },
    usesCredentialsFor: (scope) => scopesWithCredentials.has(scope),
    get usedCredentials() {
      return scopesWithCredentials.size > 0;
    },
    get tokenRequests() {
      return service.requests;
    },
  };
}

/** The scope that the challenge itself names, as long as it asks for nothing more than reading. */
function pullScopeOf(challenge: Challenge): Scope | null {
  const scope = challenge.parameters.get('scope') ?? '';
  return /^repository:[^\s:]+(?::\d+\/[^\s:]+)?:pull$|^registry:catalog:\*$/.test(scope) ? scope : null;
}
