import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { measureLists } from '../../../src/run/cleanup-lists.ts';
import { linkLists } from '../../../src/run/stage-site.ts';
import { toSiteFolder, toStockFolder, toViewsFile } from '../../../src/run/stock-files.ts';
import { createStockTaking, type StockInHand } from '../../../src/run/take-stock.ts';
import { createStockParts, type StockOrders } from '../../../src/run/work-out-stock.ts';
import {
  createSideProcess,
  mostTagsBeside,
  type SideProcess,
  tagsWorthAProcess,
  workInProcess,
} from '../../../src/run/work-process.ts';
import { toTemporaryFile } from '../../../src/snapshot/durable-write.ts';
import type { SnapshotIndex } from '../../../src/snapshot/index.schema.ts';
import { createSnapshotStore } from '../../../src/snapshot/snapshot-store.ts';
import { deleteTools } from '../../../src/view/delete-commands.ts';
import { useFolder } from '../../support/run-program.ts';
import { sampleHost, writeSampleSnapshot } from '../../support/sample-catalogue.ts';

/** A snapshot that says it has so many tags, which decides where stock is taken of it. */
async function useStock(t: TestContext, tags: number) {
  const stateDir = await useFolder(t);
  await writeSampleSnapshot(stateDir);
  const index = await createSnapshotStore(stateDir).readIndex();
  assert.ok(index !== null);
  const [first, ...others] = index.repositories;
  assert.ok(first !== undefined);
  const common = { publicHost: sampleHost, alternateHosts: [], movingTags: ['latest'] };
  const orders: StockOrders = {
    stateDir,
    settings: { ...common, cleanup: [{ repositories: ['**'], beyondNewest: 1, protect: [] }] },
    index: { ...index, repositories: [{ ...first, tags }, ...others] },
    siteSettings: { ...common, title: 't', base: '/' },
    programFingerprint: '1',
  };
  const lines: string[] = [];
  const log = { write: (_level: string, _event: string, message: string) => void lines.push(message) };
  const open = (side?: SideProcess, over: Partial<SnapshotIndex> = {}, signal = new AbortController().signal) => {
    const all = { ...orders, index: { ...orders.index, ...over } };
    return createStockTaking(all, { signal, log, ...(side === undefined ? {} : { side }) });
  };
  return { stateDir, index: orders.index, orders, lines, open };
}

/** All that is there of the stock, and what is kept of it. */
function readAll(stateDir: string): ReadonlyMap<string, string> {
  const folder = toStockFolder(stateDir);
  const cacheDir = join(stateDir, 'cache');
  const names = ['whole', 'cleanup', 'inventories'].flatMap((part) =>
    readdirSync(join(cacheDir, part), { recursive: true, encoding: 'utf8' }).map((name) => join(part, name)),
  );
  assert.ok(names.includes(join('whole', toViewsFile(folder).slice(folder.length + 1))));
  assert.ok(names.some((name) => name.endsWith('cleanup.json')));
  assert.deepEqual(
    readdirSync(cacheDir).filter((name) => name.endsWith('.new')),
    [],
  );
  const files = names.filter((name) => statSync(join(cacheDir, name)).isFile());
  return new Map(files.sort().map((name) => [name, readFileSync(join(cacheDir, name), 'latin1')]));
}

async function takeAll(open: () => ReturnType<typeof createStockTaking>) {
  await using stock = open();
  stock.begin();
  return await finishAll(await stock.take());
}

async function finishAll(taken: StockInHand) {
  const { files, lists } = await taken.finish();
  assert.ok(lists !== null);
  const measured = measureLists(lists);
  await taken.writeLists(
    measured.map(({ path }) => path),
    new AbortController().signal,
  );
  await taken.keep();
  return { shares: [...taken.shares], files, lists: measured };
}

test('what is taken in one process, in another at once and in parts is the same', async (t) => {
  const results = [];
  for (const tags of [0, mostTagsBeside + 1, tagsWorthAProcess]) {
    const { stateDir, lines, open } = await useStock(t, tags);
    await using side = createSideProcess();
    const { shares, files, lists } = await takeAll(() => open(side));
    assert.equal(side.find() !== null, tags === tagsWorthAProcess, 'one stays where there is room for it');
    assert.deepEqual(lines, []);
    const sizeOf = (path: string) => statSync(join(toSiteFolder(toStockFolder(stateDir)), path)).size;
    for (const path of files) assert.ok(sizeOf(path) > 0);
    assert.deepEqual([files.length, lists.length], [2, 2 + deleteTools.length]);
    for (const { path, sizeBytes } of lists) assert.equal(sizeOf(path), sizeBytes);
    results.push({ shares, files, lists, all: readAll(stateDir) });
  }
  assert.ok(results.length === 3 && (results[0]?.shares.length ?? 0) > 0);
  for (const other of results.slice(1)) assert.deepEqual(other, results[0]);
});

