/**
 * One file in two releases: a second name for the same bytes, or a copy where the file system has no such thing. Each is the
 * work of microseconds, and to wait for a hundred thousand of them one by one would take many times as long.
 */
import { constants, copyFileSync, linkSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * File systems without links or between two of them, too many links to one file, and files that another user owns
 * (`fs.protected_hardlinks`).
 */
const cannotLink = new Set(['EPERM', 'EXDEV', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Links or copies `from` to `to`, whose folder must be there. What is at `to` already stays. False: there is no `from`. */
export function linkFile(from: string, to: string): boolean {
  try {
    linkOrCopy(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (code !== 'EEXIST') throw error;
  }
  return true;
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (!cannotLink.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    copyFileSync(from, to, constants.COPYFILE_EXCL);
  }
}

/** Makes folders, each asked for once: thousands of files lie in far fewer of them. */
export function createFolderMaker(): (file: string) => void {
  const made = new Set<string>();
  return (file) => {
    const folder = dirname(file);
    if (made.has(folder)) return;
    mkdirSync(folder, { recursive: true });
    made.add(folder);
  };
}

/** Links or copies files from one folder to another. False when one of them is not there. */
export function linkFiles(files: Iterable<string>, from: string, to: string): boolean {
  const makeFolder = createFolderMaker();
  for (const file of files) {
    makeFolder(join(to, file));
    if (!linkFile(join(from, file), join(to, file))) return false;
  }
  return true;
}
