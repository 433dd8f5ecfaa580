/** The last look at a built site before readers see it, and what of that look the next one need not do again. */

import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toCounts } from '../api/catalogue-json.ts';
import { readCheckedFiles, writeCheckedFiles } from '../publish/checked-files.ts';
import { type SiteExpectations, type SiteVerdict, toRulesFingerprint, validateSite } from '../publish/validate-site.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import type { CatalogueTotals } from '../view/catalogue-totals.ts';
import { readExpected, writeExpected } from './expected-files.ts';
import { toModuleFile } from './program-version.ts';
import { RunError } from './run-error.ts';
import { type ProcessOptions, workInProcess } from './work-process.ts';

/** What the snapshot's own index says, which knows nothing of how pages count. */
export function countSnapshot(index: SnapshotIndex, totals: CatalogueTotals): SiteExpectations['counts'] {
  const listed = index.repositories.filter(({ state }) => state === 'listed');
  const tags = listed.reduce((sum, entry) => sum + entry.tags, 0);
  return { ...toCounts(totals, index.withheldRepositories), repositories: listed.length, tags };
}

/** What a site must be; its files may be worked out as they are asked for. */
export interface Expectations extends Omit<SiteExpectations, 'expectedFiles'> {
  readonly expectedFiles: Iterable<string>;
}

/** A process is worth its start where so many files were made, which are to be read, or where a site has so many. */
const madeWorthAProcess = 5000;
const filesWorthAProcess = 60_000;

/**
 * Checks the staged site, of which so many files were made and the others are linked; `remember` keeps what was learnt, once the
 * site is published. Throws a `RunError` when it is not fit for that.
 */
export async function checkStaged(
  staged: string,
  { expectedFiles, folders, ...expectations }: Expectations,
  filesMade: number,
  stateDir: string,
  options: ProcessOptions,
): Promise<{ readonly filesRead: number; readonly remember: () => Promise<void> }> {
  const cacheDir = join(stateDir, 'cache');
  const expectedFile = join(cacheDir, 'expected.txt');
  await mkdir(cacheDir, { recursive: true });
  const count = writeExpected(expectedFile, expectedFiles, folders);
  const orders = { staged, expectations, expectedFile, cacheDir };
  const file = toModuleFile('src/run/check-staged-process');
  const isMuch = filesMade >= madeWorthAProcess || count >= filesWorthAProcess;
  const looking = isMuch ? workInProcess(file, lookAtStaged, orders, options) : lookAtStaged(orders);
  const looked = await looking.finally(() => rm(expectedFile, { force: true }));
  const { problems, filesRead, filesRedacted, learntFile, knownFile } = looked;
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
  return { filesRead, remember: () => rename(learntFile, knownFile) };
}

export interface CheckOrders {
  readonly staged: string;
  readonly expectations: Omit<SiteExpectations, 'expectedFiles' | 'folders'>;
  /** Where `writeExpected` wrote which files must be there. */
  readonly expectedFile: string;
  readonly cacheDir: string;
}

/** What a check says; what it learnt of each file is left in a file, to take the place of what is known. */
export interface Looked extends Omit<SiteVerdict, 'checked'> {
  readonly learntFile: string;
  readonly knownFile: string;
}

/** Checks the staged site in this process. */
export async function lookAtStaged({ staged, expectedFile, cacheDir, ...orders }: CheckOrders): Promise<Looked> {
  const [knownFile, learntFile] = [join(cacheDir, 'checked.txt'), join(cacheDir, 'checked.new.txt')];
  const expectations = { ...orders.expectations, ...readExpected(expectedFile) };
  const rules = toRulesFingerprint(expectations);
  const { checked, ...said } = await validateSite(staged, expectations, await readCheckedFiles(knownFile, rules));
  await writeCheckedFiles(learntFile, rules, checked);
  return { ...said, learntFile, knownFile };
}
