/** A process that compresses files: it is told which twins to make, batch after batch, and says when it has, until it is let go. */
import { type Twin, writeTwins } from './compress-files.ts';

export interface CompressOrders {
  readonly folder: string;
  readonly twins: readonly Twin[];
}

/** What it answers: that it has, or why it could not. */
export type CompressAnswer = 'made' | { readonly message: string; readonly code: string | undefined };

process.on('message', (orders: CompressOrders) => {
  process.send?.(compress(orders));
});

function compress({ folder, twins }: CompressOrders): CompressAnswer {
  try {
    writeTwins(folder, twins);
    return 'made';
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return { message, code };
  }
}
