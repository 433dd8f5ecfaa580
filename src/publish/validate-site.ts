/**
 * Reads a built site as its readers will: every page is there, every link leads somewhere, every JSON file is what its schema
 * promises. A check that inspected nothing has found a fault. What was checked in the release before, or as it was written, is not
 * read again; what it links to is looked for all the same, save in folders that are the same as then. Nor is there what a page
 * linked to before it was made anew.
 */
import { readFileSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogueJson } from '../api/catalogue-json.schema.ts';
import { replaceFile } from '../snapshot/durable-write.ts';
import { fixedAddresses, toOutputFile } from '../view/addresses.ts';
import { type CheckedContent, type CheckedFile, type CheckedFiles, nothingChecked } from './checked-files.ts';
import { listFiles } from './list-files.ts';
import type { MadeFile } from './made-files.ts';
import { createSharedFolders, type SharedFolder } from './shared-folders.ts';
import type { SiteRules } from './site-rules.ts';
import { createTextCheck } from './text-check.ts';

export interface SiteExpectations extends SiteRules {
  /** Files that must be there, besides those of the folders. */
  readonly expectedFiles: readonly string[];
  /** Files that will be there before readers see the site, and need not be looked into. */
  readonly laterFiles?: readonly string[];
  /** The folders that releases share, or will. */
  readonly folders: readonly SharedFolder[];
  readonly counts: CatalogueJson['counts'];
}

export interface SiteVerdict {
  /** What is wrong, a sentence each. Empty: it is fit to be published. */
  readonly problems: readonly string[];
  /** What was learnt of each file, for the next check. */
  readonly checked: CheckedFiles;
  /** Files that were checked, here or as they were written; the others are the same as in `known`. */
  readonly filesChecked: number;
  /** Files in which a name that may not be shown was replaced. */
  readonly filesRedacted: number;
}

/**
 * Checks the site in `folder`. `known` is what the check before learnt, under the same rules, and `made` what was found in files
 * as they were written: what is still the same file is not read.
 */
export async function validateSite(
  folder: string,
  expectations: SiteExpectations,
  known: CheckedFiles = nothingChecked,
  made: Iterable<MadeFile> = [],
): Promise<SiteVerdict> {
  const problems: string[] = [];
  const isThere = createPathSet(folder);
  const text = createTextCheck(expectations);
  let filesChecked = 0;
  let filesRedacted = 0;

  const check = async (file: string): Promise<CheckedContent> => {
    filesChecked++;
    if (!text.looksInto(file)) {
      if (statSync(join(folder, file)).size === 0) problems.push(`${file} is empty`);
      return { titles: [], targets: [] };
    }
    const written = readFileSync(join(folder, file), 'utf8');
    const found = text.check(file, written);
    problems.push(...found.problems);
    if (found.text !== written) {
      // The release before may have the same file, and keeps its own.
      await replaceFile(join(folder, file), found.text);
      filesRedacted++;
    }
    if (isCatalogue(file) && found.value !== undefined) {
      checkCounts(found.value as CatalogueJson, expectations.counts, (fault) => problems.push(`${file} ${fault}`));
    }
    return { titles: found.titles, targets: found.targets.map(isThere.name) };
  };

  for (const file of expectations.laterFiles ?? []) isThere.add(file);
  const shared = createSharedFolders(expectations.folders, isThere.add);
  const loose = (await listFiles(folder, { followLinks: false })).filter((file) => {
    isThere.add(file);
    return !shared.holds(file);
  });
  const files = new Map<string, CheckedFile>();
  for (const { path, problems: found, isRedacted, ...file } of made) {
    // The catalogue is held against the snapshot's counts; what carries the hour was written anew, maybe within the same moment.
    if (isCatalogue(path) || stampedPages.has(path)) continue;
    if (!isSame(statSync(join(folder, path), { throwIfNoEntry: false }), file)) continue;
    filesChecked++;
    if (isRedacted) filesRedacted++;
    problems.push(...found);
    const name = isThere.name(path);
    const content = { titles: file.titles, targets: file.targets.map(isThere.name) };
    if (!shared.add(name, content)) files.set(name, { ...file, ...content });
  }
  const folders = new Map<string, CheckedContent>();
  for (const each of expectations.folders) {
    const { id, folder: path, listFiles } = each;
    if (listFiles === null) {
      const before = known.folders.get(id);
      if (before === undefined) throw new TypeError(`nothing is known of ${path}/`);
      folders.set(id, before);
      continue;
    }
    for (const file of shared.listUnchecked(each)) {
      try {
        shared.add(file, await check(file));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        problems.push(`${file} is missing`);
      }
    }
    folders.set(id, shared.sumUp(each));
  }
  for (const file of loose) {
    if (files.has(file)) continue;
    // The kernel has the answer in memory; waiting for many of them would take longer than reading.
    const was = known.files.get(file);
    if (was !== undefined && isSame(statSync(join(folder, file)), was) && !isCatalogue(file)) {
      files.set(file, was);
      continue;
    }
    const content = await check(file);
    // It goes behind a link with its folder, where nobody looks for it; and there may be as many as pages.
    if (content.titles.length + content.targets.length === 0 && shared.hasBeside(file)) continue;
    const { ino, size, mtimeMs } = statSync(join(folder, file));
    files.set(file, { ino, sizeBytes: size, modifiedMs: mtimeMs, ...content });
  }
  const checked = { files, folders };
  const knownContents = new Set([...known.files.values(), ...known.folders.values()]);
  const isKnown = (content: CheckedContent) => knownContents.has(content);
  // What a page that was made anew linked to was found by the check before, as what others link to was.
  const foundBefore = new Set(
    [...files].flatMap(([file, content]) => (isKnown(content) ? [] : (known.files.get(file)?.targets ?? []))),
  );
  const isLacking = (content: CheckedContent, target: string) =>
    !((isKnown(content) || foundBefore.has(target)) && shared.isInChecked(target)) && !isThere.has(target);
  const found = [
    ...[problems, findMissing(isThere.has, expectations), findDeadLinks(checked, expectations, isLacking)],
    ...[findEqualTitles(checked, isKnown, expectations), findIdleChecks(checked, expectations)],
  ];
  return { problems: found.flat(), checked, filesChecked, filesRedacted };
}

