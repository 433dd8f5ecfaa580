/**
 * Reads a built site as its readers will: every page is there, every link leads somewhere, every JSON file is what its schema
 * promises. A check that inspected nothing has found a fault. Files that were checked in the release before are not read
 * again; what they link to is looked for all the same.
 */
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogueJson } from '../api/catalogue-json.schema.ts';
import { isPlainName } from '../catalogue/plain-words.ts';
import { createRedactor } from '../catalogue/redaction.ts';
import { replaceFile } from '../snapshot/durable-write.ts';
import { fingerprintOf } from '../snapshot/fingerprint.ts';
import { fixedAddresses, isOwnPath, toOutputFile } from '../view/addresses.ts';
import { listPathsAbove } from '../view/site.ts';
import { checkJson, checkPage, type FileFacts } from './check-file.ts';
import type { CheckedFile, CheckedFiles } from './checked-files.ts';
import { listFiles } from './list-files.ts';

export interface SiteExpectations {
  readonly base: string;
  /** Files that must be there. */
  readonly expectedFiles: readonly string[];
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
const rulesVersion = 2;

/** Under which rules a site is checked: `known` files that were checked under others count for nothing. */
export function toRulesFingerprint(expectations: SiteExpectations): string {
  const names = listSearchedNames(expectations);
  const near =
    names.size === 0 ? [] : [...expectations.shownNames].filter((name) => listEnds(name).some((end) => names.has(end)));
  return fingerprintOf([rulesVersion, expectations.base, [...names].sort(), near.sort()]);
}

/** Checks the site in `folder`. `known` is what the check before learnt, under the same rules. */
export async function validateSite(
  folder: string,
  expectations: SiteExpectations,
  known: CheckedFiles = new Map(),
): Promise<SiteVerdict> {
  const files = await listFiles(folder);
  const problems: string[] = [];
  const checked = new Map<string, CheckedFile>();
  const search = createSearch(expectations);
  let filesRead = 0;
  let filesRedacted = 0;
  for (const file of files) {
    // The kernel has the answer in memory; waiting for a hundred thousand of them would take longer than reading.
    const { ino, size, mtimeMs } = statSync(join(folder, file));
    const before = known.get(file);
    // The catalogue is held against the snapshot's counts, so it is always read.
    const isKnown =
      before?.ino === ino && before.sizeBytes === size && before.modifiedMs === mtimeMs && !isCatalogue(file);
    if (isKnown) {
      checked.set(file, before);
      continue;
    }
    filesRead++;
    if (size === 0) problems.push(`${file} is empty`);
    if (search?.finds(file)) problems.push('the name of a file holds a name that may not be shown');
    const written = await readFile(join(folder, file), 'utf8');
    const text = search === null ? written : isSearchFile(file) ? search.assertNone(written) : search.redact(written);
    if (text === null) {
      problems.push(`${file} holds a name that may not be shown`);
      continue;
    }
    const facts = checkContent(file, text, expectations, (fault) => problems.push(`${file} ${fault}`));
    if (text === written) {
      checked.set(file, { ino, sizeBytes: size, modifiedMs: mtimeMs, ...facts });
      continue;
    }
    // The release before may have the same file, and keeps its own.
    await replaceFile(join(folder, file), text);
    const replaced = statSync(join(folder, file));
    checked.set(file, { ino: replaced.ino, sizeBytes: replaced.size, modifiedMs: replaced.mtimeMs, ...facts });
    filesRedacted++;
  }
  problems.push(...findMissing(checked, expectations), ...findDeadLinks(checked), ...findEqualTitles(checked));
  problems.push(...findIdleChecks(checked));
  return { problems, checked, filesRead, filesRedacted };
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

function findMissing(checked: CheckedFiles, { expectedFiles }: SiteExpectations): readonly string[] {
  const { home, status, notFound, statusJson, apiIndex, catalogueJson } = fixedAddresses;
  const always = [home, status, notFound, statusJson, apiIndex, catalogueJson].map(toOutputFile);
  return [...always, ...expectedFiles].filter((file) => !checked.has(file)).map((file) => `${file} is missing`);
}

function findDeadLinks(checked: CheckedFiles): readonly string[] {
  return [...checked].flatMap(([file, { targets }]) =>
    targets.filter((target) => !checked.has(target)).map((target) => `${file} links to ${target}, which is not there`),
  );
}

function findEqualTitles(checked: CheckedFiles): readonly string[] {
  const files = new Map<string, string>();
  const problems: string[] = [];
  for (const [file, { title }] of checked) {
    if (title === null) continue;
    const other = files.get(title);
    if (other !== undefined) problems.push(`${file} and ${other} have the same title`);
    files.set(title, file);
  }
  return problems;
}

/** A check that had nothing to look at would have let everything pass. */
function findIdleChecks(checked: CheckedFiles): readonly string[] {
  const files = [...checked];
  const looks: readonly (readonly [string, boolean])[] = [
    ['no page was found to check', files.some(([, { title }]) => title !== null)],
    ['no page has a link to check', files.some(([, { targets }]) => targets.length > 0)],
    ['no JSON file was found to check', files.some(([file]) => file.endsWith('.json'))],
  ];
  return looks.filter(([, found]) => !found).map(([problem]) => problem);
}

/**
 * The hidden names that files are searched for. Left to the crawl, which cleans what authors wrote, are names of one part, for
 * they are common words too, and names that are the path of something shown.
 */
function listSearchedNames({ hiddenNames, shownNames }: SiteExpectations): ReadonlySet<string> {
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
