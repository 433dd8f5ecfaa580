/**
 * `npm run bench -- search-browser`, with sizes behind it or without: what a reader feels of the search, in Chromium with its
 * processor slowed four times: how soon the homepage answers, how long a keystroke takes to show results, how long the page is
 * ever held up, what is fetched, and whether memory stays flat.
 *
 * The homepages and the search's files are of made catalogues. Times are of the page's own thread, from the event to the end
 * of layout; the wait for the next frame, which no program can shorten, is printed beside them. Other work on the machine
 * makes every figure but the processor's own time worse and none better, so of several rounds the median stands.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, type CDPSession, chromium, type Page } from 'playwright';
import { browserLaunchOptions } from '../../scripts/launch-browser.ts';
import { serveSite } from '../../src/publish/serve-site.ts';
import { makeSearchSite } from './search-site.ts';
import { type Watched, watch } from './search-watch.ts';
import { lastPart, makeNames } from './search-world.ts';

const slowdown = 4;
const sizes = process.argv.slice(2).map(Number).filter(Boolean);
const rounds = 3;
const searches = 1000;
const { values } = parseArgs({ allowPositionals: true, strict: false, options: { folder: { type: 'string' } } });
const kept = typeof values.folder === 'string' ? values.folder : null;
const folder = kept ?? (await mkdtemp(join(tmpdir(), 'registry-homepage-bench-')));
const over: string[] = [];
const browser = await chromium.launch(browserLaunchOptions());
try {
  for (const size of sizes.length > 0 ? sizes : [500, 5000, 50_000]) await measureSize(browser, size);
  console.log(over.length === 0 ? '\nAll limits of the search hold.' : `\nOver: ${over.join('; ')}`);
} finally {
  await browser.close();
  if (kept === null) await rm(folder, { recursive: true });
}

async function measureSize(opened: Browser, size: number): Promise<void> {
  console.log(`\n${size} images, processor slowed ${slowdown} times, median of ${rounds} rounds`);
  const siteDir = await makeSearchSite(folder, size);
  const site = await serveSite({ siteDir, base: '/', host: '127.0.0.1', port: 0 });
  try {
    const measured: Round[] = [];
    for (let round = 0; round < rounds; round++) measured.push(await measureRound(opened, site.url, size, round));
    const middle = (of: (round: Round) => number) => measured.map(of).sort((a, b) => a - b)[rounds >> 1] as number;
    const isLocal = size <= 20_000;
    print(
      'homepage interactive, by the clock',
      middle(({ interactiveMs }) => interactiveMs),
      'ms',
      1000,
    );
    print(
      'homepage interactive, by the processor',
      middle(({ loadSpentMs }) => loadSpentMs),
      'ms',
      1000,
    );
    print(
      'search files fetched before the box is used',
      middle(({ fetchedBefore }) => fetchedBefore),
      '',
      0,
    );
    const index = middle(({ indexBytes }) => indexBytes);
    print('index as transferred', index, 'bytes', size === 5000 ? 60_000 : null);
    print(
      'first letter to results, with the index to fetch and read',
      middle(({ firstMs }) => firstMs),
      'ms',
      null,
    );
    print(
      'keystroke to results laid out, median',
      middle(({ shownMs }) => at(shownMs, 0.5)),
      'ms',
      null,
    );
    print(
      'keystroke to results laid out, 95th percentile',
      middle(({ shownMs }) => at(shownMs, 0.95)),
      'ms',
      isLocal ? 16 : null,
    );
    print(
      'keystroke to results painted, with the wait for the frame, 95th',
      middle(({ paintedMs }) => at(paintedMs, 0.95)),
      'ms',
      null,
    );
    print(
      'page held up by a keystroke, 95th percentile',
      middle(({ heldMs }) => at(heldMs, 0.95)),
      'ms',
      16,
    );
    print(
      'page held up by a keystroke, worst',
      middle(({ heldMs }) => at(heldMs, 1)),
      'ms',
      null,
    );
    print(
      'keystroke to results laid out, at full speed and multiplied, median',
      middle(({ scaledMs }) => at(scaledMs, 0.5)),
      'ms',
      null,
    );
    print(
      'keystroke to results laid out, at full speed and multiplied, 95th',
      middle(({ scaledMs }) => at(scaledMs, 0.95)),
      'ms',
      isLocal ? 16 : null,
    );
    print(
      'processor time of a keystroke with all that follows, median',
      middle(({ spentMs }) => at(spentMs, 0.5)),
      'ms',
      null,
    );
    print(
      'processor time of a keystroke with all that follows, 95th',
      middle(({ spentMs }) => at(spentMs, 0.95)),
      'ms',
      null,
    );
    print(
      'long tasks while typing (50 ms and more)',
      middle(({ longTasks }) => longTasks),
      '',
      0,
    );
    print(
      'mistyped, until similar names are there, median',
      middle(({ fuzzyMs }) => at(fuzzyMs, 0.5)),
      'ms',
      null,
    );
    print(
      'files fetched for name:tag, at most',
      middle(({ tagFiles }) => tagFiles),
      '',
      2,
    );
    print(
      'files fetched for a digest, at most',
      middle(({ digestFiles }) => digestFiles),
      '',
      2,
    );
    const growth = middle(({ heapGrowthBytes }) => heapGrowthBytes);
    print(`memory that ${searches} searches leave behind`, growth / 1000, 'kB', 1000);
  } finally {
    await site.close();
  }
}

interface Round {
  readonly interactiveMs: number;
  readonly fetchedBefore: number;
  readonly indexBytes: number;
  readonly firstMs: number;
  readonly shownMs: readonly number[];
  readonly paintedMs: readonly number[];
  readonly heldMs: readonly number[];
  readonly scaledMs: readonly number[];
  readonly loadSpentMs: number;
  readonly spentMs: readonly number[];
  readonly fuzzyMs: readonly number[];
  readonly longTasks: number;
  readonly tagFiles: number;
  readonly digestFiles: number;
  readonly heapGrowthBytes: number;
}

async function measureRound(opened: Browser, url: string, size: number, round: number): Promise<Round> {
  const loadSpentMs = await measureLoad(opened, url);
  const context = await opened.newContext();
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  const fetched: { readonly name: string; readonly bytes: () => Promise<number> }[] = [];
  context.on('response', (response) => {
    const name = new URL(response.url()).pathname;
    const bytes = async () => (await response.request().sizes()).responseBodySize;
    if (name.includes('/-/search/')) fetched.push({ name, bytes });
  });
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.addInitScript(watch);
  await page.goto(url);
  await page.waitForFunction(() => (globalThis as never as { watched?: Watched }).watched?.interactiveMs);
  const interactiveMs = await read(page, 'interactiveMs');
  await page.waitForLoadState('networkidle');
  const fetchedBefore = fetched.length;

  const names = makeNames(size);
  const typed = Array.from(
    { length: 12 },
    (_, number) => names[((round * 12 + number) * 7919 + 13) % names.length] ?? '',
  );
  const box = page.locator('#search');
  await box.focus();
  const firstMs = await ask(page, lastPart(typed[0] ?? '').charAt(0));
  await page.waitForTimeout(500);
  await reset(page);
  for (const name of typed.slice(0, 6)) {
    await empty(page);
    await page.keyboard.type(lastPart(name).slice(0, 10), { delay: 150 });
  }
  await page.waitForTimeout(300);
  const [shownMs, paintedMs, heldMs, longTasks] = await Promise.all([
    read(page, 'shown'),
    read(page, 'painted'),
    read(page, 'held'),
    read(page, 'longTasks'),
  ]);
  const readSpent = await openSpent(cdp);
  const spentMs: number[] = [];
  await reset(page);
  // Slowing a thread means letting it spin, which counts as work: so this is measured at full speed, and multiplied.
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  for (const name of typed) {
    await empty(page);
    for (const letter of lastPart(name).slice(0, 10)) {
      const before = await readSpent();
      await page.keyboard.press(letter);
      await page.waitForTimeout(150);
      spentMs.push(slowdown * ((await readSpent()) - before));
    }
  }
  const scaledMs = (await read(page, 'shown')).map((milliseconds) => slowdown * milliseconds);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  const fuzzyMs: number[] = [];
  for (const name of typed) {
    const part = lastPart(name);
    if (part.length > 5) fuzzyMs.push(await ask(page, `${part.slice(0, 2)}x${part.slice(3)}`));
  }
  const count = async (text: string) => {
    const before = fetched.length;
    await ask(page, text);
    return fetched.length - before;
  };
  const tagFiles = await count(`${names[1]}:1`);
  const digestFiles = await count('sha256:abcd');
  const heapGrowthBytes = await measureHeap(page, cdp, typed);
  const [index] = fetched.filter(({ name }) => name.endsWith('/index.json'));
  const indexBytes = (await index?.bytes()) ?? 0;
  await context.close();
  return {
    ...{ interactiveMs, fetchedBefore, indexBytes, firstMs, shownMs, paintedMs, heldMs, fuzzyMs, longTasks },
    ...{ scaledMs, loadSpentMs, spentMs, tagFiles, digestFiles, heapGrowthBytes },
  };
}

/** By the keyboard: looking elements up is work in the page, and would count as the search's. */
async function empty(page: Page): Promise<void> {
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('Backspace');
}

