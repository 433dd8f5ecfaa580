/** A process that renders: it is told the renderer and the plan once, then pages, batch after batch, until it is let go. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createFinisher, type Finisher, type Finishing } from '../publish/finish-files.ts';
import { createFolderMaker, linkFile } from '../publish/link-file.ts';
import type { PageKey } from '../view/page-key.ts';
import type { Page } from '../view/page-list.ts';
import type { OpenRenderer, PageRenderer, RenderPlan } from '../view/render-plan.ts';
import { type PageKeys, readPageKeys } from './page-keys.ts';

export interface RenderOrders {
  readonly plan: RenderPlan;
  /** Where the pages go, and how they are finished. */
  readonly outDir: string;
  readonly finishing: Finishing;
  /** The release before: a page that is there byte for byte is linked. Null where there is none, or none to rely on. */
  readonly before: string | null;
  /** The file of the keys of its pages, and what that release is called there; null where none are to be relied on. */
  readonly keys: { readonly file: string; readonly release: string } | null;
}

/** What the process is sent: first its renderer and its orders, then batches, one at a time, each of which it answers. */
export type RenderMessage =
  | { readonly entry: string }
  | { readonly orders: RenderOrders }
  | { readonly pages: readonly Page[] }
  | 'end';

/** What came of a batch. */
export interface RenderedBatch {
  readonly rendered: number;
  /** Pages that are not as they were before. */
  readonly written: number;
  readonly keys: readonly PageKey[];
}

/** What the module exports that renders. */
interface RendererModule {
  readonly openRenderer: OpenRenderer;
}

let rendererModule: Promise<RendererModule> | null = null;
let orders: RenderOrders | null = null;
let renderer: Promise<PageRenderer> | null = null;
let known: Promise<PageKeys> | null = null;
let finisher: Finisher | null = null;
const makeFolder = createFolderMaker();

process.on('message', (message: RenderMessage) => {
  if (message === 'end') {
    finisher?.close();
    process.disconnect();
  } else if ('entry' in message) {
    rendererModule = load(message.entry);
    // Whoever needs it is told.
    rendererModule.catch(() => undefined);
  } else if ('orders' in message) orders = message.orders;
  else
    renderBatch(message.pages).then(
      (batch) => process.send?.(batch),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
});

async function renderBatch(pages: readonly Page[]): Promise<RenderedBatch> {
  if (orders === null) throw new TypeError('pages came before the orders');
  const { outDir, finishing, before, keys: kept } = orders;
  finisher ??= createFinisher(outDir, `pages-${process.pid}`, finishing);
  renderer ??= open(orders.plan);
  known ??= kept === null ? Promise.resolve(new Map()) : readPageKeys(kept.file, kept.release);
  const { render } = await renderer;
  const contents = await known;
  const isKnown = ({ file, content }: PageKey) => before !== null && contents.get(file) === content;
  const keys: PageKey[] = [];
  let rendered = 0;
  let written = 0;
  for (const page of pages) {
    let made = await render(page, isKnown);
    keys.push(made.key);
    const path = join(outDir, made.file);
    if (made.html === null) {
      makeFolder(path);
      if (linkFile(join(before ?? '', made.file), path)) continue;
      made = await render(page, () => false);
    }
    const { file, html } = made;
    if (html === null) throw new TypeError(`${file} was not rendered`);
    rendered++;
    if (before !== null && isSameText(join(before, file), html)) {
      makeFolder(path);
      if (linkFile(join(before, file), path)) continue;
    }
    // Nothing else is to be done meanwhile, and to wait for each file would take longer than to write it.
    finisher.write(file, html);
    written++;
  }
  return { rendered, written, keys };
}

async function load(entry: string): Promise<RendererModule> {
  return (await import(pathToFileURL(entry).href)) as RendererModule;
}

async function open(plan: RenderPlan): Promise<PageRenderer> {
  if (rendererModule === null) throw new TypeError('the orders came before the renderer');
  const { openRenderer } = await rendererModule;
  return openRenderer(plan);
}

function isSameText(file: string, text: string): boolean {
  try {
    return readFileSync(file, 'utf8') === text;
  } catch {
    return false;
  }
}
