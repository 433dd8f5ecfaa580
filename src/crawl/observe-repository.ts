/** Everything that one run asks about one repository. What a registry does never makes it reject. */
import type { Repository } from '../catalogue/model.ts';
import type {
  Failure,
  Finding,
  RepositoryListing,
  RepositoryObservation,
  TagObservation,
} from '../catalogue/observation.ts';
import { isTag, type Tag } from '../oci/reference.ts';
import { RegistryError } from '../registry/registry-error.ts';
import { createFactReader } from './fact-reader.ts';
import { forEachConcurrently } from './for-each-concurrently.ts';
import { listingTexts } from './list-source.ts';
import type { Assignment } from './plan-crawl.ts';

export interface ObserveOptions {
  /** Whether a tag may be shown; what may not is neither read nor kept. */
  readonly isTagShown: (tag: string) => boolean;
  readonly signal: AbortSignal;
}

/** Reads a repository: its tags, and whatever is not yet known about what they point to. `known` is never asked for again. */
export async function observeRepository(
  { name, source, listed }: Assignment,
  known: Repository | null,
  { isTagShown, signal }: ObserveOptions,
): Promise<RepositoryObservation> {
  const { client } = source;
  const findings: Finding[] = [];
  const note = (code: Finding['code'], text: string, tag: Tag | null = null) =>
    findings.push({ code, source: source.name, repository: name, tag, text });
  const tags = new Map<Tag, TagObservation>();
  const reader = createFactReader({ name, source, known, note, signal });

  const { listing, names } = await listTags(client.listTags(name, signal), listed, note, isTagShown);
  if (listing.outcome === 'tags' || listing.outcome === 'empty') {
    if (!listed && source.fixedNames === null) note('catalog-omits', 'it is there, and the list of names omits it');
    const before = known?.state === 'listed' ? [...known.tags.keys()] : [];
    const unlisted = before.filter((tag) => !names.has(tag) && isTagShown(tag));
    await forEachConcurrently(unlisted, source.concurrency, async (tag) => {
      const answer = await settle(() => client.headManifest(name, tag, signal));
      if ('failure' in answer) tags.set(tag, { outcome: 'failed', failure: answer.failure });
      else if (answer.value === 'absent') tags.set(tag, { outcome: 'absent' });
      else {
        note('tags-list-omits', 'it is there, and the list of tags omits it', tag);
        names.add(tag);
      }
    });
    await forEachConcurrently(names, source.concurrency, async (tag) => {
      tags.set(tag, await reader.readTag(tag));
    });
  }
  return {
    name,
    source: source.name,
    listing,
    tags,
    manifests: reader.manifests,
    configs: reader.configs,
    readWithCredentials: client.usedCredentials,
    findings,
  };
}

/** What stands for a repository whose source could not be asked. */
export function observeNothing({ name, source }: Assignment, failure: Failure): RepositoryObservation {
  return {
    name,
    source: source.name,
    listing: { outcome: 'failed', failure },
    tags: new Map(),
    manifests: new Map(),
    configs: new Map(),
    readWithCredentials: false,
    findings: [],
  };
}

type Note = (code: Finding['code'], text: string, tag?: Tag | null) => void;
type TagPages = ReturnType<Assignment['source']['client']['listTags']>;

async function listTags(pages: TagPages, listed: boolean, note: Note, isTagShown: (tag: string) => boolean) {
  const names = new Set<Tag>();
  let broken: Failure | null = null;
  let entries = 0;
  try {
    for await (const page of pages) {
      for (const entry of page.entries) {
        entries++;
        if (typeof entry === 'string' && !isTagShown(entry)) continue;
        if (isTag(entry)) names.add(entry);
        else note('invalid-tag', `${(JSON.stringify(entry) ?? '').slice(0, 160)} is not a tag; left out`);
      }
      for (const finding of page.findings) {
        if (finding.incomplete) broken = { code: finding.code, message: listingTexts[finding.code] };
        else note(finding.code, listingTexts[finding.code]);
      }
    }
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    if (entries === 0) return { listing: toListing(error, listed), names };
    broken = { code: error.code, message: error.message };
  }
  const listing: RepositoryListing =
    entries === 0 && !broken ? { outcome: 'empty' } : { outcome: 'tags', failure: broken };
  return { listing, names };
}

function toListing(error: RegistryError, listed: boolean): RepositoryListing {
  if (error.code === 'NOT_FOUND') return { outcome: listed ? 'empty' : 'absent' };
  if (error.code === 'UNAUTHORIZED' || error.code === 'FORBIDDEN') return { outcome: 'withheld' };
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
