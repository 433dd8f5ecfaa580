/** A process that compresses files: it is told which, batch after batch, and says of each how many it were, until it is let go. */
import { compressFiles } from './compress-files.ts';

export interface CompressOrders {
  readonly folder: string;
  readonly before: string | null;
  readonly files: readonly string[];
}

process.on('message', ({ folder, before, files }: CompressOrders) => {
  process.send?.(compressFiles(folder, before, files));
});
