/** A process that compresses files: it is told which, batch after batch, and says of each how many it were, until it is let go. */
import { type CompressedFiles, compressFiles } from './compress-files.ts';

export interface CompressOrders {
  readonly folder: string;
  readonly before: string | null;
  readonly files: readonly string[];
}

/** What it answers: how many, or why it could not. */
export type CompressAnswer = CompressedFiles | { readonly message: string; readonly code: string | undefined };

process.on('message', (orders: CompressOrders) => {
  process.send?.(compress(orders));
});

function compress({ folder, before, files }: CompressOrders): CompressAnswer {
  try {
    return compressFiles(folder, before, files);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return { message, code };
  }
}
