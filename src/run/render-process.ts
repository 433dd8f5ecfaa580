/**
 * A process that renders: it is told the renderer and the plan, then where the pages go, then pages, batch after batch, until it is
 * let go.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createFinisher, type Finisher, type Finishing } from '../publish/finish-files.ts';
import { createFolderMaker, linkFile } from '../publish/link-file.ts';
import type { PageKey } from '../view/page-key.ts';
import type { Page } from '../view/page-list.ts';
import type { OpenRenderer, PageRenderer, RenderPlan } from '../view/render-plan.ts';
import { type PageKeys, readPageKeys } from './page-keys.ts';

/** What it renders with and from. What taking stock finds need not be there yet. */
export interface RenderStart {
  readonly entry: string;
  readonly plan: RenderPlan;
  /** The file of the keys of the pages before, and what their release is called there; null where none are to be relied on. */
  readonly keys: { readonly file: string; readonly release: string } | null;
}

export interface RenderOrders {
  /** Where the pages go, and how they are finished. */
  readonly outDir: string;
  readonly finishing: Finishing;
  /** The release before: a page that is there byte for byte is linked. Null where there is none, or none to rely on. */
  readonly before: string | null;
}

/** What the process is sent: its start and its orders, then batches, one at a time, each of which it answers. */
export type RenderMessage =
  | { readonly start: RenderStart }
  /** To read what pages of all images need, for there is time before the first. */
  | 'read-ahead'
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

interface Started {
  readonly renderer: Promise<PageRenderer>;
  readonly known: Promise<PageKeys>;
}

let started: Started | null = null;
let orders: RenderOrders | null = null;
let finisher: Finisher | null = null;
const makeFolder = createFolderMaker();

process.on('message', (message: RenderMessage) => {
  if (message === 'end') {
    finisher?.close();
    process.disconnect();
  } else if (message === 'read-ahead') {
    // Whoever needs it is told what it met with.
    started?.renderer.then((each) => each.readAhead()).catch(() => undefined);
  } else if ('start' in message) started = start(message.start);
  else if ('orders' in message) orders = message.orders;
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
  if (orders === null || started === null) throw new TypeError('pages came before the orders');
  const { outDir, finishing, before } = orders;
  finisher ??= createFinisher(outDir, `pages-${process.pid}`, finishing);
  const { render } = await started.renderer;
  const contents = await started.known;
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

function start({ entry, plan, keys }: RenderStart): Started {
  const renderer = open(entry, plan);
  // Whoever renders is told.
  renderer.catch(() => undefined);
  return { renderer, known: keys === null ? Promise.resolve(new Map()) : readPageKeys(keys.file, keys.release) };
}

async function open(entry: string, plan: RenderPlan): Promise<PageRenderer> {
  const { openRenderer } = (await import(pathToFileURL(entry).href)) as RendererModule;
  return openRenderer(plan);
}

function isSameText(file: string, text: string): boolean {
  try {
    return readFileSync(file, 'utf8') === text;
  } catch {
    return false;
  }
}
