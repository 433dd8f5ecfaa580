/** Everything that one run asks about one repository. What a registry does never makes it reject. */
import type { Instant, Repository } from '../catalogue/model.ts';
import type {
  Failure,
  Finding,
  RepositoryListing,
  RepositoryObservation,
  TagObservation,
} from '../catalogue/observation.ts';
import type { Digest } from '../oci/digest.ts';
import { isTag, type Tag } from '../oci/reference.ts';
import { isRefusal, RegistryError } from '../registry/registry-error.ts';
import { tasksAtOnce } from './crawl-source.ts';
import { createFactReader, type FactReader } from './fact-reader.ts';
import { forEachConcurrently } from './for-each-concurrently.ts';
import { isBeyondPatterns, listingTexts, mostNamed, quoteEntry } from './list-source.ts';
import { type AskedTags, isAsOutlined } from './observe-as-known.ts';
import type { Assignment, Standing } from './plan-crawl.ts';
import type { KnownRepository } from './repository-outline.ts';
import type { Revalidation } from './revalidation.ts';

export interface ObserveOptions {
  /** Whether a tag may be shown; what may not is neither read nor kept. */
  readonly isTagShown: (tag: string) => boolean;
  /** Whether the environment of images read with credentials is kept. */
  readonly publishEnvironment: boolean;
  /** Which tags are asked about again. */
  readonly revalidation: Revalidation;
  readonly signal: AbortSignal;
}

export interface ObservedRepository extends RepositoryObservation {
  /** All is as it was known: to reconcile it would change nothing. False where that was not held against an outline. */
  readonly isAsKnown: boolean;
}

/**
 * Reads a repository: its tags, and whatever is not yet known about what they point to. What is known is never asked for again,
 * and not even read where its outline proves to be enough.
 */
export async function observeRepository(
  assignment: Assignment,
  { outline, read }: KnownRepository,
  { isTagShown, publishEnvironment, revalidation, signal }: ObserveOptions,
): Promise<ObservedRepository> {
  const { name, source, standing } = assignment;
  const { client } = source;
  const findings: Finding[] = [];
  const note: Note = (code, text, tag = null) => {
    findings.push({ code, source: source.name, repository: name, tag, text });
  };
  const tags = new Map<Tag, TagObservation>();
  const lastAskedAt = new Map<Tag, Instant>();
  const result = (listing: RepositoryListing, reader: FactReader | null, isAsKnown = false): ObservedRepository => ({
    name,
    source: source.name,
    listing,
    tags,
    lastAskedAt,
    manifests: reader?.manifests ?? new Map(),
    configs: reader?.configs ?? new Map(),
    readWithCredentials: client.usesCredentialsFor(name),
    isAsKnown,
    findings,
  });

  const { listing, names } = await listTags(client.listTags(name, signal), standing, note, isTagShown);
  if (listing.outcome === 'absent' && standing === 'named')
    note('listed-name-absent', 'settings name it, and it is not there');
  if (listing.outcome !== 'tags' && listing.outcome !== 'empty') return result(listing, null);

  if (standing === 'omitted') note('catalog-omits', 'it is there, and the list of names omits it');
  const asked: AskedTags = new Map();
  if (outline !== null) {
    const question = { name, source, outline, listing, names, publishEnvironment, revalidation, signal };
    if (await isAsOutlined(question, asked)) {
      for (const [place, digest] of outline.digests.entries()) {
        const tag = outline.tags[place];
        if (tag !== undefined) tags.set(tag, { outcome: 'points', digest, missing: 0 });
      }
      return result(listing, null, true);
    }
  }

  const known = await read();
  const reader = createFactReader({ name, source, known, asked, publishEnvironment, note, signal });
  const before = known?.state === 'listed' ? [...known.tags.keys()] : [];
  const unlisted = before.filter((tag) => !names.has(tag) && isTagShown(tag));
  await forEachConcurrently(unlisted, tasksAtOnce(source), async (tag) => {
    const answer = await settle(() => client.headManifest(name, tag, signal));
    if ('failure' in answer) tags.set(tag, { outcome: 'failed', failure: answer.failure });
    else if (answer.value === 'absent') tags.set(tag, { outcome: 'absent' });
    else {
      note('tags-list-omits', 'it is there, and the list of tags omits it', tag);
      names.add(tag);
    }
  });
  const settled = new Map<Tag, Digest>();
  if (known !== null)
    for (const tag of names) {
      const digest = revalidation.isDue(name, tag) ? null : settledDigest(known, tag, reader);
      if (digest !== null) settled.set(tag, digest);
    }
  const ask = async (tag: Tag): Promise<void> => {
    const askedAt = known === null ? null : lastAsked(known, tag, revalidation);
    if (askedAt !== null) lastAskedAt.set(tag, askedAt);
    tags.set(tag, await reader.readTag(tag));
  };
  const due = [...names].filter((tag) => !settled.has(tag));
  await forEachConcurrently(due, tasksAtOnce(source), ask);
  // Where all that was asked is refused, the rest may be as well, and is not to be shown for an hour more.
  const isRefused = reader.refusedTags > 0 && reader.refusedTags + countDangling(tags) >= due.length;
  if (isRefused) await forEachConcurrently(settled.keys(), tasksAtOnce(source), ask);
  else for (const [tag, digest] of settled) tags.set(tag, { outcome: 'points', digest, missing: 0 });
  // What is refused is there, and what is not there is not readable: nobody may read anything of it.
  const mayReadNone = reader.refusedTags > 0 && reader.refusedTags + countDangling(tags) === names.size;
  if (mayReadNone) return { ...observeWithheld(assignment), isAsKnown: false };
  const cut = reader.cutDocuments;
  if (cut > 0)
    note('facts-cut', `${cut} of its manifests and configs hold more than is kept; their ends were left out`);
  return result(listing, reader);
}

