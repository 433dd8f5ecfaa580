/** The names that a source lists. */
import type { Failure, Finding } from '../catalogue/observation.ts';
import { isRepositoryName, type RepositoryName } from '../oci/reference.ts';
import { isRefusal, RegistryError } from '../registry/registry-error.ts';
import type { CrawlSource } from './crawl-source.ts';

export interface SourceListing {
  readonly source: CrawlSource;
  /** `refused`: the credentials were not accepted. `failed`: no name could be read. */
  readonly outcome: 'complete' | 'incomplete' | 'failed' | 'refused';
  readonly names: ReadonlySet<RepositoryName>;
  /** How many names settings leave out, and which: they are kept out of every text, and never stored. */
  readonly excluded: number;
  readonly excludedNames: ReadonlySet<string>;
  readonly failure: Failure | null;
  /** Says what to do about the failure. */
  readonly hint: string | null;
  readonly findings: readonly Finding[];
}

/** Invalid names beyond so many are counted, not named. */
export const mostNamed = 100;

/** Lists a source. Never rejects for what a registry does: that is the listing's outcome. */
export async function listSource(
  source: CrawlSource,
  isShown: (name: string) => boolean,
  signal: AbortSignal,
): Promise<SourceListing> {
  const names = new Set<RepositoryName>();
  const findings: Finding[] = [];
  const note = (code: Finding['code'], text: string, repository: RepositoryName | null = null) =>
    findings.push({ code, source: source.name, repository, tag: null, text });
  const excludedNames = new Set<string>();
  let incomplete = false;
  let duplicates = 0;
  let invalid = 0;

  const take = (entry: unknown) => {
    const isHidden = typeof entry === 'string' && !isShown(entry);
    if (isHidden && !isBeyondPatterns(entry)) excludedNames.add(entry.slice(0, 255));
    else if (!isRepositoryName(entry)) {
      invalid++;
      if (invalid <= mostNamed)
        note('invalid-name', `${quoteEntry(entry, isShown)} is not a repository name; left out`);
    } else if (!source.serves(entry))
      note('unrouted', 'listed by a backend whose routes do not have it; not shown', entry);
    else if (names.has(entry)) duplicates++;
    else names.add(entry);
  };
  const finish = (outcome: SourceListing['outcome'], error: RegistryError | null): SourceListing => {
    if (duplicates > 0) note('duplicate-name', `${duplicates} entries repeat a name that was listed before`);
    if (invalid > mostNamed) note('invalid-name', `${invalid - mostNamed} more are not repository names; left out`);
    const failure = error === null ? null : { code: error.code, message: error.message };
    const hint = error === null ? null : outcome === 'incomplete' ? error.hint : hintOf(error);
    return { source, outcome, names, excluded: excludedNames.size, excludedNames, failure, hint, findings };
  };

  if (source.fixedNames !== null) {
    for (const name of source.fixedNames) take(name);
    return finish('complete', null);
  }
  try {
    for await (const page of source.client.listRepositories(signal)) {
      for (const entry of page.entries) take(entry);
      duplicates += page.repeated;
      for (const finding of page.findings) {
        note(finding.incomplete ? 'listing-incomplete' : finding.code, listingTexts[finding.code]);
        incomplete ||= finding.incomplete;
      }
    }
    return finish(incomplete ? 'incomplete' : 'complete', null);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    if (names.size > 0 || excludedNames.size > 0) {
      note('listing-incomplete', error.message);
      return finish('incomplete', error);
    }
    const outcome = isRefusal(error) ? 'refused' : 'failed';
    note(`source-${outcome}`, error.message);
    return finish(outcome, error);
  }
}

/** What each oddity of a listing means, for the report. */
export const listingTexts = {
  'listing-loop': 'the pages of the list lead back to one another; names may be missing',
  'listing-repeats': 'the pages of the list go on without new names; names may be missing',
  'listing-link-unreadable': 'the link to the next page cannot be read; names may be missing',
  'listing-page-refused': 'the page size was refused; the registry chose its own',
  'listing-unlinked': 'its pages do not name the next one, and there were more; they were asked for all the same',
  'listing-end-unread':
    'its last page is full and names no next one, and what was answered for one cannot be read; if there are more names, they are missing',
  'listing-reanchored': 'the link to the next page names another host; only its path was followed',
} as const;

function hintOf(error: RegistryError): string {
  const noCatalog = [404, 405, 501].includes(error.status ?? 0) || error.registryCode === 'UNSUPPORTED';
  if (noCatalog) return 'It has no _catalog: check the address, or name its repositories in the settings.';
  return isRefusal(error) ? `${error.hint} Where nobody may list, name the repositories in the settings.` : error.hint;
}

/**
 * Whether no glob can mean this, not even one that means everything: a path that goes nowhere or upwards. That a pattern does
 * not show it says nothing about what settings want.
 */
export function isBeyondPatterns(entry: string): boolean {
  return entry === '' || entry.split('/').some((part) => part === '.' || part === '..');
}

/**
 * An entry that breaks the grammar, fit for a report. What is no text is not quoted: it might hold a name that is hidden, and
 * neither is what would be hidden but for its case or what stands around it.
 */
export function quoteEntry(entry: unknown, isShown: (name: string) => boolean): string {
  if (typeof entry !== 'string') return 'something that is no text';
  const plain = entry.toLowerCase().replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
  const mayQuote = plain === '' || isShown(plain);
  return mayQuote ? JSON.stringify(entry.slice(0, 120)) : 'something like a name that settings hide';
}
