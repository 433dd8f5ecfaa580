/**
 * Reads a built site as its readers will: every page is there, every link leads somewhere, every JSON file is what its schema
 * promises. A check that inspected nothing has found a fault. What was checked in the release before is not read again; what
 * it links to is looked for all the same.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogueJson } from '../api/catalogue-json.schema.ts';
import { isPlainName } from '../catalogue/plain-words.ts';
import { createRedactor } from '../catalogue/redaction.ts';
import { replaceFile } from '../snapshot/durable-write.ts';
import { fingerprintOf } from '../snapshot/fingerprint.ts';
import { fixedAddresses, isOwnPath, toOutputFile } from '../view/addresses.ts';
import { listPathsAbove } from '../view/site.ts';
import { checkJson, checkPage, type FileFacts } from './check-file.ts';
import { type CheckedContent, type CheckedFile, type CheckedFiles, nothingChecked } from './checked-files.ts';
import { listFiles } from './list-files.ts';
import type { SealedFolder } from './sealed-folders.ts';

export interface SiteExpectations {
  readonly base: string;
  /** Files that must be there, besides those of the folders. */
  readonly expectedFiles: readonly string[];
  /** The folders that releases share, or will. */
  readonly folders: readonly Pick<SealedFolder, 'folder' | 'id' | 'listFiles'>[];
  readonly counts: CatalogueJson['counts'];
  /** Repositories that may be named in no file, and those that are shown. */
  readonly hiddenNames: ReadonlySet<string>;
  readonly shownNames: ReadonlySet<string>;
}

export interface SiteVerdict {
  /** What is wrong, a sentence each. Empty: it is fit to be published. */
  readonly problems: readonly string[];
  /** What was learnt of each file, for the next check. */
  readonly checked: CheckedFiles;
  /** Files that were read; the others are the same as in `known`. */
  readonly filesRead: number;
  /** Files in which a name that may not be shown was replaced. */
  readonly filesRedacted: number;
}

/** What may have changed in how files are checked, so that all must be read again. */
const rulesVersion = 3;

/** Under which rules a site is checked: `known` files that were checked under others count for nothing. */
export function toRulesFingerprint(
  expectations: Pick<SiteExpectations, 'base' | 'hiddenNames' | 'shownNames'>,
): string {
  const names = listSearchedNames(expectations);
  const near =
    names.size === 0 ? [] : [...expectations.shownNames].filter((name) => listEnds(name).some((end) => names.has(end)));
  return fingerprintOf([rulesVersion, expectations.base, [...names].sort(), near.sort()]);
}

