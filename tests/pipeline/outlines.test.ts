/** What is kept to spare the reading of a snapshot changes no byte of what is published or reported. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.ts';
import { listFiles } from '../../src/publish/list-files.ts';
import { createEventLog } from '../../src/run/event-log.ts';
import { silentProgress } from '../../src/run/progress.ts';
import { runRefresh } from '../../src/run/refresh.ts';
import type { Report } from '../../src/run/report.ts';
import { decodeSettings } from '../../src/settings/settings.ts';
import { hour } from '../support/catalogue-values.ts';
import { useFolder } from '../support/run-program.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { useDemoRegistry } from '../support/use-server.ts';

test('hours with outlines and without leave the same site, the same snapshot and the same report', async (t) => {
  const { store, url } = await useDemoRegistry(t, { store: createSmallStore(6) });
  const folder = await useFolder(t);
  const refresh = async (name: string, at: number) => {
    const revalidate = [{ tags: ['**', '!latest'], everyHours: 3 }];
    const settings = { sources: [{ url }], revalidate, siteUrl: 'https://images.example.org/' };
    const decoded = decodeSettings({ ...settings, stateDir: `${name}/state`, siteDir: `${name}/site` }, folder);
    const clock = () => new Date(hour(at));
    const log = createEventLog({ format: 'text', level: 'error', print: () => undefined, clock, journal: false });
    const cancel = new AbortController().signal;
    const steps = { crawl: true, build: true };
    const context = { environment: {}, clock, log, progress: silentProgress, cancel };
    return runRefresh(decoded, { steps, acceptRemovals: false }, context);
  };
  const web = parseRepositoryName('web/front');
  const happenings: readonly (() => unknown)[] = [
    () => undefined,
    () => undefined,
    () => putSmallImage(store, 'base', 'latest', '2026-08-18T00:00:00Z'),
    () => putSmallImage(store, 'new/one', '1.0'),
    () => store.deleteTag(web, parseTag('2.0')),
    () => undefined,
  ];
  for (const [at, happen] of happenings.entries()) {
    happen();
    await rm(join(folder, 'plain/state/cache/outlines.txt'), { force: true });
    const [quick, plain] = [await refresh('quick', at), await refresh('plain', at)];
    assert.deepEqual(withoutTimes(quick), withoutTimes(plain), `hour ${at}`);
    for (const part of ['state/snapshot', 'site/current']) {
      assert.deepEqual(await readAll(join(folder, 'quick', part)), await readAll(join(folder, 'plain', part)), `${at}`);
    }
  }
});

/** Hours of one state folder, with what their log says. */
async function useHours(t: TestContext) {
  const { url } = await useDemoRegistry(t, { store: createSmallStore(6) });
  const folder = await useFolder(t);
  const decoded = decodeSettings({ sources: [{ url }], stateDir: 'state', siteDir: 'site' }, folder);
  const lines: string[] = [];
  const run = (at: number, whenReading: () => void = () => undefined) => {
    const clock = () => new Date(hour(at));
    const print = (line: string) => void lines.push(line);
    const log = createEventLog({ format: 'text', level: 'warning', print, clock, journal: false });
    const show = (what: string) => what === 'Reading repositories' && whenReading();
    const progress = { ...silentProgress, show };
    const context = { environment: {}, clock, log, progress, cancel: new AbortController().signal };
    return runRefresh(decoded, { steps: { crawl: true, build: true }, acceptRemovals: false }, context);
  };
  return { folder, outlines: join(folder, 'state/cache/outlines.txt'), lines, run };
}

test('outlines that cannot be written are a warning, and undo nothing of the site', async (t) => {
  const { folder, outlines, lines, run } = await useHours(t);
  // There is none yet; from now on nothing can take its place.
  const report = await run(0, () => mkdirSync(join(outlines, 'in the way'), { recursive: true }));
  assert.deepEqual([report.exitCode, report.build?.kind], [0, 'published']);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /; the next run reads every repository of the snapshot/);
  // Whatever stood there may name what is hidden since.
  assert.equal(existsSync(outlines), false);
  assert.ok((await listFiles(join(folder, 'site/current'))).length > 5);
});

test('what a crawl found out is kept though the build after it fails', async (t) => {
  const { folder, outlines, lines, run } = await useHours(t);
  await writeFile(join(folder, 'site'), 'no folder');
  await assert.rejects(run(0));
  assert.ok((await readFile(outlines, 'utf8')).includes('web/front'));
  assert.deepEqual(lines, []);
});

/** A report's processor and wall time are of one run alone. */
function withoutTimes({ build, ...report }: Report): unknown {
  assert.ok(build);
  return { ...report, durationsMs: null, build: { ...build, durationsMs: null } };
}

async function readAll(folder: string): Promise<Readonly<Record<string, string>>> {
  const files = await listFiles(folder);
  assert.ok(files.length > 5);
  const texts = files.map(async (file) => [file, await readFile(join(folder, file), 'latin1')] as const);
  return Object.fromEntries(await Promise.all(texts));
}
