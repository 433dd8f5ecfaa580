/**
 * A site that was changed hour by hour is, byte for byte, the one that would be built from nothing: whether releases share
 * folders or link files, and whatever the hours bring; and no page was rendered that came out as it was. The seed is printed; `INCREMENTAL_SEED` repeats it.
 */
import assert from 'node:assert/strict';
import { lstat, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RegistryStore } from '../../scripts/demo-registry/store/registry-store.ts';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.ts';
import { listFiles } from '../../src/publish/list-files.ts';
import type { Report } from '../../src/run/report.ts';
import { createRandom } from '../bench/search-world.ts';
import { assertSameSite } from '../support/assert-same-site.ts';
import { runProgram, useFolder } from '../support/run-program.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { useDemoRegistry } from '../support/use-server.ts';

const seed = Number(process.env['INCREMENTAL_SEED'] ?? Date.now() % 1_000_000);
const hours = 3;
const names = ['base', 'web/front', 'web/back', 'web', 'base/tools', 'a/tags', 'a', 'new/deep/er'];

for (const shareFolders of [true, false]) {
  test(`after each of ${hours} hours the site is what a build from nothing makes, ${shareFolders ? 'sharing folders' : 'linking files'}; seed ${seed}`, async (t) => {
    const folder = await useFolder(t);
    const { store, url } = await useDemoRegistry(t, { store: createSmallStore(3) });
    const random = createRandom(seed);
    const write = async (name: string, siteDir: string) => {
      const file = join(folder, `${name}.json`);
      const settings = { sources: [{ name: 'main', url }], siteUrl: 'https://images.example.org/', shareFolders };
      await writeFile(file, JSON.stringify({ ...settings, siteDir, stateDir: 'state' }));
      return file;
    };
    const standing = await write('standing', 'site');
    const run = async (command: string, config: string, ...words: readonly string[]) => {
      const result = await runProgram([command, '--config', config, ...words]);
      // What is gone is called stale for an hour before it is believed.
      assert.ok(result.exitCode === 0 || result.exitCode === 3, result.stderr);
    };
    await run('refresh', standing);
    for (let hour = 0; hour < hours; hour++) {
      for (let change = 0; change < 3; change++) changeSomething(store, random, hour * 3 + change);
      const before = await readPages(join(folder, 'site/current'));
      await run('refresh', standing, '--accept-removals');
      const changed = [...(await readPages(join(folder, 'site/current')))].filter(([file, text]) => {
        return before.get(file) !== text;
      });
      const { build } = JSON.parse(await readFile(join(folder, 'state/report.json'), 'utf8')) as Report;
      assert.ok(
        (build?.pages ?? 0) <= changed.length,
        `${build?.pages} pages were rendered, ${changed.length} changed`,
      );
      await run('build', await write('cold', `cold-${hour}`));
      await assertSameSite(join(folder, 'site/current'), join(folder, `cold-${hour}/current`));
      const facts = join(folder, 'site/current/-/api/v1/repositories/base');
      // Which of them it is depends on whether anything lies beneath.
      const links = [await lstat(facts), await lstat(join(facts, '-'))].filter((each) => each.isSymbolicLink());
      assert.equal(links.length, shareFolders ? 1 : 0);
    }
  });
}

function changeSomething(store: RegistryStore, random: () => number, nth: number): void {
  const name = parseRepositoryName(names[Math.floor(random() * names.length)] ?? '');
  const tags = [...(store.repository(name)?.tags.keys() ?? [])];
  const tag = tags[Math.floor(random() * tags.length)];
  const what = random();
  // `base` stays, for the test looks at its folder.
  if (what < 0.15 && name !== 'base') store.deleteRepository(name);
  else if (what < 0.35 && tag !== undefined && tags.length > 1) store.deleteTag(name, tag);
  else if (what < 0.6 && tag !== undefined) putSmallImage(store, name, tag, `2026-08-17T00:00:${pad(nth)}Z`);
  else putSmallImage(store, name, parseTag(`2.${nth}`), `2026-08-18T00:00:${pad(nth)}Z`);
}

async function readPages(site: string): Promise<ReadonlyMap<string, string>> {
  const files = (await listFiles(site)).filter((file) => file.endsWith('.html'));
  assert.ok(files.length > 10);
  return new Map(
    await Promise.all(files.map(async (file) => [file, await readFile(join(site, file), 'utf8')] as const)),
  );
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