test('where the process is gone between two parts the rest is done again, or not kept, and that is said', async (t) => {
  const whole = await useStock(t, 0);
  const expected = { ...(await takeAll(() => whole.open())), all: readAll(whole.stateDir) };
  const parts = {
    finish: /^finish-stock: .*; its work is done again$/,
    keep: /is gone; .* worked out anew next time$/,
  };
  for (const [part, said] of Object.entries(parts)) {
    const { stateDir, lines, open } = await useStock(t, tagsWorthAProcess);
    await using side = createSideProcess();
    side.begin();
    const staying = side.find();
    assert.ok(staying !== null);
    await using stock = open(side);
    stock.begin();
    const taken = await stock.take();
    if (part === 'keep') await taken.finish();
    staying.child.kill('SIGKILL');
    await staying.closed.catch(() => undefined);
    const finished = await finishAll(taken);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', said);
    if (part === 'keep') await takeAll(() => open());
    assert.deepEqual({ ...finished, all: readAll(stateDir) }, expected);
    assert.equal(lines.length, 1);
  }
});

/** Folders where the next files that this process replaces in `folder` would be written. */
function putInTheWay(folder: string): void {
  const [, next] = /-(\d+)\.tmp$/.exec(toTemporaryFile(folder)) ?? [];
  for (let at = 1; at <= 10; at++) mkdirSync(join(folder, `.${process.pid}-${Number(next) + at}.tmp`));
}

test('what cannot be kept is said, what is stopped is not, and neither undoes what was made of it', async (t) => {
  for (const tags of [0, tagsWorthAProcess]) {
    const { stateDir, lines, open } = await useStock(t, tags);
    const { lists: expected } = await takeAll(() => open());
    await using side = createSideProcess();
    await using stock = open(side);
    stock.begin();
    if (tags === 0) putInTheWay(join(stateDir, 'cache/cleanup'));
    const taken = await stock.take();
    if (tags > 0) {
      rmSync(join(stateDir, 'cache/cleanup/index.json'));
      mkdirSync(join(stateDir, 'cache/cleanup/index.json', 'in the way'), { recursive: true });
    }
    assert.deepEqual((await finishAll(taken)).lists, expected);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /EISDIR.*; what pages show of others is worked out anew next time$/);
  }
  const { stateDir, lines, open } = await useStock(t, tagsWorthAProcess);
  await using side = createSideProcess();
  const stop = new AbortController();
  await using stock = open(side, {}, stop.signal);
  stock.begin();
  const taken = await stock.take();
  await taken.finish();
  stop.abort();
  await taken.keep();
  assert.equal(existsSync(join(stateDir, 'cache/inventories/figures.bin')), false, 'it was not kept');
  assert.deepEqual(lines, []);
});

test('what may not be named any more is forgotten as stock is taken', async (t) => {
  const { stateDir, index, open } = await useStock(t, tagsWorthAProcess);
  await using side = createSideProcess();
  await takeAll(() => open(side));
  const hidden = index.repositories.find(({ name, state }) => state === 'listed' && name.includes('/'))?.name ?? '';
  const kept = () => [...readAll(stateDir)].filter(([path]) => !path.startsWith('whole'));
  const naming = () => kept().flatMap(([path, text]) => (text.includes(`"${hidden}"`) ? [path] : []));
  assert.deepEqual(new Set(naming().map((path) => dirname(path))), new Set(['cleanup', 'inventories']));
  const repositories = index.repositories.filter(({ name }) => name !== hidden);
  {
    await using stock = open(side, { repositories, hiddenNames: 'others' });
    stock.begin();
    await finishAll(await stock.take());
  }
  assert.ok(kept().length > 0);
  assert.deepEqual(naming(), []);
});

test('lists of which a text is damaged are made anew, in the run that finds it out', async (t) => {
  const whole = await useStock(t, 0);
  const expected = { ...(await takeAll(() => whole.open())), all: readAll(whole.stateDir) };
  const damages: readonly ((texts: string) => void)[] = [
    (texts) => writeFileSync(texts, Buffer.alloc(statSync(texts).size)),
    (texts) => truncateSync(texts, statSync(texts).size - 1),
    (texts) => rmSync(texts),
  ];
  for (const [tags, damage] of [0, tagsWorthAProcess].flatMap((tags) => damages.map((each) => [tags, each] as const))) {
    const { stateDir, lines, open } = await useStock(t, tags);
    await using side = createSideProcess();
    await takeAll(() => open(side));
    const texts = join(stateDir, 'cache/cleanup/texts-1.txt');
    {
      await using stock = open(side);
      stock.begin();
      const taken = await stock.take();
      await taken.finish();
      // What was opened by who says where the texts stand is not what who writes the lists opens.
      damage(texts);
      assert.deepEqual({ ...(await finishAll(taken)), all: readAll(stateDir) }, expected);
    }
    // And what is kept is sound: the next hour has nothing to mend.
    const before = statSync(texts).mtimeMs;
    assert.deepEqual({ ...(await takeAll(() => open(side))), all: readAll(stateDir) }, expected);
    assert.equal(statSync(texts).mtimeMs, before);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /^what is kept of the clean-up is damaged: .*; stock is taken again without it$/);
  }
});

