/** Files into a folder that links to the release that stands, without writing into that. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OutputFile } from '../api/output-file.ts';
import { listTwins } from './compress-files.ts';
import { createFolderMaker } from './link-file.ts';

/**
 * Writes files anew. One that is there already goes first, with its twins, for it may be a link to the release that stands:
 * `robots.txt` is the plain one until the site has an address.
 */
export async function writeFiles(
  folder: string,
  files: Iterable<OutputFile> | AsyncIterable<OutputFile>,
): Promise<void> {
  const makeFolder = createFolderMaker();
  for await (const { path, text } of files) {
    const file = join(folder, path);
    makeFolder(file);
    for (const ending of ['', ...listTwins(path).map((twin) => twin.ending)]) rmSync(file + ending, { force: true });
    writeFileSync(file, text, { flag: 'wx' });
  }
}
