/** The names that a source lists. */
import type { Failure, Finding } from '../catalogue/observation.ts';
import { isRepositoryName, type RepositoryName } from '../oci/reference.ts';
import { RegistryError } from '../registry/registry-error.ts';
import type { CrawlSource } from './crawl-source.ts';

export interface SourceListing {
  readonly source: CrawlSource;
  /** `refused`: the credentials were not accepted. `failed`: no name could be read. */
  readonly outcome: 'complete' | 'incomplete' | 'failed' | 'refused';
  readonly names: ReadonlySet<RepositoryName>;
  /** Names that settings leave out: counted, never kept. */
  readonly excluded: number;
  readonly failure: Failure | null;
  /** Says what to do about the failure. */
  readonly hint: string | null;
  readonly findings: readonly Finding[];
}

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
  let excluded = 0;
  let incomplete = false;
  let duplicates = 0;

  const take = (entry: unknown) => {
    if (typeof entry === 'string' && !isShown(entry)) excluded++;
    else if (!isRepositoryName(entry)) note('invalid-name', `${quote(entry)} is not a repository name; left out`);
    else if (!source.serves(entry))
      note('unrouted', 'listed by a backend whose routes do not have it; not shown', entry);
    else if (names.has(entry)) duplicates++;
    else names.add(entry);
  };
  const finish = (outcome: SourceListing['outcome'], error: RegistryError | null): SourceListing => {
    if (duplicates > 0) note('duplicate-name', `${duplicates} names were listed twice`);
    const failure = error === null ? null : { code: error.code, message: error.message };
    return { source, outcome, names, excluded, failure, hint: error === null ? null : hintOf(error), findings };
  };

  if (source.fixedNames !== null) {
    for (const name of source.fixedNames) take(name);
    return finish('complete', null);
  }
  try {
    for await (const page of source.client.listRepositories(signal)) {
      for (const entry of page.entries) take(entry);
      for (const finding of page.findings) {
        note(finding.incomplete ? 'listing-incomplete' : finding.code, listingTexts[finding.code]);
        incomplete ||= finding.incomplete;
      }
    }
    return finish(incomplete ? 'incomplete' : 'complete', null);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    if (names.size > 0 || excluded > 0) {
      note('listing-incomplete', error.message);
      return finish('incomplete', error);
    }
    const isRefused = error.code === 'UNAUTHORIZED' || error.code === 'FORBIDDEN';
    note(isRefused ? 'source-refused' : 'source-failed', error.message);
    return finish(isRefused ? 'refused' : 'failed', error);
  }
}

/** What each oddity of a listing means, for the report. */
export const listingTexts = {
  'listing-loop': 'the pages of the list lead back to one another; names may be missing',
  'listing-repeats': 'the pages of the list go on without new names; names may be missing',
  'listing-link-unreadable': 'the link to the next page cannot be read; names may be missing',
  'listing-page-refused': 'the page size was refused; the registry chose its own',
  'listing-reanchored': 'the link to the next page names another host; only its path was followed',
} as const;

function hintOf(error: RegistryError): string {
  const noCatalog = error.status === 404 || error.status === 405 || error.registryCode === 'UNSUPPORTED';
  return noCatalog ? 'It has no _catalog: check the address, or name its repositories in the settings.' : error.hint;
}

function quote(entry: unknown): string {
  return (JSON.stringify(entry) ?? String(entry)).slice(0, 120);
}
