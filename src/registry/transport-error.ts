/** What undici and Node report, as errors of ours. */
import { errors } from 'undici';
import { RegistryError, type RegistryErrorCode } from './registry-error.ts';

const codes: Readonly<Record<string, readonly [RegistryErrorCode, string]>> = {
  ECONNREFUSED: ['UNREACHABLE', 'nothing listens there (connection refused)'],
  ENOTFOUND: ['UNREACHABLE', 'the host name is not known'],
  EAI_AGAIN: ['UNREACHABLE', 'the host name could not be looked up'],
  EHOSTUNREACH: ['UNREACHABLE', 'there is no route to the host'],
  ENETUNREACH: ['UNREACHABLE', 'there is no route to the network'],
  ETIMEDOUT: ['UNREACHABLE', 'the host does not answer'],
  UND_ERR_CONNECT_TIMEOUT: ['UNREACHABLE', 'the host does not answer'],
  ECONNRESET: ['CONNECTION_LOST', 'the connection was reset'],
  EPIPE: ['CONNECTION_LOST', 'the connection was closed'],
  UND_ERR_SOCKET: ['CONNECTION_LOST', 'the connection was closed before the answer was whole'],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['CONNECTION_LOST', 'the answer is shorter than it says'],
  UND_ERR_HEADERS_OVERFLOW: ['BODY_TOO_LARGE', "the answer's headers are too large"],
  EFORBIDDEN: ['REDIRECT_REFUSED', 'the name leads to a link-local or metadata address'],
  EPROTO: ['TLS_FAILED', 'the other side does not speak TLS'],
};

/** Turns whatever a request threw into a `RegistryError`. */
export function toTransportError(cause: unknown, { method, url }: { method: string; url: URL }): RegistryError {
  if (cause instanceof RegistryError) return cause;
  const code = codeOf(cause);
  const known = codes[code];
  if (known) return new RegistryError(known[0], known[1], { method, url, cause });
  const message = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
  if (cause instanceof errors.HTTPParserError) {
    // Not as a cause: it quotes the bytes, and those of a token service may be a token.
    return new RegistryError('NOT_A_REGISTRY', `the answer is not HTTP: ${message}`, { method, url });
  }
  if (/^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_OSSL)/.test(code)) {
    return new RegistryError('TLS_FAILED', `TLS failed: ${message}`, { method, url, cause });
  }
  return new RegistryError('CONNECTION_LOST', `the request failed: ${message}`, { method, url, cause });
}

function codeOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return '';
  const { code } = cause as { code?: unknown };
  if (typeof code === 'string') return code;
  if (cause instanceof AggregateError) return codeOf(cause.errors[0]);
  return 'cause' in cause ? codeOf(cause.cause) : '';
}