test('a list that is not as long as it was said to be is no part of a site', async (t) => {
  const { stateDir, open } = await useStock(t, 0);
  await using stock = open();
  const taken = await stock.take();
  const { lists } = await finishAll(taken);
  const paths = lists.map(({ path }) => path);
  assert.ok(paths.length > 1);
  const list = join(toSiteFolder(toStockFolder(stateDir)), paths.at(-1) ?? '');
  const bytes = readFileSync(list);
  const damages: readonly (() => void)[] = [
    () => truncateSync(list, bytes.length - 1),
    () => writeFileSync(list, `${bytes}\n`),
    () => rmSync(list),
  ];
  for (const damage of damages) {
    const staged = await useFolder(t);
    damage();
    await assert.rejects(linkLists({ stock: taken, staged }, paths), TypeError);
    assert.deepEqual(readdirSync(staged), []);
  }
  writeFileSync(list, bytes);
  const staged = await useFolder(t);
  await linkLists({ stock: taken, staged }, paths);
  for (const { path, sizeBytes } of lists) assert.equal(statSync(join(staged, path)).size, sizeBytes);
});

test('who began it may go on when it is told, and where nobody need be told, or can be', async (t) => {
  for (const tags of [0, tagsWorthAProcess, mostTagsBeside + 1]) {
    const { open } = await useStock(t, tags);
    await using side = createSideProcess();
    await using stock = open(side);
    let isTaken = false;
    const begun = stock.begin();
    const taken = stock.take().then(() => {
      isTaken = true;
    });
    await begun;
    assert.equal(isTaken, false, 'it is not waited for');
    await taken;
  }
  const { open } = await useStock(t, tagsWorthAProcess);
  await using side = createSideProcess();
  await using stock = open(side, {}, AbortSignal.abort(new Error('enough')));
  await stock.begin();
  await assert.rejects(stock.take(), /enough/);
});

test('one that nobody asked for is stopped', async (t) => {
  const { stateDir, open } = await useStock(t, tagsWorthAProcess);
  await using side = createSideProcess();
  {
    await using stock = open(side);
    stock.begin();
  }
  assert.equal(side.find(), null);
  assert.deepEqual(
    readdirSync(join(stateDir, 'cache')).filter((name) => name.startsWith('whole')),
    [],
  );
});

test('what is kept may be read ahead, and what is damaged since is made anew', async (t) => {
  for (const damage of [null, 'texts-1.txt']) {
    const { stateDir, orders, lines, open } = await useStock(t, tagsWorthAProcess);
    await takeAll(() => open());
    const expected = readAll(stateDir);
    const { movingTags } = orders.settings;
    const ahead = { stateDir, movingTags, programFingerprint: orders.programFingerprint };
    const [figures, texts] = ['figures.bin', 'texts-1.txt'].map((name) => join(stateDir, 'cache/inventories', name));
    assert.ok(figures !== undefined && texts !== undefined);

    const parts = createStockParts();
    parts.readAhead(ahead);
    if (damage === null) rmSync(figures);
    else writeFileSync(texts, Buffer.alloc(statSync(texts).size));
    const taken = await parts.take({ orders, isInParts: true });
    assert.equal(taken.finished, null);
    assert.equal((await parts.finish()).kept, null);
    assert.deepEqual(await parts.keep(), { problem: null });
    assert.equal(existsSync(figures), damage !== null, 'it is written where it was made anew, and not read twice');
    assert.equal(readFileSync(texts, 'latin1'), expected.get('inventories/texts-1.txt'));
    await takeAll(() => open());
    assert.deepEqual(readAll(stateDir), expected);
    assert.deepEqual(lines, []);
  }
});

test('the process beside the run reads ahead when it is begun', async (t) => {
  const { stateDir, orders, lines, open } = await useStock(t, tagsWorthAProcess);
  await takeAll(() => open());
  const { settings, index, siteSettings, programFingerprint } = orders;
  await using side = createSideProcess();
  side.begin({ stateDir, movingTags: settings.movingTags, programFingerprint, siteSettings });
  // It does one thing after the other: when this is done it has read.
  const work = { stateDir, index: { ...index, repositories: [] }, settings: siteSettings, programVersion: '1' };
  const log = { write: assert.fail };
  await workInProcess('summarise', () => assert.fail(), work, { signal: AbortSignal.timeout(60_000), log, side });
  const figures = join(stateDir, 'cache/inventories/figures.bin');
  rmSync(figures);
  await takeAll(() => open(side));
  assert.equal(existsSync(figures), false, 'what it had read was used, and there was nothing new to be kept');
  assert.deepEqual(lines, []);
});
