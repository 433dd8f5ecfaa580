/** A process that renders: it is told with what, and where the pages go, then pages, batch after batch, until it is let go. */
import type { Page } from '../view/page-list.ts';
import { openBatches, type PageBatches, type RenderOrders, type RenderStart } from './page-batches.ts';

/** What the process is sent: its start and its orders, then batches, one at a time, each of which it answers. */
export type RenderMessage =
  | { readonly start: RenderStart; readonly orders: RenderOrders }
  | { readonly pages: readonly Page[] }
  | 'end';

let batches: PageBatches | null = null;

process.on('message', (message: RenderMessage) => {
  if (message === 'end') {
    batches?.close();
    process.disconnect();
  } else if ('start' in message) batches = openBatches(message.start).begin(message.orders);
  else
    render(message.pages).catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
});

async function render(pages: readonly Page[]): Promise<void> {
  if (batches === null) throw new TypeError('pages came before the orders');
  process.send?.(await batches.render(pages));
}
