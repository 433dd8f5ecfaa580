/** The hour in the release that stands: the few files that carry it are replaced, and nothing else. */
import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OutputFile } from '../api/output-file.ts';
import { listStampedFiles } from '../api/stamp.ts';
import { removeTemporaryFiles, replaceFile } from '../snapshot/durable-write.ts';
import type { Site } from '../view/site.ts';
import type { StatusView } from '../view/status-view.ts';
import { encodeTwinAside, listTwins } from './compress-files.ts';
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
  // The homepage's alone take longer than all the rest here: they are made side by side.
  const made = await Promise.all(stamped.map((file) => encodeTwinsAside(folder, file)));
  for (const [at, { path, text }] of stamped.entries()) {
    await removeTemporaryFiles(dirname(join(folder, path)));
    for (const { file, bytes } of made[at] ?? []) await replaceFile(file, bytes);
    await replaceFile(join(folder, path), text);
  }
  return true;
}

/** The twins that stand beside a file, as they are to be. */
async function encodeTwinsAside(folder: string, { path, text }: OutputFile) {
  const twins = await Promise.all(
    listTwins(path).map(async (twin) => {
      const file = join(folder, path + twin.ending);
      return (await isThere(file)) ? [{ file, bytes: await encodeTwinAside(twin, Buffer.from(text)) }] : [];
    }),
  );
  return twins.flat();
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