function countDangling(tags: ReadonlyMap<Tag, TagObservation>): number {
  return [...tags.values()].filter(({ outcome }) => outcome === 'dangling').length;
}

/** What a tag points to, where all is known of it and the run before found nothing amiss; else null. */
function settledDigest({ state, staleSince, tags }: Repository, tag: Tag, reader: FactReader): Digest | null {
  const record = tags.get(tag);
  if (state !== 'listed' || staleSince !== null || record === undefined) return null;
  const { digest, missedRuns } = record;
  return record.state === 'current' && missedRuns === 0 && digest !== null && reader.isWhole(digest) ? digest : null;
}

/** When a known tag was asked about before this run at the earliest; null where the run before did. */
function lastAsked({ name, staleSince, tags }: Repository, tag: Tag, revalidation: Revalidation): Instant | null {
  const record = tags.get(tag);
  const dueAt = record === undefined ? null : revalidation.lastDueAt(name, tag, staleSince);
  if (record === undefined || dueAt === null) return null;
  const knownAt = record.moved?.notAfter ?? record.firstSeenAt;
  return dueAt > knownAt ? dueAt : knownAt;
}

/** A repository, and the source that has it or would have. */
type AskedOf = Pick<Assignment, 'name'> & { readonly source: Pick<Assignment['source'], 'name'> };

/** What stands for a repository whose source could not be asked. */
export function observeNothing(asked: AskedOf, failure: Failure): RepositoryObservation {
  return { ...observeWithheld(asked), listing: { outcome: 'failed', failure } };
}

/** What stands for a repository that its source does not have, and said so. */
export function observeAbsence(asked: AskedOf): RepositoryObservation {
  return { ...observeWithheld(asked), listing: { outcome: 'absent' } };
}

/** What stands for a repository that the credentials may not read: nothing at all is known of it. */
function observeWithheld({ name, source }: AskedOf): RepositoryObservation {
  return {
    name,
    source: source.name,
    listing: { outcome: 'withheld' },
    tags: new Map(),
    lastAskedAt: new Map(),
    manifests: new Map(),
    configs: new Map(),
    readWithCredentials: false,
    findings: [],
  };
}

type Note = (code: Finding['code'], text: string, tag?: Tag | null) => void;
type TagPages = ReturnType<Assignment['source']['client']['listTags']>;

async function listTags(pages: TagPages, standing: Standing, note: Note, isTagShown: (tag: string) => boolean) {
  const names = new Set<Tag>();
  let broken: Failure | null = null;
  let entries = 0;
  let repeated = 0;
  let invalid = 0;
  try {
    for await (const page of pages) {
      repeated += page.repeated;
      for (const entry of page.entries) {
        entries++;
        const isHidden = typeof entry === 'string' && !isTagShown(entry);
        if (isHidden && !isBeyondPatterns(entry)) continue;
        if (isTag(entry)) names.add(entry);
        else if (++invalid <= mostNamed) note('invalid-tag', `${quoteEntry(entry, isTagShown)} is not a tag; left out`);
      }
      for (const finding of page.findings) {
        if (finding.incomplete) broken = { code: finding.code, message: listingTexts[finding.code] };
        else note(finding.code, listingTexts[finding.code]);
      }
    }
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    if (entries === 0) return { listing: toListing(error, standing), names };
    broken = { code: error.code, message: error.message };
  }
  if (repeated > 0) note('duplicate-name', `${repeated} entries repeat a tag that was listed before`);
  if (invalid > mostNamed) note('invalid-tag', `${invalid - mostNamed} more are not tags; left out`);
  const listing: RepositoryListing =
    entries === 0 && !broken ? { outcome: 'empty' } : { outcome: 'tags', failure: broken };
  return { listing, names };
}

function toListing(error: RegistryError, standing: Standing): RepositoryListing {
  if (error.code === 'NOT_FOUND') return { outcome: standing === 'listed' ? 'empty' : 'absent' };
  if (isRefusal(error)) return { outcome: 'withheld' };
  return { outcome: 'failed', failure: { code: error.code, message: error.message } };
}

async function settle<T>(ask: () => Promise<T>): Promise<{ value: T } | { failure: Failure }> {
  try {
    return { value: await ask() };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return { failure: { code: error.code, message: error.message } };
  }
}
