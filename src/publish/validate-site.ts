/**
 * Reads a built site as its readers will: every page is there, every link leads somewhere, every JSON file is what its schema
 * promises. A check that inspected nothing has found a fault. Files that were checked in the release before are not read
 * again; what they link to is looked for all the same.
 */
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogueJson } from '../api/catalogue-json.schema.ts';
import { createRedactor } from '../catalogue/redaction.ts';
import { fixedAddresses, toOutputFile } from '../view/addresses.ts';
import { listPathsAbove } from '../view/site.ts';
import { checkJson, checkPage, type FileFacts } from './check-file.ts';
import { type CheckedFile, type CheckedFiles, fingerprintOf } from './checked-files.ts';
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
}

/** What may have changed in how files are checked, so that all must be read again. */
const rulesVersion = 1;

/** Under which rules a site is checked: `known` files that were checked under others count for nothing. */
export function toRulesFingerprint(expectations: SiteExpectations): string {
  const names = listSearchedNames(expectations);
  const near = names.size === 0 ? [] : [...expectations.shownNames].filter((name) => endsWithOneOf(name, names));
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
  const namesHidden = createHiddenCheck(expectations);
  let filesRead = 0;
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
    if (namesHidden?.(file)) problems.push('the name of a file holds a name that may not be shown');
    const text = await readFile(join(folder, file), 'utf8');
    if (namesHidden?.(text)) problems.push(`${file} holds a name that may not be shown`);
    const facts = checkContent(file, text, expectations, (fault) => problems.push(`${file} ${fault}`));
    checked.set(file, { ino, sizeBytes: size, modifiedMs: mtimeMs, ...facts });
  }
  problems.push(...findMissing(checked, expectations), ...findDeadLinks(checked), ...findEqualTitles(checked));
  problems.push(...findIdleChecks(checked));
  return { problems, checked, filesRead };
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
  return new Set([...hiddenNames].filter((name) => name.includes('/') && !shownPaths.has(name)));
}

function endsWithOneOf(name: string, names: ReadonlySet<string>): boolean {
  for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
    if (names.has(name.slice(at + 1))) return true;
  }
  return false;
}

/** Whether a text names what is hidden, or null where nothing is. */
function createHiddenCheck(expectations: SiteExpectations): ((text: string) => boolean) | null {
  const names = listSearchedNames(expectations);
  if (names.size === 0) return null;
  const escaped = [...names].map((name) => name.replaceAll('.', '\\.')).join('|');
  const mayName = new RegExp(`(?<![a-z0-9._-])(?:${escaped})(?![a-z0-9._-])`);
  const redact = createRedactor({
    names,
    isHidden: () => false,
    isShown: (name) => expectations.shownNames.has(name),
    isTagHidden: () => false,
  });
  return (text) => mayName.test(text) && redact(text) !== text;
}
