/** One run at a time, by a lock that the kernel frees when its holder dies, however it dies. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { RunError } from './run-error.ts';

export interface RunLock {
  release(): void;
}

/**
 * Takes the lock of a folder, or throws a `RunError` when another run holds it. It is SQLite's exclusive lock on a
 * file that holds nothing: Node has no `flock`, and a file with a process number outlives the process.
 */
export async function takeRunLock(folder: string, name = 'lock'): Promise<RunLock> {
  await makeFolder(folder);
  const file = join(folder, name);
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec('PRAGMA journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database?.close();
    if (!/locked|busy/i.test(String(cause))) {
      throw new RunError(
        'CANNOT_WRITE',
        `${file} cannot be opened: ${cause}`,
        'The folder must be writable for the user that runs this.',
        {
          cause,
        },
      );
    }
    throw new RunError(
      'LOCKED',
      `another run holds ${file}`,
      'Nothing was done; it ends by itself, or by its deadline.',
      {
        cause,
      },
    );
  }
  const held = database;
  return { release: () => held.close() };
}

/** Of all folders that cannot be made only one is not found: that which a link leads to. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    const problem = `the folder ${folder} cannot be made: a link on the way to it leads nowhere`;
    throw new RunError('CANNOT_WRITE', problem, 'Is the disk mounted that the link leads to?', { cause });
  }
}
