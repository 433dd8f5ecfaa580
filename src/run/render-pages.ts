/**
 * Renders pages, in processes of their own: their memory goes when they do, and pages are rendered on several processors side
 * by side. Which process rendered a page shows in none.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { Finishing } from '../publish/finish-files.ts';
import { linkFiles } from '../publish/link-file.ts';
import { listFiles } from '../publish/list-files.ts';
import type { PageKey } from '../view/page-key.ts';
import type { Page, PageSequence } from '../view/page-list.ts';
import type { RenderPlan } from '../view/render-plan.ts';
import { prepareRenderer, type Renderer } from './prepare-renderer.ts';
import { toModuleFile } from './program-version.ts';
import type { RenderedBatch, RenderMessage, RenderOrders, RenderStart } from './render-process.ts';
import { isRunning, watchChild } from './watch-child.ts';
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
  /** A process that is ready: for the plan, the keys and the renderer that are given. */
  readonly warm?: RenderProcess | null;
  /** The renderer for the plan's base, where it is prepared already. */
  readonly renderer?: Renderer;
  readonly signal?: AbortSignal;
  /** Resolves when processors and memory are there for more than one process. */
  readonly othersFree?: Promise<void>;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Pages that a process is given at a time. */
const pagesAtOnce = 100;
/** How many make a further process worth its start: it loads all components, and what is known of every image. */
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
    warm = null,
    keys = null,
    cacheDir,
    signal,
    othersFree,
    onProgress,
  } = options;
  signal?.throwIfAborted();
  const { base } = plan.settings;
  const { entry, sharedFiles } =
    options.renderer ?? (await prepareRenderer({ base, cacheDir, ...(signal === undefined ? {} : { signal }) }));
  await mkdir(outDir, { recursive: true });
  linkFiles(await listFiles(sharedFiles), sharedFiles, outDir);

  const queue = cutBatches(pages, pagesAtOnce);
  let done = 0;
  const total = { rendered: 0, written: 0, keys: [] as PageKey[] };
  const render = (either: AbortSignal, ready: RenderProcess | null) =>
    renderInProcess(
      () => (ready !== null && isRunning(ready.child) ? ready : startRenderProcess({ entry, plan, keys })),
      { outDir, finishing, before },
      queue,
      either,
      (count, { rendered, written, keys: made }) => {
        done += count;
        total.rendered += rendered;
        total.written += written;
        for (const key of made) total.keys.push(key);
        onProgress?.(done, pages.length);
      },
    );
  const processes = Math.min(countProcesses(), Math.ceil(pages.length / pagesWorthAProcess));
  const renderToo = async (either: AbortSignal) => {
    await othersFree;
    await render(either, null);
  };
  const renderFirst = (either: AbortSignal) => render(either, warm);
  await workTogether([renderFirst, ...Array<typeof renderToo>(Math.max(0, processes - 1)).fill(renderToo)], signal);
  return total;
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

/** A process that loads the renderer and what it renders with, and then waits for pages. It is stopped where nobody wants it any more. */
export interface RenderProcess extends Disposable {
  readonly child: ChildProcess;
  /** Rejects with a `ProcessError` where it failed, also while nobody had asked it for anything. */
  readonly closed: Promise<void>;
}

/** Starts one long before it has anything to render: meanwhile it reads what it will need. */
export function startRenderProcessEarly(start: RenderStart): RenderProcess {
  const early = startRenderProcess(start);
  send(early.child, 'read-ahead');
  return early;
}

/** Starts one. What it met with when it loaded the renderer it says when it is told to render. */
function startRenderProcess(start: RenderStart): RenderProcess {
  const child = fork(toModuleFile('src/run/render-process'), [], {
    execArgv: [...nodeOptions],
    env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' },
    // Sets are no JSON.
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const closed = watchChild(child, 'rendering the pages');
  closed.catch(() => undefined);
  send(child, { start });
  return { child, closed, [Symbol.dispose]: () => child.kill() };
}

async function renderInProcess(
  start: () => RenderProcess,
  orders: RenderOrders,
  queue: Iterator<readonly Page[], undefined>,
  signal: AbortSignal,
  onRendered: (pages: number, batch: RenderedBatch) => void,
): Promise<void> {
  let { value: batch } = queue.next();
  signal.throwIfAborted();
  if (batch === undefined) return;
  const { child, closed } = start();
  const stop = () => child.kill();
  signal.addEventListener('abort', stop);
  const sendBatch = () => send(child, batch === undefined ? 'end' : { pages: batch });
  send(child, { orders });
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
