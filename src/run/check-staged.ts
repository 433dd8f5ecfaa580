/** The last look at a built site before readers see it, and what of that look the next one need not do again. */

import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toCounts } from '../api/catalogue-json.ts';
import {
  type CheckedAhead,
  type CheckedFiles,
  readCheckedAhead,
  readCheckedFiles,
  readCheckedFolders,
  writeCheckedFiles,
} from '../publish/checked-files.ts';
import { readMadeFiles } from '../publish/made-files.ts';
import type { SealedFolder } from '../publish/sealed-folders.ts';
import { toRulesFingerprint } from '../publish/site-rules.ts';
import { type SiteExpectations, type SiteVerdict, validateSite } from '../publish/validate-site.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import type { CatalogueTotals } from '../view/catalogue-totals.ts';
import { countTags } from './count-tags.ts';
import { readExpected, writeExpected } from './expected-files.ts';
import { RunError } from './run-error.ts';
import { type ProcessOptions, type SideProcess, workInProcess } from './work-process.ts';

/** What the snapshot's own index says, which knows nothing of how pages count. */
export function countSnapshot(index: SnapshotIndex, totals: CatalogueTotals): SiteExpectations['counts'] {
  const listed = index.repositories.filter(({ state }) => state === 'listed');
  return { ...toCounts(totals, index.withheldRepositories), repositories: listed.length, tags: countTags(listed) };
}

/** What a site must be; its files may be worked out as they are asked for. */
export interface Expectations extends Omit<SiteExpectations, 'expectedFiles' | 'folders'> {
  /** May be gone through more than once. */
  readonly expectedFiles: Iterable<string>;
  readonly folders: readonly StagedFolder[];
  /** How many files there must be, those of the folders included. */
  readonly fileCount: number;
}

export interface StagedFolder extends SealedFolder {
  /** Whether a release before made it, and this one has it behind a link. */
  readonly isStanding: boolean;
}

export interface CheckOptions {
  readonly stateDir: string;
  /** Looks, where there is one. */
  readonly side?: SideProcess;
  readonly filesWorthAProcess?: number;
}

/** A look that is prepared. */
export interface Check {
  /**
   * Checks the staged site. What was found in files as they were written lies in `madeFolder`; `remember` keeps what was learnt of
   * all, once the site is published. Throws a `RunError` when it is not fit for that.
   */
  run(
    staged: string,
    madeFolder: string,
    options: Omit<ProcessOptions, 'side'>,
  ): Promise<{ readonly filesChecked: number; readonly remember: () => Promise<void> }>;
}

/** Of more files than this, what is known of them alone takes more than the run itself has room for. */
const mostFilesHere = 400_000;

/**
 * Prepares the last look: what a site must be is known before all of it is there. A process that is there already looks, beside
 * whoever compresses; another is worth its start where so many files may have to be looked at: of each of them something is kept.
 */