/** Checks the site in `folder`. `known` is what the check before learnt, under the same rules. */
export async function validateSite(
  folder: string,
  expectations: SiteExpectations,
  known: CheckedFiles = nothingChecked,
): Promise<SiteVerdict> {
  const problems: string[] = [];
  const isThere = createPathSet();
  const search = createSearch(expectations);
  let filesRead = 0;
  let filesRedacted = 0;

  const check = async (file: string): Promise<CheckedContent> => {
    filesRead++;
    // Other files are only looked through for names, and the longest are among them.
    if (search === null && !isPageOrJson(file)) {
      if (statSync(join(folder, file)).size === 0) problems.push(`${file} is empty`);
      return { titles: [], targets: [] };
    }
    const written = readFileSync(join(folder, file), 'utf8');
    if (written === '') problems.push(`${file} is empty`);
    if (search?.finds(file)) problems.push('the name of a file holds a name that may not be shown');
    const text = search === null ? written : isSearchFile(file) ? search.assertNone(written) : search.redact(written);
    if (text === null) {
      problems.push(`${file} holds a name that may not be shown`);
      return { titles: [], targets: [] };
    }
    if (text !== written) {
      // The release before may have the same file, and keeps its own.
      await replaceFile(join(folder, file), text);
      filesRedacted++;
    }
    const { title, targets } = checkContent(file, text, expectations, (fault) => problems.push(`${file} ${fault}`));
    return { titles: title === null ? [] : [digestTitle(title)], targets: targets.map(isThere.name) };
  };

  const folders = new Map<string, CheckedContent>();
  const inFolders = new Set<string>();
  for (const { id, listFiles: listOwn } of expectations.folders) {
    for (const file of listOwn()) {
      isThere.add(file);
      inFolders.add(file);
    }
    const before = known.folders.get(id);
    if (before !== undefined) folders.set(id, before);
  }
  const loose = (await listFiles(folder, { followLinks: false })).filter((file) => {
    isThere.add(file);
    return !inFolders.has(file);
  });
  for (const { id, listFiles: listOwn } of expectations.folders) {
    if (folders.has(id)) continue;
    const own = new Set(listOwn());
    const titles: string[] = [];
    const targets = new Set<string>();
    for (const file of own) {
      try {
        const content = await check(file);
        titles.push(...content.titles);
        for (const target of content.targets) targets.add(target);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        problems.push(`${file} is missing`);
      }
    }
    folders.set(id, { titles, targets: [...targets].filter((target) => !own.has(target)) });
  }
  const files = new Map<string, CheckedFile>();
  for (const file of loose) {
    // The kernel has the answer in memory; waiting for many of them would take longer than reading.
    const { ino, size, mtimeMs } = statSync(join(folder, file));
    const before = known.files.get(file);
    // The catalogue is held against the snapshot's counts, so it is always read.
    const isKnown =
      before?.ino === ino && before.sizeBytes === size && before.modifiedMs === mtimeMs && !isCatalogue(file);
    if (isKnown) {
      files.set(file, before);
      continue;
    }
    const content = await check(file);
    const checked = statSync(join(folder, file));
    files.set(file, { ino: checked.ino, sizeBytes: checked.size, modifiedMs: checked.mtimeMs, ...content });
  }
  const checked = { files, folders };
  const found = [
    ...[problems, findMissing(isThere.has, expectations), findDeadLinks(checked, expectations, isThere.has)],
    ...[findEqualTitles(checked, expectations), findIdleChecks(checked, expectations)],
  ];
  return { problems: found.flat(), checked, filesRead, filesRedacted };
}

/** Paths, each as one text: those cut out of pages would keep the whole page in memory. */
function createPathSet() {
  const names = new Map<string, string>();
  const there = new Set<string>();
  return {
    add(path: string) {
      names.set(path, path);
      there.add(path);
    },
    has: (path: string) => there.has(path),
    name(path: string): string {
      const known = names.get(path);
      if (known !== undefined) return known;
      const copy = Buffer.from(path).toString();
      names.set(copy, copy);
      return copy;
    },
  };
}

function digestTitle(title: string): string {
  return createHash('sha256').update(title).digest('base64url').slice(0, 16);
}

function isPageOrJson(file: string): boolean {
  return file.endsWith('.html') || file.endsWith('.json');
}

function isCatalogue(file: string): boolean {
  return file === fixedAddresses.catalogueJson;
}

function checkContent(
  file: string,
  text: string,
  { base, counts }: SiteExpectations,
  report: (fault: string) => void,
): FileFacts {
  if (file.endsWith('.html')) return checkPage(text, base, report);
  if (file.endsWith('.json')) {
    const value = checkJson(file, text, report);
    if (isCatalogue(file) && value !== undefined) checkCounts(value as CatalogueJson, counts, report);
  }
  return { title: null, targets: [] };
}

function checkCounts(
  catalogue: CatalogueJson,
  expected: CatalogueJson['counts'],
  report: (fault: string) => void,
): void {
  const listed = catalogue.repositories.length;
  if (listed !== expected.repositories) report(`lists ${listed} repositories, the snapshot ${expected.repositories}`);
  for (const [what, count] of Object.entries(expected)) {
    const stated = catalogue.counts[what as keyof CatalogueJson['counts']];
    if (stated !== count) report(`counts ${stated} ${what}, the snapshot ${count}`);
  }
}

type Has = (file: string) => boolean;

function findMissing(isThere: Has, { expectedFiles }: SiteExpectations): readonly string[] {
  const { home, status, notFound, statusJson, apiIndex, catalogueJson } = fixedAddresses;
  const always = [home, status, notFound, statusJson, apiIndex, catalogueJson].map(toOutputFile);
  return [...always, ...expectedFiles].filter((file) => !isThere(file)).map((file) => `${file} is missing`);
}

