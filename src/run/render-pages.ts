/**
 * Renders pages: few of them here, and more in processes of their own, for their memory goes when they do, and pages are rendered
 * on several processors side by side. Which process rendered a page shows in none.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { Finishing } from '../publish/finish-files.ts';
import { linkFiles } from '../publish/link-file.ts';
import { listFiles } from '../publish/list-files.ts';
import type { PageKey } from '../view/page-key.ts';
import type { Page, PageSequence } from '../view/page-list.ts';
import type { RenderPlan } from '../view/render-plan.ts';
import {
  type OpenedRenderer,
  openBatches,
  type RenderedBatch,
  type RenderOrders,
  type RenderStart,
} from './page-batches.ts';
import { prepareRenderer, type Renderer } from './prepare-renderer.ts';
import { ProcessError } from './process-error.ts';
import { toModuleFile } from './program-version.ts';
import type { RenderMessage } from './render-process.ts';
import { watchChild } from './watch-child.ts';
import { nodeOptions } from './work-process.ts';
import { workTogether } from './work-together.ts';

export interface RenderOptions {
  readonly plan: RenderPlan;
  /** What to render, the pages of one repository side by side. */
  readonly pages: PageSequence;
  /** Where the pages go. What is there already stays, and none of the pages may be there. */
  readonly outDir: string;
  /** How the pages are finished. */
  readonly finishing: Finishing;
  /** The release before: pages that are there byte for byte are linked, and not written. */
  readonly before?: string | undefined;
  /** What stands for the bytes of its pages: those that would show the same are linked, and not rendered. */
  readonly keys?: RenderStart['keys'];
  /** What is kept between renderings, the renderer above all. Losing it costs some seconds. */
  readonly cacheDir: string;
  /** One that was opened ahead in this process: with the plan, the keys and the renderer that are given. */
  readonly opened?: OpenedRenderer | null;
  /** The renderer for the plan's base, where it is prepared already. */
  readonly renderer?: Renderer;
  readonly signal?: AbortSignal;
  /** Asked where others than who renders first are to render; resolves when processors and memory are there for them. */
  readonly freeOthers?: () => Promise<void>;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Pages that a process is given at a time. */
const pagesAtOnce = 100;
/** How many are worth a process, and so many more another: it loads all components, and what is known of every image. */
export const pagesWorthAProcess = 1000;
/** More would render faster, and each needs memory for itself. */
const mostProcesses = 4;
const mebibyte = 1024 * 1024;
/** What a process that renders takes, and what all of a build may take. */
const processBytes = 256 * mebibyte;
const buildBytes = 1024 * mebibyte;

/**
 * Renders the pages, and writes the files that all pages share, into `outDir`. Resolves to how many pages were
 * rendered, how many are not as they were before, and the keys of all. Throws a `ProcessError` with what was said.
 */
export async function renderPages(options: RenderOptions): Promise<RenderedBatch> {
  const {
    plan,
    pages,
    outDir,
    finishing,
    before = null,
    opened = null,
    keys = null,
    cacheDir,
    signal,
    freeOthers,
    onProgress,
  } = options;
  signal?.throwIfAborted();
  const { base } = plan.settings;
  const { entry, sharedFiles } =
    options.renderer ?? (await prepareRenderer({ base, cacheDir, ...(signal === undefined ? {} : { signal }) }));
  await mkdir(outDir, { recursive: true });
  linkFiles(await listFiles(sharedFiles), sharedFiles, outDir);

  let done = 0;
  const total = { rendered: 0, written: 0, keys: [] as PageKey[] };
  const add = (count: number, { rendered, written, keys: made }: RenderedBatch) => {
    done += count;
    total.rendered += rendered;
    total.written += written;
    for (const key of made) total.keys.push(key);
    onProgress?.(done, pages.length);
  };
  const start = { entry, plan, keys };
  const orders = { outDir, finishing, before };
  const rest = pages[Symbol.iterator]();
  const isBegunHere = opened !== null || pages.length <= pagesWorthAProcess;
  if (isBegunHere) {
    // Most pages of the images that changed are as they were: how many have to be rendered shows only on the way.
    const isEnough = () => total.rendered >= pagesWorthAProcess;
    await renderHere(opened ?? openBatches(start), orders, rest, signal, add, isEnough);
    if (done === pages.length) return total;
    await freeOthers?.();
  }
  const queue = cutBatches({ [Symbol.iterator]: () => rest }, pagesAtOnce);
  const renderToo = (either: AbortSignal) => renderInProcess(start, orders, queue, either, add);
  const renderAsWell = async (either: AbortSignal) => {
    if (!isBegunHere) await freeOthers?.();
    await renderToo(either);
  };
  const processes = Math.min(countProcesses(), Math.ceil((pages.length - done) / pagesWorthAProcess));
  await workTogether([renderToo, ...Array<typeof renderAsWell>(processes - 1).fill(renderAsWell)], signal);
  return total;
}

