/** The hour in the release that stands: the few files that carry it are replaced, and nothing else. */
import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OutputFile } from '../api/output-file.ts';
import { listStampedFiles } from '../api/stamp.ts';
import { removeTemporaryFiles, replaceFile } from '../snapshot/durable-write.ts';
import type { Site } from '../view/site.ts';
import type { StatusView } from '../view/status-view.ts';
import { encodeTwin, listTwins } from './compress-files.ts';
import type { Release } from './release-store.ts';

/**
 * Replaces the hour's files in the release that stands, twins first: a reader of either finds a whole one. False where the
 * release lacks one of them, or one is not as it was made.
 */
export async function stampRelease({ folder }: Release, status: StatusView, site: Site): Promise<boolean> {
  const stamped: OutputFile[] = [];
  try {
    const files = listStampedFiles((path) => readFile(join(folder, path), 'utf8'), status, site);
    for await (const file of files) stamped.push(file);
  } catch (error) {
    if (error instanceof TypeError || (error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  for (const { path, text } of stamped) {
    await removeTemporaryFiles(dirname(join(folder, path)));
    for (const twin of listTwins(path)) {
      const file = join(folder, path + twin.ending);
      if (await isThere(file)) await replaceFile(file, encodeTwin(twin, Buffer.from(text)));
    }
    await replaceFile(join(folder, path), text);
  }
  return true;
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
