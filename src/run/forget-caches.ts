import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder of the cache that the program itself is kept in, and runs from. It knows nothing of any registry. */
export const compiledFolder = 'compiled';

/** Removes what is kept to save time and may hold names: all of it but the program. */
export async function forgetCaches(cacheDir: string): Promise<void> {
  const names = await readdir(cacheDir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) {
    if (name !== compiledFolder) await rm(join(cacheDir, name), { recursive: true, force: true });
  }
}
