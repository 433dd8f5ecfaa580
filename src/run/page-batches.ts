/** Renders pages batch after batch, wherever it is called: in the run itself, or in a process that does nothing else. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createFinisher, type Finisher, type Finishing } from '../publish/finish-files.ts';
import { createFolderMaker, linkFile } from '../publish/link-file.ts';
import type { PageKey } from '../view/page-key.ts';
import type { Page } from '../view/page-list.ts';
import type { AtHand, OpenRenderer, PageRenderer, RenderPlan } from '../view/render-plan.ts';
import { type PageKeys, readPageKeys } from './page-keys.ts';

/** What pages are rendered with and from. What taking stock finds need not be there yet. */
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

/** What came of a batch. */
export interface RenderedBatch {
  readonly rendered: number;
  /** Pages that are not as they were before. */
  readonly written: number;
  readonly keys: readonly PageKey[];
}

/** A renderer that is opened, and renders for as many orders as there are, one after the other. */
export interface OpenedRenderer {
  begin(orders: RenderOrders): PageBatches;
}

export interface PageBatches {
  /** Rejects with whatever went wrong in a page, or was wrong with what it is made from; or with the signal's reason. */
  render(pages: readonly Page[], signal?: AbortSignal): Promise<RenderedBatch>;
  /** To be called when all is rendered. */
  close(): void;
}

/** What the module exports that renders. */
interface RendererModule {
  readonly openRenderer: OpenRenderer;
}

/** Opens one. What it meets with when it loads the renderer it says when it is told to render. */
export function openBatches({ entry, plan, keys }: RenderStart, atHand: AtHand | null = null): OpenedRenderer {
  const opened = open(entry, plan, atHand);
  // Whoever renders is told.
  opened.catch(() => undefined);
  const known = keys === null ? null : readPageKeys(keys.file, keys.release);
  return { begin: (orders) => beginBatches(opened, known, orders) };
}

async function open(entry: string, plan: RenderPlan, atHand: AtHand | null): Promise<PageRenderer> {
  // Pages are the same wherever they are rendered.
  process.env['NODE_ENV'] = 'production';
  const { openRenderer } = (await import(pathToFileURL(entry).href)) as RendererModule;
  return openRenderer(plan, atHand);
}

function beginBatches(
  opened: Promise<PageRenderer>,
  known: PageKeys | null,
  { outDir, finishing, before }: RenderOrders,
): PageBatches {
  const makeFolder = createFolderMaker();
  const isKnown = ({ file, content }: PageKey) => before !== null && known?.contentOf(file) === content;
  let finisher: Finisher | null = null;
  return {
    async render(pages, signal) {
      finisher ??= createFinisher(outDir, `pages-${process.pid}`, finishing);
      const { render } = await opened;
      const keys: PageKey[] = [];
      let rendered = 0;
      let written = 0;
      for (const page of pages) {
        signal?.throwIfAborted();
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
    },
    close: () => finisher?.close(),
  };
}

function isSameText(file: string, text: string): boolean {
  try {
    return statSync(file).size === Buffer.byteLength(text) && readFileSync(file, 'utf8') === text;
  } catch {
    return false;
  }
}
