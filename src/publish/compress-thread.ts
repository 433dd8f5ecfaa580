/** A thread that compresses its share of the files, and says how many they were. */
import { parentPort, workerData } from 'node:worker_threads';
import { compressFiles } from './compress-files.ts';

export interface CompressOrders {
  readonly folder: string;
  readonly before: string | null;
  readonly files: readonly string[];
}

const { folder, before, files } = workerData as CompressOrders;
parentPort?.postMessage(compressFiles(folder, before, files));
