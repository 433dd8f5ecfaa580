/** Shards as operators run them: processes of their own, at once, against a real registry, and killed. */
import assert from 'node:assert/strict';
import { access, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { parseRepositoryName } from '../../src/oci/reference.ts';
import { programDir } from '../../src/run/program-version.ts';
import { copyCatalogue } from '../support/copy-catalogue.ts';
import { runProgram, runTool, startProgram, useFolder } from '../support/run-program.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { useDemoRegistry, useDockerRegistry } from '../support/use-server.ts';
import { useCatalogues } from '../support/use-shards.ts';

const script = join(programDir, 'scripts', 'refresh-in-shards.sh');

test('four processes at once read a real registry, and the site is that of one process', async (t) => {
  const registry = await useDockerRegistry(t);
  if (registry === null) return;
  await copyCatalogue(createSmallStore(10), registry.url);
  const folder = await useFolder(t);
  const stateDir = join(folder, 'state');
  const words = ['--registry', registry.url, '--state-dir', stateDir, '--site-dir', join(folder, 'site')];
  const first = await runTool(script, ['4', ...words]);
  assert.equal(first.exitCode, 0, first.stderr);
  assert.match(first.stdout, /^4 of 4 shards, 12 repositories \(12 new\), 14 tags, \d+ requests/m);
  assert.match(first.stdout, /pages written/);
  const status = JSON.parse(await readFile(join(folder, 'site/current/-/status.json'), 'utf8'));
  assert.equal(status.complete, true);

  await copyCatalogue(createSmallStore(11), registry.url);
  const second = await runTool(script, ['3', ...words]);
  assert.equal(second.exitCode, 0, second.stderr);
  assert.match(second.stdout, /^3 of 3 shards, 13 repositories \(12 unchanged, 1 new\)/m);
  const requests = Number(
    /, (\d+) requests/.exec(second.stdout.split('\n').find((line) => line.includes('shards')) ?? '')?.[1],
  );
  // A list of names for each shard and of tags for each repository, and all that points somewhere; one image was new.
  assert.ok(requests <= 3 + 13 + 15 + 2 + 3, `${requests} requests`);

  // The same registry at the same moment, in one process and in three.
  const of = await useCatalogues(t, { sources: [{ url: registry.url }], siteUrl: 'https://images.example.org/' });
  const [single, several] = [of('single'), of('several')];
  await single.crawl(0);
  await several.crawlInShards(3, 0);
  assert.deepEqual(await several.snapshot(), await single.snapshot());
  for (const catalogue of [single, several]) await catalogue.build(0);
  const site = await single.site();
  assert.ok(Object.keys(site).length > 60);
  assert.deepEqual(await several.site(), site);
});

test('a process that dies leaves its share stale, and the others current', async (t) => {
  const { store, url } = await useDemoRegistry(t, { store: createSmallStore(20) });
  const folder = await useFolder(t);
  const words = ['--registry', url, '--state-dir', join(folder, 'state'), '--site-dir', join(folder, 'site')];
  assert.equal((await runTool(script, ['2', ...words])).exitCode, 0);
  putSmallImage(store, 'base', '2.0');
  const dying = startProgram(['crawl', '--shard', '2/2', ...words], { isGroup: true });
  dying.child.kill('SIGKILL');
  const [{ exitCode }, other] = await Promise.all([dying.result, runProgram(['crawl', '--shard', '1/2', ...words])]);
  assert.deepEqual([exitCode, other.exitCode], [null, 0], other.stderr);
  const merged = await runProgram(['merge', ...words]);
  assert.equal(merged.exitCode, 3, merged.stderr);
  assert.match(merged.stdout, /^1 of 2 shards/);
  assert.match(merged.stderr, /shard-missing: .*shard 2\/2 is missing/);
  const report = JSON.parse(await readFile(join(folder, 'state/report.json'), 'utf8'));
  assert.deepEqual([report.command, report.shards.joined, report.exitCode], ['merge', [1], 3]);
  assert.ok(report.repositories.stale > 3 && report.repositories.unchanged > 3);
});

test('a merge that is killed leaves what stood or what it made, and another ends it', async (t) => {
  const { store, url } = await useDemoRegistry(t, { store: createSmallStore(40) });
  const folder = await useFolder(t);
  const [stateDir, words] = [join(folder, 'state'), ['--registry', url, '--state-dir', join(folder, 'state')]];
  const snapshot = () => readFile(join(stateDir, 'snapshot/catalogue.json'), 'utf8').catch(() => '');
  const shards = async () => {
    for (const shard of ['1/2', '2/2']) {
      const { exitCode, stderr } = await runProgram(['crawl', '--shard', shard, ...words]);
      assert.equal(exitCode, 0, stderr);
    }
  };
  let killed = 0;
  for (let round = 0; round < 5; round++) {
    for (let at = 0; at < 40; at++) putSmallImage(store, `bulk/${String(at).padStart(2, '0')}`, `2.${round}`);
    await shards();
    const before = await snapshot();
    const merging = startProgram(['merge', ...words], { isGroup: true });
    // From before it has the lock to after it has committed.
    const timer = setTimeout(() => merging.child.kill('SIGKILL'), 120 + 60 * round);
    if ((await merging.result).exitCode === null) killed++;
    clearTimeout(timer);
    const stands = await snapshot();
    const { exitCode, stderr } = await runProgram(['merge', ...words]);
    const after = await snapshot();
    // It may have been killed when there was nothing left to do but to say so.
    if (exitCode !== 0) assert.deepEqual([exitCode, stands === after, after === before], [69, true, false], stderr);
    assert.ok(stands === before || stands === after, `round ${round}: one or the other`);
    assert.equal(JSON.parse(after).runs, round + 1);
    assert.equal(JSON.parse(after).repositories.length, 42);
  }
  assert.ok(killed > 0, 'none was killed in time');
});

test('the script accepts removals, and a merge by itself says why it cannot', async (t) => {
  const { store, url } = await useDemoRegistry(t, { store: createSmallStore(12) });
  const folder = await useFolder(t);
  const words = ['--registry', url, '--state-dir', join(folder, 'state'), '--site-dir', join(folder, 'site')];
  const run = async (...more: readonly string[]) => (await runTool(script, ['2', ...words, ...more])).exitCode;
  assert.equal(await run(), 0);
  for (let at = 0; at < 8; at++) store.deleteRepository(parseRepositoryName(`bulk/0${at}`));
  assert.deepEqual([await run(), await run()], [3, 65]);
  const { exitCode, stderr } = await runProgram(['merge', '--accept-removals', ...words.slice(0, 4)]);
  assert.equal(exitCode, 64);
  assert.match(stderr, /merged already.*\nhint: Crawl every shard again/);
  assert.equal(await run('--accept-removals'), 0);
});

describe('the command line', () => {
  const rows: readonly [words: readonly string[], says: RegExp][] = [
    [['crawl', '--shard', '0/8'], /--shard <i\/n>.*from 1\/8 to 8\/8.*counts from 0 needs one more/s],
    [['crawl', '--shard', '9/8'], /from 1\/8 to 8\/8/],
    [['crawl', '--shard', '2/8', '--accept-removals'], /cannot be used with option '--accept-removals'/],
    [['refresh', '--shard', '2/8'], /Use `crawl --shard 2\/8` for each shard, then `merge --build`/],
  ];
  for (const [words, says] of rows) {
    it(`refuses ${words.join(' ')}, and nothing is made`, async (t) => {
      const stateDir = join(await useFolder(t), 'state');
      const { exitCode, stderr } = await runProgram([
        ...words,
        '--registry',
        'http://127.0.0.1:1',
        '--state-dir',
        stateDir,
      ]);
      assert.equal(exitCode, 64);
      assert.match(stderr, says);
      await assert.rejects(access(join(stateDir, 'shards')));
    });
  }

  for (const count of ['', '0', 'four', '-1', '2x']) {
    it(`of the script takes no ${JSON.stringify(count)} for a number of shards`, async () => {
      const { exitCode, stderr } = await runTool(script, [count, '--registry', 'http://127.0.0.1:1']);
      assert.equal(exitCode, 64);
      assert.match(stderr, /^usage: .*refresh-in-shards\.sh NUMBER-OF-SHARDS/);
    });
  }

  it('says that there is nothing to merge', async (t) => {
    const stateDir = await useFolder(t);
    await rm(stateDir, { recursive: true });
    const { exitCode, stderr } = await runProgram([
      'merge',
      '--registry',
      'http://127.0.0.1:1',
      '--state-dir',
      stateDir,
    ]);
    assert.equal(exitCode, 69);
    assert.match(stderr, /no shard can be joined: there are none, nor a folder \S+\nhint: /);
  });
});
