/**
 * Compressed twins beside text files, for web servers that serve them as they are (`gzip_static`). The same content gives
 * the same bytes, and what the release before had compressed already is linked, not compressed again.
 */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type CompressedFiles, compressFiles } from './compress-files.ts';
import type { CompressOrders } from './compress-thread.ts';
import { isTextFile } from './is-text-file.ts';
import { listFiles } from './list-files.ts';

/** For fewer files than this a further thread is not worth its start. */
const filesPerThread = 500;
const mostThreads = 4;

/**
 * Compresses the text files of `folder`, save those behind links to folders. Twins of files that are byte for byte in
 * `before`, with their twins, are linked.
 */
export async function compressSite(folder: string, before: string | null): Promise<CompressedFiles> {
  const files = (await listFiles(folder, { followLinks: false })).filter(isTextFile);
  const threads = Math.min(availableParallelism(), mostThreads, Math.ceil(files.length / filesPerThread));
  if (threads <= 1) return compressFiles(folder, before, files);
  const shares = Array.from({ length: threads }, (_, at) => files.filter((_file, number) => number % threads === at));
  const done = await Promise.all(shares.map((share) => compressInThread({ folder, before, files: share })));
  return {
    compressed: done.reduce((sum, { compressed }) => sum + compressed, 0),
    linked: done.reduce((sum, { linked }) => sum + linked, 0),
  };
}

async function compressInThread(orders: CompressOrders): Promise<CompressedFiles> {
  const thread = new Worker(join(import.meta.dirname, 'compress-thread.ts'), { workerData: orders });
  const [done] = (await once(thread, 'message')) as [CompressedFiles];
  return done;
}
