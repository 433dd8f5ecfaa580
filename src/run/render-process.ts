/** A process that renders: it is told the renderer and the plan once, then pages, batch after batch, until it is let go. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createFolderMaker, linkFile } from '../publish/link-file.ts';
import type { Page } from '../view/page-list.ts';
import type { OpenRenderer, PageRenderer, RenderPlan } from '../view/render-plan.ts';

export interface RenderOrders {
  /** The module that exports `openRenderer`. */
  readonly entry: string;
  readonly plan: RenderPlan;
  /** Where the pages go. */
  readonly outDir: string;
  /** The release before: a page that is there byte for byte is linked. Null where there is none, or none to rely on. */
  readonly before: string | null;
}

/** What the process is sent: first its orders, then batches, one at a time, each of which it answers with the number of pages that are new. */
export type RenderMessage = { readonly orders: RenderOrders } | { readonly pages: readonly Page[] } | 'end';

let orders: RenderOrders | null = null;
let renderer: Promise<PageRenderer> | null = null;
const makeFolder = createFolderMaker();

process.on('message', (message: RenderMessage) => {
  if (message === 'end') process.disconnect();
  else if ('orders' in message) orders = message.orders;
  else
    renderBatch(message.pages).then(
      (written) => process.send?.(written),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
});

async function renderBatch(pages: readonly Page[]): Promise<number> {
  if (orders === null) throw new TypeError('pages came before the orders');
  const { outDir, before } = orders;
  renderer ??= open(orders);
  const { render } = await renderer;
  let written = 0;
  for (const page of pages) {
    const { file, html } = await render(page);
    // Nothing else is to be done meanwhile, and to wait for each file would take longer than to write it.
    const path = join(outDir, file);
    makeFolder(path);
    if (before !== null && isSameText(join(before, file), html) && linkFile(join(before, file), path)) continue;
    // Two pages at one address are a defect of ours; one of them would silently win.
    writeFileSync(path, html, { flag: 'wx' });
    written++;
  }
  return written;
}

async function open({ entry, plan }: RenderOrders): Promise<PageRenderer> {
  const { openRenderer } = (await import(pathToFileURL(entry).href)) as { readonly openRenderer: OpenRenderer };
  return openRenderer(plan);
}

function isSameText(file: string, text: string): boolean {
  try {
    return readFileSync(file, 'utf8') === text;
  } catch {
    return false;
  }
}
