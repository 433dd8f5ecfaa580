/**
 * How the sources fared, once their repositories have been asked for. A list alone proves little: one that settings give was
 * never asked for, and one that is open to all says nothing about the credentials.
 */
import type { Failure } from '../catalogue/observation.ts';
import type { SourceListing } from '../crawl/list-source.ts';
import { RunError } from './run-error.ts';

/** What the repositories of one source answered. */
export interface Answers {
  /** Readable, or gone. */
  answered: number;
  refused: number;
  failed: number;
  firstFailure: Failure | null;
}

export function createAnswers(): Answers {
  return { answered: 0, refused: 0, failed: 0, firstFailure: null };
}

/** What a source that refuses every single repository is told to be; its repositories are kept, not taken for private. */
export const refusedByAll: Failure = {
  code: 'FORBIDDEN',
  message: 'it refused every repository: its credentials may have expired, or it wants some now',
};

/**
 * Whether a refusal of this source is about the one repository. Where all are refused it is about the credentials, save where
 * there are none to expire, and just one repository beneath a list of names that was given.
 */
export function isHealthy({ source, outcome, names }: SourceListing, { answered, refused, failed }: Answers): boolean {
  if (answered > 0) return true;
  const [only] = names;
  if (refused !== 1 || failed > 0 || outcome !== 'complete' || only === undefined) return false;
  return source.fixedNames === null && !source.client.usesCredentialsFor(only);
}

/** The listing, or one that says how its source fared in truth. */
export function judgeSource(listing: SourceListing, answers: Answers): SourceListing {
  const { refused, failed, firstFailure } = answers;
  if (listing.outcome === 'failed' || listing.outcome === 'refused' || isHealthy(listing, answers)) return listing;
  const { source, findings } = listing;
  const note = (code: 'source-refused' | 'source-failed', { message: text }: Failure) => [
    ...findings,
    { code, source: source.name, repository: null, tag: null, text },
  ];
  if (refused > 0) {
    const hint = 'Renew the credentials of this source; `registry-homepage check` tries them.';
    return {
      ...listing,
      outcome: 'refused',
      failure: refusedByAll,
      hint,
      findings: note('source-refused', refusedByAll),
    };
  }
  if (source.fixedNames === null || failed === 0 || firstFailure === null) return listing;
  return { ...listing, outcome: 'failed', failure: firstFailure, findings: note('source-failed', firstFailure) };
}

/** Throws a `RunError` when no source answered, or every one refused: then nothing is written, and what was known stands. */
export function throwIfNoneAnswered(listings: readonly SourceListing[]): void {
  const silent = listings.filter(({ outcome }) => outcome === 'failed' || outcome === 'refused');
  if (silent.length < listings.length) return;
  const refused = silent.every(({ outcome }) => outcome === 'refused');
  const message = silent.map(({ source, failure }) => `${source.name}: ${failure?.message ?? 'no answer'}`).join('\n');
  throw new RunError(refused ? 'ALL_SOURCES_REFUSED' : 'NO_SOURCE_ANSWERED', message, silent[0]?.hint ?? '');
}
