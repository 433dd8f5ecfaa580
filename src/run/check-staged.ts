/** The last look at a built site before readers see it, and what of that look the next one need not do again. */
import { join } from 'node:path';
import { toCounts } from '../api/catalogue-json.ts';
import { readCheckedFiles, writeCheckedFiles } from '../publish/checked-files.ts';
import { type SiteExpectations, toRulesFingerprint, validateSite } from '../publish/validate-site.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import type { CatalogueTotals } from '../view/catalogue-totals.ts';
import type { EventLog } from './event-log.ts';
import { RunError } from './run-error.ts';

/** What the snapshot's own index says, which knows nothing of how pages count. */
export function countSnapshot(index: SnapshotIndex, totals: CatalogueTotals): SiteExpectations['counts'] {
  const listed = index.repositories.filter(({ state }) => state === 'listed');
  const tags = listed.reduce((sum, entry) => sum + entry.tags, 0);
  return { ...toCounts(totals, index.withheldRepositories), repositories: listed.length, tags };
}

/**
 * Checks the staged site; `remember` keeps what was learnt, once the site is published. Throws a `RunError` when it is not
 * fit for that.
 */
export async function checkStaged(staged: string, expectations: SiteExpectations, stateDir: string, log: EventLog) {
  const file = join(stateDir, 'cache', 'checked.txt');
  const rules = toRulesFingerprint(expectations);
  const { problems, checked, filesRead, filesRedacted } = await validateSite(
    staged,
    expectations,
    await readCheckedFiles(file, rules),
  );
  if (filesRedacted > 0) {
    const text = `${filesRedacted} files named what may not be shown; the names were replaced`;
    log.write('warning', 'names-replaced', text, { count: filesRedacted });
  }
  if (problems.length > 0) {
    for (const problem of problems.slice(0, 20)) log.write('error', 'site-invalid', problem);
    const message = `the built site has ${problems.length} faults and was not published: ${problems[0]}`;
    throw new RunError('SITE_INVALID', message, 'This is a defect of registry-homepage; the old site stands.');
  }
  return { filesRead, remember: () => writeCheckedFiles(file, rules, checked) };
}