/** How long the page's thread has computed: unlike the clock, it does not go on while others use the processor. */
async function openSpent(cdp: CDPSession): Promise<() => Promise<number>> {
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  };
}

/** The page's own thread's work until the homepage is interactive, at full speed and multiplied. */
async function measureLoad(opened: Browser, url: string): Promise<number> {
  const context = await opened.newContext();
  const page = await context.newPage();
  const readSpent = await openSpent(await context.newCDPSession(page));
  await page.addInitScript(watch);
  const before = await readSpent();
  await page.goto(url);
  await page.waitForFunction(() => (globalThis as never as { watched?: Watched }).watched?.interactiveMs);
  const spent = (await readSpent()) - before;
  await context.close();
  return slowdown * spent;
}

/** Bytes that live after many searches and did not after a few. */
async function measureHeap(page: Page, cdp: CDPSession, names: readonly string[]): Promise<number> {
  const texts = names.flatMap((name) => {
    const part = lastPart(name);
    return [part, part.slice(0, 3), `${part.slice(0, 2)}x${part.slice(3)}`, `${part}:1`];
  });
  const run = async (times: number) => {
    await page.evaluate(
      async ([all, many]) => {
        const input = document.querySelector('input[type="search"]') as HTMLInputElement;
        for (let number = 0; number < many; number++) {
          input.value = all[number % all.length] ?? '';
          input.dispatchEvent(new Event('input', { bubbles: true }));
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      },
      [texts, times] as const,
    );
    await cdp.send('HeapProfiler.collectGarbage');
    return (await cdp.send('Runtime.getHeapUsage')).usedSize;
  };
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  const before = await run(texts.length);
  return (await run(searches)) - before;
}

async function read<Key extends keyof Watched>(page: Page, key: Key): Promise<Watched[Key]> {
  return (await page.evaluate((name) => {
    return (globalThis as never as { watched: Watched }).watched[name as 'held'];
  }, key)) as Watched[Key];
}

async function reset(page: Page): Promise<void> {
  await page.evaluate(() => (globalThis as never as { watched: Watched }).watched.reset());
}

/** Puts `text` into the box, and waits until the whole answer is announced. Resolves to the milliseconds until it is shown. */
function ask(page: Page, text: string): Promise<number> {
  return page.evaluate((asked) => (globalThis as never as { watched: Watched }).watched.untilFinal(asked), text);
}

function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function print(what: string, value: number, unit: string, most: number | null): void {
  const rounded = Number.isInteger(value) ? String(value) : value.toFixed(1);
  const verdict = most === null ? '' : ` (at most ${most}) ${value <= most ? 'ok' : 'TOO MUCH'}`;
  console.log(`  ${what}: ${rounded}${unit === '' ? '' : ` ${unit}`}${verdict}`);
  if (most !== null && !(value <= most)) over.push(what);
}
