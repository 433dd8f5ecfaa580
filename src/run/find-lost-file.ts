/** Whether a release that is to stand for another hour still has what it had. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasTurn } from '../crawl/spread.ts';
import type { Site } from '../view/site.ts';
import type { MeasuredFile } from '../view/summary-lines.ts';
import { listOwnFiles } from './site-plan.ts';

/**
 * A file that it should have and has not, of those images that have their turn in a run before which there were `run` others: all of
 * them have it within a day of hourly runs. Null where nothing is missing.
 */
export function findLostFile(
  folder: string,
  measured: readonly MeasuredFile[],
  site: Site,
  run: number,
): string | null {
  for (const each of measured) {
    if (!hasTurn(each.summary.name, run)) continue;
    const lost = listOwnFiles(each, site).find((file) => !existsSync(join(folder, file)));
    if (lost !== undefined) return lost;
  }
  return null;
}
