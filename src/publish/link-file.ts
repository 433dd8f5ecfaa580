/** One file in two releases: a second name for the same bytes, or a copy where the file system has no such thing. */
import { copyFile, link, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * File systems without links or between two of them, too many links to one file, and files that another user owns
 * (`fs.protected_hardlinks`).
 */
const cannotLink = new Set(['EPERM', 'EXDEV', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Links or copies `from` to `to`, whose folder must be there. What is at `to` already stays. False: there is no `from`. */
export async function linkFile(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to).catch((error: NodeJS.ErrnoException) => {
      if (!cannotLink.has(error.code ?? '')) throw error;
      return copyFile(from, to);
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (code !== 'EEXIST') throw error;
  }
  return true;
}

/** Makes folders, each asked for once: thousands of files lie in far fewer of them. */
export function createFolderMaker(): (file: string) => Promise<void> {
  const made = new Set<string>();
  return async (file) => {
    const folder = dirname(file);
    if (made.has(folder)) return;
    await mkdir(folder, { recursive: true });
    made.add(folder);
  };
}

/** Links or copies files from one folder to another. False when one of them is not there. */
export async function linkFiles(files: Iterable<string>, from: string, to: string): Promise<boolean> {
  const makeFolder = createFolderMaker();
  for (const file of files) {
    await makeFolder(join(to, file));
    if (!(await linkFile(join(from, file), join(to, file)))) return false;
  }
  return true;
}
