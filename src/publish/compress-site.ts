/**
 * Compressed twins beside text files, for web servers that serve them as they are (`gzip_static`). The same content gives
 * the same bytes, and what the release before had compressed already is linked, not compressed again.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type CompressedFiles, compressFiles } from './compress-files.ts';
import type { CompressAnswer, CompressOrders } from './compress-process.ts';
import { isTextFile } from './is-text-file.ts';
import { listFiles } from './list-files.ts';

/** Files that a process is given at a time; also how many make a further process worth its start. */
const filesAtOnce = 500;
/** Each needs memory for itself. Threads would leave theirs to the process that they were started in. */
const mostProcesses = 4;

export interface CompressOptions {
  /** Stops it. */
  readonly signal?: AbortSignal;
  /** The module that compresses in a process of its own, where the program does not run from its sources. */
  readonly processFile?: string;
}

/**
 * Compresses the text files of `folder`, save those behind links to folders. Twins of files that are byte for byte in
 * `before`, with their twins, are linked. Throws what the first process that failed met with, with its code: a full disk is a full disk;
 * or the signal's reason, when it is stopped.
 */
export async function compressSite(
  folder: string,
  before: string | null,
  options: CompressOptions = {},
): Promise<CompressedFiles> {
  const files = (await listFiles(folder, { followLinks: false })).filter(isTextFile);
  const processes = Math.min(availableParallelism(), mostProcesses, Math.ceil(files.length / filesAtOnce));
  if (processes <= 1) return compressFiles(folder, before, files);
  const queue = cutBatches(files);
  const outcomes = await Promise.allSettled(
    // One that fails leaves nothing to do for the others, and none may write on when this has ended.
    Array.from({ length: processes }, () =>
      compressInProcess(folder, before, queue, options).catch((error: unknown) => {
        queue.return();
        throw error;
      }),
    ),
  );
  const done = outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
  return {
    compressed: done.reduce((sum, { compressed }) => sum + compressed, 0),
    linked: done.reduce((sum, { linked }) => sum + linked, 0),
  };
}

function* cutBatches(files: readonly string[]): Generator<readonly string[], void> {
  for (let at = 0; at < files.length; at += filesAtOnce) yield files.slice(at, at + filesAtOnce);
}

async function compressInProcess(
  folder: string,
  before: string | null,
  queue: Iterator<readonly string[], void>,
  { signal, processFile = join(import.meta.dirname, 'compress-process.ts') }: CompressOptions,
): Promise<CompressedFiles> {
  const child = fork(processFile, [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const stop = () => child.kill();
  signal?.addEventListener('abort', stop);
  const total = { compressed: 0, linked: 0 };
  let isFinished = false;
  let failed: Error | null = null;
  const next = () => {
    const { value: files } = queue.next();
    isFinished = files === undefined;
    // One that cannot be told any more has ended.
    if (files === undefined) child.disconnect();
    else child.send({ folder, before, files } satisfies CompressOrders, () => undefined);
  };
  child.on('message', (answer: CompressAnswer) => {
    if ('message' in answer) {
      failed = Object.assign(new Error(answer.message), { code: answer.code });
      child.disconnect();
      return;
    }
    total.compressed += answer.compressed;
    total.linked += answer.linked;
    next();
  });
  next();
  const [code, killedBy] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  if (failed !== null) throw failed;
  if (!isFinished || code !== 0) throw new Error(`a process that compresses files ended with ${killedBy ?? code}`);
  return total;
}
