/** A process that renders: it is told the renderer and the plan once, then pages, batch after batch, until it is let go. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '../view/page-list.ts';
import type { OpenRenderer, PageRenderer, RenderPlan } from '../view/render-plan.ts';

export interface RenderOrders {
  /** The module that exports `openRenderer`. */
  readonly entry: string;
  readonly plan: RenderPlan;
  /** Where the pages go. */
  readonly outDir: string;
}

/** What the process is sent: first its orders, then batches, one at a time, each of which it answers; at last nothing more. */
export type RenderMessage = { readonly orders: RenderOrders } | { readonly pages: readonly Page[] } | 'end';

let orders: RenderOrders | null = null;
let renderer: Promise<PageRenderer> | null = null;
const madeFolders = new Set<string>();

process.on('message', (message: RenderMessage) => {
  if (message === 'end') process.disconnect();
  else if ('orders' in message) orders = message.orders;
  else
    renderBatch(message.pages).then(
      () => process.send?.('done'),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
});

async function renderBatch(pages: readonly Page[]): Promise<void> {
  if (orders === null) throw new TypeError('pages came before the orders');
  const { outDir } = orders;
  renderer ??= open(orders);
  const { render } = await renderer;
  for (const page of pages) {
    const { file, html } = await render(page);
    // Nothing else is to be done meanwhile, and to wait for each file would take longer than to write it.
    const path = join(outDir, file);
    const folder = dirname(path);
    if (!madeFolders.has(folder)) mkdirSync(folder, { recursive: true });
    madeFolders.add(folder);
    // Two pages at one address are a defect of ours; one of them would silently win.
    writeFileSync(path, html, { flag: 'wx' });
  }
}

async function open({ entry, plan }: RenderOrders): Promise<PageRenderer> {
  const { openRenderer } = (await import(pathToFileURL(entry).href)) as { readonly openRenderer: OpenRenderer };
  return openRenderer(plan);
}