function isSame(file: Stats | undefined, known: Pick<CheckedFile, 'ino' | 'sizeBytes' | 'modifiedMs'>): boolean {
  return file?.ino === known.ino && file.size === known.sizeBytes && file.mtimeMs === known.modifiedMs;
}

/** The files of a site. Each path is one text: those cut out of pages would keep the whole page in memory. */
function createPathSet(site: string) {
  const names = new Map<string, string>();
  const there = new Set<string>();
  const missing = new Set<string>();
  /** What lies behind a link to a folder was not listed: few of its files are named from elsewhere. */
  const isFound = (path: string): boolean => {
    if (missing.has(path)) return false;
    const isFile = isFileAt(join(site, path));
    (isFile ? there : missing).add(path);
    return isFile;
  };
  return {
    add(path: string) {
      names.set(path, path);
      there.add(path);
    },
    has: (path: string) => there.has(path) || isFound(path),
    name(path: string): string {
      const known = names.get(path);
      if (known !== undefined) return known;
      const copy = Buffer.from(path).toString();
      names.set(copy, copy);
      return copy;
    },
  };
}

/** What a page may link to where there is no such file, and no disk is at fault. */
const saysMissing = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE']);

function isFileAt(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch (error) {
    if (saysMissing.has((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

const stampedPages: ReadonlySet<string> = new Set([fixedAddresses.home, fixedAddresses.status].map(toOutputFile));

function isCatalogue(file: string): boolean {
  return file === fixedAddresses.catalogueJson;
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

function findDeadLinks(
  checked: CheckedFiles,
  expectations: SiteExpectations,
  isLacking: (content: CheckedContent, target: string) => boolean,
): readonly string[] {
  const problems: string[] = [];
  for (const [what, content] of listChecked(checked, expectations)) {
    for (const target of content.targets) {
      if (isLacking(content, target)) problems.push(`${what} links to ${target}, which is not there`);
    }
  }
  return problems;
}

/** Of what the check before found nothing wrong with, no two have the same title: the others are held against all. */
function findEqualTitles(
  checked: CheckedFiles,
  isKnown: (content: CheckedContent) => boolean,
  expectations: SiteExpectations,
): readonly string[] {
  const owners = new Map<string, string>();
  const problems: string[] = [];
  for (const areNew of [true, false]) {
    for (const [what, content] of listChecked(checked, expectations)) {
      if (isKnown(content) === areNew) continue;
      for (const title of content.titles) {
        const other = owners.get(title);
        if (other !== undefined) problems.push(`${what} and ${other} have the same title`);
        if (areNew) owners.set(title, what);
      }
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
