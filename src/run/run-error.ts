/** A run that could not do its work. The exit code is part of the promise to operators. */

export type RunErrorCode =
  | 'NO_SOURCE_ANSWERED'
  | 'ALL_SOURCES_REFUSED'
  | 'LOCKED'
  | 'CANNOT_WRITE'
  | 'CANCELLED'
  | 'SITE_INVALID'
  | 'NO_SNAPSHOT'
  | 'NO_SHARD'
  | 'SHARDS_DIFFER'
  | 'ALREADY_MERGED';

export class RunError extends Error {
  readonly code: RunErrorCode;
  readonly hint: string;

  constructor(code: RunErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RunError';
    this.code = code;
    this.hint = hint;
  }
}

/** Whether the run got no answer at all, or no shard that it could join, so that what stands is still the best there is. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof RunError && unanswered.has(error.code);
}

const unanswered: ReadonlySet<string> = new Set(['NO_SOURCE_ANSWERED', 'ALL_SOURCES_REFUSED', 'NO_SHARD']);
