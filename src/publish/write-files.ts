/** Files into a folder that links to the release that stands, without writing into that. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OutputFile } from '../api/output-file.ts';
import { isHashed } from './carry-assets.ts';
import { createFolderMaker, linkFile } from './link-file.ts';

/**
 * Writes files anew. One that is there already goes first, for it may be a link to the release that stands: `robots.txt` is
 * the plain one until the site has an address. What is named by its content, and stands in the folder `before`, is linked.
 */
export async function writeFiles(
  folder: string,
  files: Iterable<OutputFile> | AsyncIterable<OutputFile>,
  before?: string,
): Promise<void> {
  const makeFolder = createFolderMaker();
  for await (const { path, text } of files) {
    makeFolder(join(folder, path));
    if (before !== undefined && isHashed(path) && linkFile(join(before, path), join(folder, path))) continue;
    rmSync(join(folder, path), { force: true });
    writeFileSync(join(folder, path), text, { flag: 'wx' });
  }
}
