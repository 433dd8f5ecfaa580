/** Disks that are full, read-only, or lose their power; and clocks that jump. */
import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createEventLog } from '../../src/run/event-log.ts';
import { silentProgress } from '../../src/run/progress.ts';
import { runRefresh } from '../../src/run/refresh.ts';
import { decodeSettings } from '../../src/settings/settings.ts';
import { runProgram, startProgram, useFolder } from '../support/run-program.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { requireMounts, run, unmount, useDisk } from '../support/use-mount.ts';
import { useDemoRegistry } from '../support/use-server.ts';
import { assertNothingForgotten, assertUntouched, readHistory, readWholeSite } from '../support/whole-site.ts';

/** Site and state on a disk, and a registry beside it. */
async function useSite(t: TestContext, disk: string) {
  const store = createSmallStore(5);
  const registry = await useDemoRegistry(t, { store });
  const siteDir = join(disk, 'site');
  const stateDir = join(disk, 'state');
  const words = ['refresh', '--registry', registry.url, '--site-dir', siteDir, '--state-dir', stateDir];
  let tags = 0;
  return {
    siteDir,
    stateDir,
    words,
    refresh: () => runProgram(words),
    push: () => putSmallImage(store, 'base', `2.${++tags}`, new Date(Date.UTC(2026, 7, 20, tags)).toISOString()),
    read: async () => ({ site: await readWholeSite(siteDir, 7), history: await readHistory(stateDir) }),
  };
}

test('a disk that is full, wherever it becomes so: exit 74, the old site and the whole history stand', async (t) => {
  if (!requireMounts(t)) return;
  const mounted = await useDisk(t, () => ['-t', 'tmpfs', '-o', 'size=32m', 'none']);
  if (mounted === null) return;
  const disk = mounted.folder;
  const { refresh, push, read } = await useSite(t, disk);
  assert.equal((await refresh()).exitCode, 0);
  const filler = join(disk, 'filler');
  const exitCodes: (number | null)[] = [];
  for (const freeKilobytes of [0, 64, 512]) {
    push();
    const before = await read();
    const { bsize, bavail } = await statfs(disk);
    await writeFile(filler, Buffer.alloc(Math.max(0, bsize * bavail - freeKilobytes * 1024)));
    const result = await refresh();
    exitCodes.push(result.exitCode);
    assert.ok(result.exitCode === 74 || result.exitCode === 0, `${freeKilobytes} kB free: ${result.stderr}`);
    if (result.exitCode === 74) assert.match(result.stderr, /hint:/);
    const after = await read();
    if (result.exitCode === 74) assertUntouched(before.site, after.site);
    assertNothingForgotten(before.history, after.history);
    await rm(filler);
    const mended = await refresh();
    assert.equal(mended.exitCode, 0, mended.stderr);
  }
  assert.ok(exitCodes.filter((code) => code === 74).length >= 2, `the disk was full: ${exitCodes}`);
});

test('a disk that has become read-only: exit 74, and all is well once it is writable', async (t) => {
  if (!requireMounts(t)) return;
  const mounted = await useDisk(t, () => ['-t', 'tmpfs', '-o', 'size=64m', 'none']);
  if (mounted === null) return;
  const disk = mounted.folder;
  const { refresh, push, read } = await useSite(t, disk);
  assert.equal((await refresh()).exitCode, 0);
  push();
  const before = await read();
  run('mount', '-o', 'remount,ro', disk);
  const result = await refresh();
  assert.equal(result.exitCode, 74, result.stderr);
  assert.match(result.stderr, /hint: .*writable|read-only/);
  const after = await read();
  assertUntouched(before.site, after.site);
  assertNothingForgotten(before.history, after.history);
  run('mount', '-o', 'remount,rw', disk);
  assert.equal((await refresh()).exitCode, 0);
});

/** Copies a disk as it was at one moment: a copy that something was written beneath is none, and is made again. */
async function copyMoment(image: string, copy: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    await copyFile(image, copy);
    const [now, copied] = await Promise.all([readFile(image), readFile(copy)]);
    if (now.equals(copied)) return;
  }
  throw new Error(`${image} is written to without a pause`);
}

