/**
 * Compressed twins beside text files, for web servers that serve them as they are (`gzip_static`). The same content gives
 * the same bytes, and what the release before had compressed already is linked, not compressed again.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  encodeTwinAside,
  isFileAt,
  linkTwin,
  listMissingTwins,
  type Twin,
  writeTwin,
  writeTwins,
} from './compress-files.ts';
import type { CompressAnswer, CompressOrders } from './compress-process.ts';
import { isTextFile } from './is-text-file.ts';
import { walkFiles } from './list-files.ts';

/** Twins that a process is given at a time. So many are not worth its start: threads of this one make them, unless they are long. */
const twinsAtOnce = 500;
/** So many bytes, and what comes of them, this process has room for. */
const bytesAside = 16 * 1024 * 1024;
/** Each needs memory for itself. Threads would leave theirs to the process that they were started in, and much of it where many are made. */
const mostProcesses = 4;

export interface CompressedFiles {
  /** Those that were made: here, or beside their file as it was written. */
  readonly compressed: number;
  readonly linked: number;
}

export interface CompressOptions {
  /** Stops it. */
  readonly signal?: AbortSignal;
  /** Resolves when files may be written. What few twins hold is worked out before. */
  readonly mayWrite?: Promise<unknown>;
  /** The module that compresses in a process of its own, where the program does not run from its sources. */
  readonly processFile?: string;
}

/**
 * Compresses the text files of `folder`, save those behind links to folders. Twins of files that are byte for byte in
 * `before`, with their twins, are linked. Throws what the first that failed met with, with its code: a full disk is a full disk;
 * or the signal's reason, when it is stopped.
 */
export async function compressSite(
  folder: string,
  before: string | null,
  { mayWrite, ...options }: CompressOptions = {},
): Promise<CompressedFiles> {
  // It may be known long before all is worked out.
  mayWrite?.catch(() => undefined);
  const files = walkFiles(folder, { followLinks: false }).filter(isTextFile);
  const links: (readonly [path: string, twin: Twin])[] = [];
  let compressed = 0;
  const missing = listMissingTwins(folder, before, files, {
    link: (path, twin) => isFileAt(path) && links.push([path, twin]) > 0,
    onFound: () => compressed++,
  });
  // Of a large site that was never compressed the rest is looked for while these are made.
  const first = [...takeSome(missing, twinsAtOnce + 1)];
  const areFew = first.length <= twinsAtOnce;
  const sizeBytes = first.reduce((sum, { file }) => sum + statSync(join(folder, file)).size, 0);
  const areAside = areFew && sizeBytes <= bytesAside;
  const encoded = areAside ? await encodeAside(folder, first, options) : [];
  await mayWrite;
  options.signal?.throwIfAborted();
  for (const [twin, bytes] of encoded) writeTwin(folder, twin, bytes);
  compressed += encoded.length;
  if (!areAside) {
    compressed += await compressInProcesses(
      folder,
      goOn(first, missing),
      first.length,
      areFew ? 1 : twinsAtOnce,
      options,
    );
  }
  for (const [path, twin] of links) if (!linkTwin(folder, path, twin)) writeTwins(folder, [twin]);
  return { compressed, linked: links.length };
}

/** Works out twins, some side by side. */
async function encodeAside(
  folder: string,
  twins: readonly Twin[],
  { signal }: CompressOptions,
): Promise<readonly (readonly [Twin, Buffer])[]> {
  const encoded: (readonly [Twin, Buffer])[] = [];
  const queue = twins.values();
  const encode = async () => {
    for (const twin of queue) {
      signal?.throwIfAborted();
      encoded.push([twin, await encodeTwinAside(twin, readFileSync(join(folder, twin.file)))]);
    }
  };
  await Promise.all(Array.from({ length: countWorkers(twins.length) }, encode));
  return encoded;
}

function countWorkers(most: number): number {
  return Math.min(availableParallelism(), mostProcesses, most);
}

/** Resolves to how many were made, when all processes have ended. */
async function compressInProcesses(
  folder: string,
  twins: Iterator<Twin, undefined>,
  most: number,
  atOnce: number,
  options: CompressOptions,
): Promise<number> {
  let compressed = 0;
  const queue = cutBatches(twins, atOnce, (count) => {
    compressed += count;
  });
  const outcomes = await Promise.allSettled(
    // One that fails leaves nothing to do for the others, and none may write on when this has ended.
    Array.from({ length: countWorkers(most) }, () =>
      compressInProcess(folder, queue, options).catch((error: unknown) => {
        queue.return();
        throw error;
      }),
    ),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return compressed;
}

/** Takes so many and leaves the others, which an iterator's own `take` ends. */
function* takeSome<Value>(values: Iterator<Value, undefined>, count: number): Generator<Value> {
  for (let taken = 0; taken < count; taken++) {
    const { value, done } = values.next();
    if (done) return;
    yield value;
  }
}

function* goOn<Value>(first: Iterable<Value>, rest: Iterable<Value>): Generator<Value> {
  yield* first;
  yield* rest;
}

function* cutBatches(
  twins: Iterator<Twin, undefined>,
  size: number,
  onTaken: (count: number) => void,
): Generator<readonly Twin[], void> {
  for (;;) {
    const batch = [...takeSome(twins, size)];
    if (batch.length === 0) return;
    onTaken(batch.length);
    yield batch;
  }
}

async function compressInProcess(
  folder: string,
  queue: Iterator<readonly Twin[], void>,
  { signal, processFile = join(import.meta.dirname, 'compress-process.ts') }: CompressOptions,
): Promise<void> {
  signal?.throwIfAborted();
  const child = fork(processFile, [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const stop = () => child.kill();
  signal?.addEventListener('abort', stop);
  let isFinished = false;
  let failed: unknown = null;
  const fail = (error: unknown) => {
    failed = error;
    child.disconnect();
  };
  const next = () => {
    try {
      // Which twins are missing is found out on the way, and that may meet with a full disk too.
      const { value: twins } = queue.next();
      isFinished = twins === undefined;
      // One that cannot be told any more has ended.
      if (twins === undefined) child.disconnect();
      else child.send({ folder, twins } satisfies CompressOrders, () => undefined);
    } catch (error) {
      fail(error);
    }
  };
  child.on('message', (answer: CompressAnswer) => {
    if (answer === 'made') next();
    else fail(Object.assign(new Error(answer.message), { code: answer.code }));
  });
  next();
  const [code, killedBy] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  if (failed !== null) throw failed;
  if (!isFinished || code !== 0) throw new Error(`a process that compresses files ended with ${killedBy ?? code}`);
}
