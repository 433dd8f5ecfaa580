/** Whether a release that is to stand for another hour still has what it had. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { hasTurn } from '../crawl/spread.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { Release } from '../publish/release-store.ts';
import type { Site } from '../view/site.ts';
import type { MeasuredFile } from '../view/summary-lines.ts';
import { listOwnFiles } from './site-plan.ts';

/** An image of which a file is not there any more. */
export interface LostFile {
  readonly name: RepositoryName;
  readonly file: string;
}

/**
 * The images that lack a file in a release, each with the first that it lacks; of those that have their turn in a run before which
 * there were `run` others: all of them have it within a day of hourly runs.
 */
export function findLostFiles(
  { folder }: Pick<Release, 'folder'>,
  measured: readonly MeasuredFile[],
  site: Site,
  run: number,
): readonly LostFile[] {
  return measured.flatMap((each) => {
    const { name } = each.summary;
    if (!hasTurn(name, run)) return [];
    const file = listOwnFiles(each, site).find((one) => isLost(join(folder, one)));
    return file === undefined ? [] : [{ name, file }];
  });
}

/** A disk that does not answer has not lost it. */
function isLost(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

/** The release as if it had never had these images, so that they are made anew and the others are linked. */
export function withoutLost(release: Release, lost: readonly LostFile[]): Release {
  const names = new Set<string>(lost.map(({ name }) => name));
  const kept = Object.entries(release.record.repositories).filter(([name]) => !names.has(name));
  return { ...release, record: { ...release.record, repositories: Object.fromEntries(kept) } };
}
