/**
 * How the sources fared, once their repositories have been asked for. A list alone proves little: one that settings give was
 * never asked for, and one that is open to all says nothing about the credentials.
 */
import type { Failure, Finding } from '../catalogue/observation.ts';
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

/** All that a source answered, with what is needed to judge it. */
export interface SourceAnswers extends Readonly<Answers> {
  /** Its names were given, and nobody asked it for a list. */
  readonly isGiven: boolean;
  /** It listed its names to one who needs no credentials for the first of them. */
  readonly isOpen: boolean;
}

/** To be called when all answers are there: only then is it known which took credentials. */
export function toSourceAnswers(answers: Answers, { source, outcome, names }: SourceListing): SourceAnswers {
  const [first] = names;
  const isGiven = source.fixedNames !== null;
  const isOpen = !isGiven && outcome === 'complete' && first !== undefined && !source.client.usesCredentialsFor(first);
  return { ...answers, isGiven, isOpen };
}

/** How a source fared, as far as it is told: a listing without its names. */
export interface ListingState {
  readonly source: { readonly name: string };
  readonly outcome: SourceListing['outcome'];
  readonly names: { readonly size: number };
  readonly excluded: number;
  readonly failure: Failure | null;
  readonly hint: string | null;
  readonly findings: readonly Finding[];
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
export function isHealthy(outcome: ListingState['outcome'], answers: SourceAnswers): boolean {
  const { answered, refused, failed, isOpen } = answers;
  return answered > 0 || (refused === 1 && failed === 0 && outcome === 'complete' && isOpen);
}

/** The listing, or one that says how its source fared in truth. */
export function judgeSource<Listing extends ListingState>(listing: Listing, answers: SourceAnswers): Listing {
  const { refused, failed, firstFailure, isGiven } = answers;
  const { source, outcome, findings } = listing;
  if (outcome === 'failed' || outcome === 'refused' || isHealthy(outcome, answers)) return listing;
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
  if (!isGiven || failed === 0 || firstFailure === null) return listing;
  return { ...listing, outcome: 'failed', failure: firstFailure, findings: note('source-failed', firstFailure) };
}

/** The listing, or one that is not whole: a list that leaves out more than it has says nothing of what is new. */
export function judgeList<Listing extends ListingState>(listing: Listing, omitted: number): Listing {
  const { outcome, names, source, findings } = listing;
  if (outcome !== 'complete' || omitted <= names.size) return listing;
  const text = `the list has ${names.size} names and omits ${omitted} that are there; more may be missing`;
  const finding: Finding = { code: 'listing-incomplete', source: source.name, repository: null, tag: null, text };
  return { ...listing, outcome: 'incomplete', findings: [...findings, finding] };
}

/** Throws a `RunError` when no source answered, or every one refused: then nothing is written, and what was known stands. */
export function throwIfNoneAnswered(listings: readonly ListingState[]): void {
  const silent = listings.filter(({ outcome }) => outcome === 'failed' || outcome === 'refused');
  if (silent.length < listings.length) return;
  const refused = silent.every(({ outcome }) => outcome === 'refused');
  const message = silent.map(({ source, failure }) => `${source.name}: ${failure?.message ?? 'no answer'}`).join('\n');
  throw new RunError(refused ? 'ALL_SOURCES_REFUSED' : 'NO_SOURCE_ANSWERED', message, silent[0]?.hint ?? '');
}
