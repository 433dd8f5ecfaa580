/** A request to a registry, or to a host that the registry sent us to, that did not give what was asked for. */
import { DecodeError } from '../oci/decode-error.ts';

export type RegistryErrorCode =
  | 'UNREACHABLE'
  | 'TLS_FAILED'
  | 'TIMED_OUT'
  | 'CONNECTION_LOST'
  | 'BODY_TOO_LARGE'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'RATE_LIMITED'
  | 'SERVER_FAILED'
  | 'UNEXPECTED_STATUS'
  | 'NOT_A_REGISTRY'
  | 'INVALID_DOCUMENT'
  | 'DIGEST_MISMATCH'
  | 'REDIRECT_REFUSED'
  | 'TOKEN_REFUSED'
  | 'NO_CREDENTIALS'
  | 'CIRCUIT_OPEN'
  | 'CANCELLED';

export interface RegistryErrorDetails {
  readonly method: string;
  readonly url: URL;
  readonly status?: number | undefined;
  /** What the server asked us to wait, or null where it did not say. */
  readonly retryAfterMs?: number | null | undefined;
  /** The specification's error code from the body, such as `NAME_UNKNOWN`. */
  readonly registryCode?: string | null | undefined;
  readonly cause?: unknown;
}

/** `code` is permanent; `message` says what happened and where; `hint` says what the operator can do about it. */
export class RegistryError extends Error {
  readonly code: RegistryErrorCode;
  readonly hint: string;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly registryCode: string | null;

  constructor(code: RegistryErrorCode, problem: string, details: RegistryErrorDetails) {
    super(`${details.method} ${redactUrl(details.url)}: ${problem}`, { cause: details.cause });
    this.name = 'RegistryError';
    this.code = code;
    this.hint = hints[code];
    this.status = details.status ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.registryCode = details.registryCode ?? null;
  }
}

const hints: Readonly<Record<RegistryErrorCode, string>> = {
  UNREACHABLE: 'Is the registry running, and are host and port right? `registry-homepage check` tries every source.',
  TLS_FAILED:
    'Use http:// if the registry has no TLS; name a private authority with NODE_EXTRA_CA_CERTS=/path/to/ca.pem.',
  TIMED_OUT: 'The registry is slow: raise timeoutSeconds (listingTimeoutSeconds for _catalog), or lower concurrency.',
  CONNECTION_LOST: 'The registry or a proxy before it closed the connection; look at their logs.',
  BODY_TOO_LARGE: 'The answer is larger than anything of its kind should be; it was not read further.',
  UNAUTHORIZED: 'Give the source credentials: DOCKER_CONFIG, REGISTRY_AUTH_FILE, or `credentials` in the settings.',
  FORBIDDEN: 'The credentials are valid but may not read this; exclude the name, or widen their rights.',
  NOT_FOUND: 'The registry does not have it.',
  RATE_LIMITED: 'The registry asks for fewer requests: lower concurrency or set requestsPerSecond.',
  SERVER_FAILED: 'The registry failed; look at its logs. The next run tries again.',
  UNEXPECTED_STATUS: 'Is this the address of a registry? It should answer at /v2/.',
  NOT_A_REGISTRY: 'The host answers, but not as a registry: check the port and the path before /v2/.',
  INVALID_DOCUMENT: 'The registry, or a proxy before it, sends something else than the specification asks for.',
  DIGEST_MISMATCH: 'The bytes are not those that the digest names: the storage, or a cache before it, is corrupt.',
  REDIRECT_REFUSED: 'Name the host in redirectHosts if the registry may send us there.',
  TOKEN_REFUSED: 'Name the token service in tokenHosts if it may be sent the credentials.',
  NO_CREDENTIALS: 'Nothing is asked without them. The next run asks the credential helper again.',
  CIRCUIT_OPEN: 'The source failed again and again and is left alone until the next run.',
  CANCELLED: 'The run was stopped or reached its deadline.',
};

/** Harmless query parameters. `last` may be a name that is hidden, and every other one a secret of a signed address. */
const shownParameters = new Set(['n', 'service', 'artifactType']);

/** An address fit for a log: no user, no password, and only the parameters known to be harmless. */
export function redactUrl(url: URL): string {
  const parameters = [...url.searchParams].map(([key, value]) => {
    return shownParameters.has(key) ? `${key}=${value.slice(0, 300)}` : '…';
  });
  const query = parameters.length === 0 ? '' : `?${parameters.join('&')}`;
  return `${url.protocol}//${url.host}${url.pathname.slice(0, 600)}${query}`;
}

/** Whether the credentials may not have what was asked for. */
export function isRefusal(error: unknown): boolean {
  return error instanceof RegistryError && (error.code === 'UNAUTHORIZED' || error.code === 'FORBIDDEN');
}

/** Whether the registry has given its last word: it answered, and will not give what was asked for, nor be failing to. */
export function isLastWord(error: unknown): error is RegistryError {
  if (!(error instanceof RegistryError) || error.status === null) return false;
  return !isTransient(error) && error.code !== 'BODY_TOO_LARGE';
}

/** Whether asking again may help: the server, the network or the bytes failed, not the question. */
export function isTransient(error: RegistryError): boolean {
  switch (error.code) {
    case 'UNREACHABLE':
    case 'TIMED_OUT':
    case 'CONNECTION_LOST':
    case 'RATE_LIMITED':
    case 'SERVER_FAILED':
    case 'NOT_A_REGISTRY':
    case 'DIGEST_MISMATCH':
      return true;
    case 'INVALID_DOCUMENT':
      return !(error.cause instanceof DecodeError && error.cause.isExcess);
    default:
      return false;
  }
}