/** Everything that was checked, by what it is called where something is wrong with it. */
function* listChecked(
  { files, folders }: CheckedFiles,
  expectations: SiteExpectations,
): Generator<readonly [string, CheckedContent]> {
  yield* files;
  for (const { id, folder } of expectations.folders) {
    const content = folders.get(id);
    if (content !== undefined) yield [`${folder}/`, content];
  }
}

function findDeadLinks(checked: CheckedFiles, expectations: SiteExpectations, isThere: Has): readonly string[] {
  const problems: string[] = [];
  for (const [what, { targets }] of listChecked(checked, expectations)) {
    for (const target of targets) {
      if (!isThere(target)) problems.push(`${what} links to ${target}, which is not there`);
    }
  }
  return problems;
}

function findEqualTitles(checked: CheckedFiles, expectations: SiteExpectations): readonly string[] {
  const owners = new Map<string, string>();
  const problems: string[] = [];
  for (const [what, { titles }] of listChecked(checked, expectations)) {
    for (const title of titles) {
      const other = owners.get(title);
      if (other !== undefined) problems.push(`${what} and ${other} have the same title`);
      owners.set(title, what);
    }
  }
  return problems;
}

/** A check that had nothing to look at would have let everything pass. */
function findIdleChecks(checked: CheckedFiles, expectations: SiteExpectations): readonly string[] {
  const all = [...listChecked(checked, expectations)];
  const looks: readonly (readonly [string, boolean])[] = [
    ['no page was found to check', all.some(([, { titles }]) => titles.length > 0)],
    ['no page has a link to check', all.some(([, { targets }]) => targets.length > 0)],
    ['no JSON file was found to check', [...checked.files.keys()].some((file) => file.endsWith('.json'))],
  ];
  return looks.filter(([, found]) => !found).map(([problem]) => problem);
}

/**
 * The hidden names that files are searched for. Left to the crawl, which cleans what authors wrote, are names of one part, for
 * they are common words too, and names that are the path of something shown.
 */
function listSearchedNames({
  hiddenNames,
  shownNames,
}: Pick<SiteExpectations, 'hiddenNames' | 'shownNames'>): ReadonlySet<string> {
  const shownPaths = new Set([...shownNames].flatMap((name) => listPathsAbove(name)));
  return new Set(
    [...hiddenNames].filter((name) => {
      return name.includes('/') && !shownPaths.has(name) && !isPlainName(name) && !isOwnPath(name);
    }),
  );
}

/** What stands behind each slash of a name. */
function listEnds(name: string): readonly string[] {
  const parts = name.split('/');
  return parts.slice(1).map((_, at) => parts.slice(at + 1).join('/'));
}

function isSearchFile(file: string): boolean {
  return file.startsWith(fixedAddresses.search);
}

interface HiddenSearch {
  finds(text: string): boolean;
  /** The text with every hidden name replaced. */
  redact(text: string): string;
  /** The text of a file whose structure would not survive that; null where it names what is hidden. */
  assertNone(text: string): string | null;
}

/** Looks for names that are hidden; null where nothing is, or nothing that can be told from other words. */
function createSearch(expectations: SiteExpectations): HiddenSearch | null {
  const names = listSearchedNames(expectations);
  if (names.size === 0) return null;
  const redact = createSiteRedactor(names, expectations.shownNames);
  // Search files hold the ends of names, each behind what it shares with the name before.
  const ends = new Set([...expectations.shownNames].flatMap((name) => listEnds(name).filter((end) => names.has(end))));
  const redactEnds = createSiteRedactor(names.difference(ends), expectations.shownNames);
  return {
    finds: (text) => redact(text) !== text,
    redact,
    assertNone: (text) => (redactEnds(text) === text ? text : null),
  };
}

function createSiteRedactor(names: ReadonlySet<string>, shownNames: ReadonlySet<string>): (text: string) => string {
  if (names.size === 0) return (text) => text;
  const escaped = [...names].map((name) => name.replaceAll('.', '\\.')).join('|');
  const mayName = new RegExp(`(?<![a-z0-9._-])(?:${escaped})(?![a-z0-9._-])`);
  const redact = createRedactor({
    names,
    isHidden: () => false,
    isShown: (name) => shownNames.has(name),
    isTagHidden: () => false,
  });
  return (text) => (mayName.test(text) ? redact(text) : text);
}
