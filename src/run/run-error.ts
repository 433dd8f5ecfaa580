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

/** A site that is not fit to be published, with what is wrong with it, a sentence each. */
export function toInvalidSite(problems: readonly string[]): RunError {
  const message = `the built site has ${problems.length} faults and was not published: ${problems[0]}`;
  return new RunError('SITE_INVALID', message, 'This is a defect of registry-homepage; the old site stands.');
}

/** Whether the run got no answer at all, or no shard that it could join, so that what stands is still the best there is. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof RunError && unanswered.has(error.code);
}

const unanswered: ReadonlySet<string> = new Set(['NO_SOURCE_ANSWERED', 'ALL_SOURCES_REFUSED', 'NO_SHARD']);
