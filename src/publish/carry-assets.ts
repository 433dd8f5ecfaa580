/** Hashed files of the releases before go on being there, so that a page that is open goes on working. */
import { join } from 'node:path';
import { createFolderMaker, linkFile } from './link-file.ts';
import { walkFiles } from './list-files.ts';
import type { Release } from './release-store.ts';

/** Whether a file's name holds its content's hash: what is behind it never changes. */
export function isHashed(file: string): boolean {
  return file.startsWith('-/assets/') || /^-\/search\/[a-z]+-[0-9a-f]{12}\.json$/.test(file);
}

/**
 * Links into `staged` what the newest `keep` releases made themselves. Their names hold their content's hash: of a release that
 * is gone already they are in those that came after it. Returns what `staged` had before, which is what it made itself.
 */
export function carryAssets(staged: string, releases: readonly Release[], keep: number): readonly string[] {
  const own = [...walkFiles(staged, { followLinks: false }).filter(isHashed)].sort();
  const there = new Set(own);
  const makeFolder = createFolderMaker();
  const carried = releases.slice(-keep);
  for (const [at, { record }] of carried.entries()) {
    for (const asset of record.assets) {
      if (there.has(asset)) continue;
      const target = join(staged, asset);
      makeFolder(target);
      if (carried.slice(at).some(({ folder }) => linkFile(join(folder, asset), target))) there.add(asset);
    }
  }
  return own;
}