async function renderHere(
  opened: OpenedRenderer,
  orders: RenderOrders,
  pages: Iterator<Page>,
  signal: AbortSignal | undefined,
  onRendered: (pages: number, batch: RenderedBatch) => void,
  isEnough: () => boolean,
): Promise<void> {
  const batches = opened.begin(orders);
  try {
    while (!isEnough()) {
      const { value: page, done } = pages.next();
      if (done) break;
      // Whoever waits for something has their turn.
      await setImmediate();
      onRendered(1, await batches.render([page], signal));
    }
  } catch (error) {
    signal?.throwIfAborted();
    // As from a process: what went wrong in a page says nothing of the release before.
    throw new ProcessError(work, error instanceof Error ? error.message : 'it threw', inspect(error), { cause: error });
  } finally {
    batches.close();
  }
}

/** As many as the processors and the memory that is left are enough for, and at least one. */
function countProcesses(): number {
  const leftBytes = Math.min(buildBytes - process.memoryUsage.rss(), process.availableMemory());
  return Math.max(1, Math.min(availableParallelism(), mostProcesses, Math.floor(leftBytes / processBytes)));
}

/** Cuts pages into batches of about `count`, and a repository's pages only where they alone are more. */
export function* cutBatches(pages: Iterable<Page>, count: number): Generator<readonly Page[], undefined> {
  let batch: Page[] = [];
  let last: string | undefined;
  for (const page of pages) {
    const name = 'name' in page ? page.name : undefined;
    const isFull = batch.length >= count && (name === undefined || name !== last || batch.length >= 2 * count);
    if (isFull) {
      yield batch;
      batch = [];
    }
    batch.push(page);
    last = name;
  }
  if (batch.length > 0) yield batch;
}

/** What the processes do, in words. */
const work = 'rendering the pages';

async function renderInProcess(
  start: RenderStart,
  orders: RenderOrders,
  queue: Iterator<readonly Page[], undefined>,
  signal: AbortSignal,
  onRendered: (pages: number, batch: RenderedBatch) => void,
): Promise<void> {
  let { value: batch } = queue.next();
  signal.throwIfAborted();
  if (batch === undefined) return;
  const child = fork(toModuleFile('src/run/render-process'), [], {
    execArgv: [...nodeOptions],
    env: { ...process.env, NO_COLOR: '1' },
    // Sets are no JSON.
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const closed = watchChild(child, work);
  const stop = () => child.kill();
  signal.addEventListener('abort', stop);
  const sendBatch = () => send(child, batch === undefined ? 'end' : { pages: batch });
  send(child, { start, orders });
  child.on('message', (rendered: RenderedBatch) => {
    onRendered(batch?.length ?? 0, rendered);
    batch = queue.next().value;
    sendBatch();
  });
  sendBatch();
  try {
    await closed;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  // One that was stopped as it ended of itself.
  signal.throwIfAborted();
}

function send(child: ChildProcess, message: RenderMessage): void {
  // A process that cannot be told any more has ended, and how it ended is what is reported.
  child.send(message, () => undefined);
}