export async function prepareCheck(
  { expectedFiles, fileCount, folders: stagedFolders, ...expectations }: Expectations,
  { stateDir, side, filesWorthAProcess = 20_000 }: CheckOptions,
): Promise<Check> {
  const cacheDir = join(stateDir, 'cache');
  await mkdir(cacheDir, { recursive: true });
  const expectedFile = join(cacheDir, 'expected.txt');
  const listFolders = (checked: ReadonlySet<string>) =>
    stagedFolders.map(({ isStanding, listFiles, ...each }) => {
      return { ...each, listFiles: isStanding && checked.has(each.id) ? null : listFiles };
    });
  const rules = toRulesFingerprint(expectations);
  const known = await readCheckedFolders(toKnownFile(cacheDir), rules);
  const knownCount = stagedFolders.reduce((sum, { id, isStanding, fileCount: count }) => {
    return sum + (isStanding && known.has(id) ? count : 0);
  }, 0);
  const isMuch = fileCount > mostFilesHere || fileCount - knownCount >= filesWorthAProcess;
  const isBeside = isMuch || side?.find() != null;
  const write = (folders: SiteExpectations['folders']) => {
    if (isBeside) writeExpected(expectedFile, expectedFiles, folders);
    return folders;
  };
  const prepared = write(listFolders(known));
  const knownFiles = isBeside ? null : await readCheckedFiles(toKnownFile(cacheDir), rules);
  return {
    async run(staged, madeFolder, options) {
      const places = { staged, madeFolder, cacheDir };
      const beside = { ...options, ...(side === undefined ? {} : { side }) };
      const lookWith = (folders: SiteExpectations['folders']): Promise<Looked | null> =>
        knownFiles === null
          ? workInProcess('check-staged', lookAtStaged, { ...places, expectations, expectedFile }, beside)
          : look(places, { ...expectations, expectedFiles: [...expectedFiles], folders }, knownFiles);
      const lookAll = async (): Promise<Looked> => {
        const looked = (await lookWith(prepared)) ?? (await lookWith(write(listFolders(new Set()))));
        if (looked === null) throw new TypeError('all was listed, and something is not known');
        return looked;
      };
      const looked = await lookAll().finally(() =>
        Promise.all([expectedFile, madeFolder].map((path) => rm(path, { recursive: true, force: true }))),
      );
      // What failed beside it may be why something is not there.
      options.signal.throwIfAborted();
      const { problems, filesChecked, filesRedacted, learntFile, knownFile } = looked;
      const { log } = options;
      if (filesRedacted > 0) {
        const text = `${filesRedacted} files named what may not be shown; the names were replaced`;
        log.write('warning', 'names-replaced', text, { count: filesRedacted });
      }
      if (problems.length > 0) {
        for (const problem of problems.slice(0, 20)) log.write('error', 'site-invalid', problem);
        const message = `the built site has ${problems.length} faults and was not published: ${problems[0]}`;
        throw new RunError('SITE_INVALID', message, 'This is a defect of registry-homepage; the old site stands.');
      }
      return { filesChecked, remember: () => rename(learntFile, knownFile) };
    },
  };
}

interface CheckPlaces {
  readonly staged: string;
  readonly madeFolder: string;
  readonly cacheDir: string;
}

export interface CheckOrders extends CheckPlaces {
  readonly expectations: Omit<SiteExpectations, 'expectedFiles' | 'folders'>;
  /** Where `writeExpected` wrote which files must be there. */
  readonly expectedFile: string;
}

/** What a check says; what it learnt of each file is left in a file, to take the place of what is known. */
export interface Looked extends Omit<SiteVerdict, 'checked'> {
  readonly learntFile: string;
  readonly knownFile: string;
}

/** Checks the staged site in a process that was sent no more than where to read what must be there. */
export async function lookAtStaged(
  { expectations, expectedFile, ...places }: CheckOrders,
  ahead: CheckedAhead | null = null,
): Promise<Looked | null> {
  const rules = toRulesFingerprint(expectations);
  const isRead = ahead?.fingerprint === rules;
  const known = isRead ? ahead.checked : await readCheckedFiles(toKnownFile(places.cacheDir), rules);
  return look(places, { ...expectations, ...readExpected(expectedFile) }, known);
}

/** Checks staged sites, for a process that may read ahead for it. */
export function createStagedCheck() {
  let ahead: CheckedAhead | null = null;
  return {
    /** Reads what was learnt before while it is not yet known what changed. */
    readAhead({ stateDir }: Pick<CheckOptions, 'stateDir'>): void {
      ahead = readCheckedAhead(toKnownFile(join(stateDir, 'cache')));
    },
    async look(orders: CheckOrders): Promise<Looked | null> {
      const read = ahead;
      // Where it turns out to be damaged it is read anew.
      ahead = null;
      return lookAtStaged(orders, read);
    },
  };
}

function toKnownFile(cacheDir: string): string {
  return join(cacheDir, 'checked.txt');
}

/** Null where a folder whose files are not listed turns out to be unknown: what is kept is damaged. */
async function look(
  { staged, madeFolder, cacheDir }: CheckPlaces,
  expectations: SiteExpectations,
  known: CheckedFiles,
): Promise<Looked | null> {
  const [knownFile, learntFile] = [toKnownFile(cacheDir), join(cacheDir, 'checked.new.txt')];
  const rules = toRulesFingerprint(expectations);
  if (expectations.folders.some(({ id, listFiles }) => listFiles === null && !known.folders.has(id))) return null;
  const { checked, ...said } = await validateSite(staged, expectations, known, readMadeFiles(madeFolder));
  await writeCheckedFiles(learntFile, rules, checked);
  return { ...said, learntFile, knownFile };
}
