/**
 * Compressed twins beside text files, for web servers that serve them as they are (`gzip_static`). The same content gives
 * the same bytes, and what the release before had compressed already is linked, not compressed again.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type CompressedFiles, compressFiles } from './compress-files.ts';
import type { CompressOrders } from './compress-process.ts';
import { isTextFile } from './is-text-file.ts';
import { listFiles } from './list-files.ts';

/** Files that a process is given at a time; also how many make a further process worth its start. */
const filesAtOnce = 500;
/** Each needs memory for itself. Threads would leave theirs to the process that they were started in. */
const mostProcesses = 4;

/**
 * Compresses the text files of `folder`, save those behind links to folders. Twins of files that are byte for byte in
 * `before`, with their twins, are linked. Throws an `Error` where a process ended before its work did.
 */
export async function compressSite(folder: string, before: string | null): Promise<CompressedFiles> {
  const files = (await listFiles(folder, { followLinks: false })).filter(isTextFile);
  const batches = Array.from({ length: Math.ceil(files.length / filesAtOnce) }, (_, at) =>
    files.slice(at * filesAtOnce, (at + 1) * filesAtOnce),
  );
  const processes = Math.min(availableParallelism(), mostProcesses, batches.length);
  if (processes <= 1) return compressFiles(folder, before, files);
  const queue = batches.values();
  const done = await Promise.all(Array.from({ length: processes }, () => compressInProcess(folder, before, queue)));
  return {
    compressed: done.reduce((sum, { compressed }) => sum + compressed, 0),
    linked: done.reduce((sum, { linked }) => sum + linked, 0),
  };
}

async function compressInProcess(
  folder: string,
  before: string | null,
  queue: Iterator<readonly string[]>,
): Promise<CompressedFiles> {
  const child = fork(join(import.meta.dirname, 'compress-process.ts'), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const total = { compressed: 0, linked: 0 };
  let isFinished = false;
  const next = () => {
    const { value: files } = queue.next();
    isFinished = files === undefined;
    // One that cannot be told any more has ended.
    if (files === undefined) child.disconnect();
    else child.send({ folder, before, files } satisfies CompressOrders, () => undefined);
  };
  child.on('message', ({ compressed, linked }: CompressedFiles) => {
    total.compressed += compressed;
    total.linked += linked;
    next();
  });
  next();
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  if (!isFinished || code !== 0) throw new Error(`a process that compresses files ended with ${signal ?? code}`);
  return total;
}