/** Moments of a run at which the power fails; more with `npm run test:faults`. */
const cuts = Math.max(6, Math.floor(Number(process.env['FAULT_ROUNDS'] ?? 0) / 4));

test(`${cuts} power cuts: what had not reached the disk is lost, and the site and the history are whole`, async (t) => {
  if (!requireMounts(t, 'mkfs.ext4')) return;
  const mounted = await useDisk(t, (folder) => {
    const file = join(folder, 'disk.img');
    run('truncate', '-s', '64M', file);
    run('mkfs.ext4', '-q', file);
    return ['-o', 'loop', file];
  });
  if (mounted === null) return;
  const { folder: disk, workDir: folder } = mounted;
  const image = join(folder, 'disk.img');
  const { refresh, push, read, words } = await useSite(t, disk);
  assert.equal((await refresh()).exitCode, 0);
  const runWhole = async () => {
    const begun = performance.now();
    assert.equal((await startProgram(words).result).exitCode, 0);
    return performance.now() - begun;
  };
  // How long an hour takes in which something changed: the first one made more.
  push();
  let wholeRunMs = await runWhole();
  let done = 0;
  let unsynced = 0;
  while (done < cuts) {
    push();
    const before = await read();
    // The image is what has reached the disk by now; everything else is in memory, as it would be when the power fails.
    const copies = [0.3, 0.5, 0.7, 0.85, 0.95, 1].slice(0, cuts - done).map(async (part, at) => {
      await new Promise((resolve) => setTimeout(resolve, part * wholeRunMs));
      const copy = join(folder, `cut-${at}.img`);
      await copyMoment(image, copy);
      return copy;
    });
    wholeRunMs = await runWhole();
    const after = await read();
    for (const copy of await Promise.all(copies)) {
      const lost = join(folder, 'after');
      await mkdir(lost, { recursive: true });
      run('mount', '-o', 'loop', copy, lost);
      try {
        const site = await readWholeSite(join(lost, 'site'), 7);
        const history = await readHistory(join(lost, 'state'));
        assert.ok([before.site.release, after.site.release].includes(site.release));
        assertUntouched(before.site, site);
        assertUntouched(after.site, site);
        assertNothingForgotten(before.history, history);
        if (site.release === before.site.release) unsynced++;
      } finally {
        unmount(lost);
      }
      await rm(copy);
      done++;
    }
  }
  assert.ok(unsynced > 0, 'some cuts came before the switch');
});

test('a clock that jumps years ahead and back again: each run publishes, and the newest is what readers see', async (t) => {
  const folder = await useFolder(t);
  const store = createSmallStore();
  const registry = await useDemoRegistry(t, { store });
  const siteDir = join(folder, 'site');
  const stateDir = join(folder, 'state');
  const settings = decodeSettings({ sources: [{ url: registry.url }], siteDir, stateDir }, folder);
  const log = createEventLog({
    format: 'text',
    level: 'error',
    journal: false,
    clock: () => new Date(),
    print: (line) => assert.fail(line),
  });
  const refreshAt = (moment: string) =>
    runRefresh(
      settings,
      { steps: { crawl: true, build: true }, acceptRemovals: false },
      {
        environment: {},
        clock: () => new Date(moment),
        log,
        progress: silentProgress,
        cancel: new AbortController().signal,
      },
    );
  const releases: string[] = [];
  for (const [at, moment] of [
    '2026-11-21T13:07:00Z',
    '2036-01-01T00:00:00Z',
    '2026-11-21T14:07:00Z',
    '1970-01-01T00:00:01Z',
    '2026-11-21T15:07:00Z',
  ].entries()) {
    putSmallImage(store, 'base', `3.${at}`, '2026-08-21T00:00:00Z');
    const before = at === 0 ? null : await readHistory(stateDir);
    const report = await refreshAt(moment);
    assert.equal(report.exitCode, 0, moment);
    const { release, files } = await readWholeSite(siteDir, 2);
    assert.ok(!releases.includes(release), 'a release of its own');
    releases.push(release);
    assert.ok(String(files.get('base/tags/index.html')).includes(`>3.${at}<`), moment);
    if (before !== null) assertNothingForgotten(before, await readHistory(stateDir));
  }
});
