/** Writes that survive a crash: whole or not at all, and on the disk before anything points at them. */
import { execFile } from 'node:child_process';
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Replaces `file` by `bytes` in one step: a reader sees the old content or the new. The new content is flushed before
 * the rename and the folder after it, so a power cut leaves one of the two. Makes the folders that are missing. What is long may be
 * given piece by piece.
 */
export async function replaceFile(file: string, bytes: string | Uint8Array | Iterable<Uint8Array>): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true });
  const temporary = toTemporaryFile(file);
  try {
    // A process that was killed may have left a file of this name, for in a container every process has the same id.
    const handle = await open(temporary, 'w', 0o644);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** The same without waiting for the disk: for what is seen to be broken after a power cut, and made anew. */
export async function replaceUnflushed(file: string, bytes: string | Uint8Array | Iterable<Uint8Array>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = toTemporaryFile(file);
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Flushes a folder's own entries: without it a rename may be lost with the power. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Flushes everything that was written to the file system of `folder`, in one call: thousands of new files cost one wait
 * instead of thousands. That is `sync -f` (syncfs), for Node has no such call; where there is none (BusyBox, macOS, an image
 * without a shell) each file below `folder` is flushed by itself. Throws when the disk did not take it.
 */
export async function syncFileSystem(folder: string): Promise<void> {
  try {
    await run('sync', ['-f', folder]);
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string };
    if (/error syncing/i.test(stderr)) {
      throw Object.assign(new Error(`the disk did not take what was written: ${stderr.trim()}`, { cause }), {
        code: 'EIO',
      });
    }
    await syncEachFile(folder);
  }
}

/** Flushes every file and folder below `folder`, and `folder` itself. */
export async function syncEachFile(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() || entry.isDirectory()) await syncFolder(join(entry.parentPath, entry.name));
  }
  await syncFolder(folder);
}

/** Whether a file has the name of one that `replaceFile` was still writing when its run was killed. */
export function isTemporaryName(name: string): boolean {
  return /^\.\d+-\d+\.tmp$/.test(name);
}

/** Removes what killed runs left in a folder that `replaceFile` writes to. To be called under the lock. */
export async function removeTemporaryFiles(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) if (isTemporaryName(name)) await rm(join(folder, name), { force: true });
}

/** Where to write what is to take the place of `file`, beside it. */
export function toTemporaryFile(file: string): string {
  return join(dirname(file), `.${process.pid}-${temporaryCount++}.tmp`);
}

let temporaryCount = 0;
