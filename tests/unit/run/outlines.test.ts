/**
 * What outlines spare may change nothing: hours are run with them and without, through whatever a registry and settings can do,
 * and must leave the same. The seed is printed; `OUTLINES_SEED` repeats it.
 */
import assert from 'node:assert/strict';
import { readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext, test } from 'node:test';
import { dockerRegistry28, ociDistribution11 } from '../../../scripts/demo-registry/dialect.ts';
import { encodeArtifact, putContent } from '../../../scripts/demo-registry/image/encode-content.ts';
import type { RegistryStore } from '../../../scripts/demo-registry/store/registry-store.ts';
import { toOutline } from '../../../src/crawl/repository-outline.ts';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.ts';
import { noOutlines } from '../../../src/run/outlines.ts';
import { createRandom } from '../../bench/search-world.ts';
import { createSmallStore, putSmallImage } from '../../support/small-registry.ts';
import { type Crawls, describeFindings, useCrawls } from '../../support/use-crawl.ts';
import { useDemoRegistry } from '../../support/use-server.ts';

const seed = Number(process.env['OUTLINES_SEED'] ?? Date.now() % 1_000_000);
const hours = 40;
const names = ['base', 'web/front', 'web/back', 'bulk/00', 'bulk/01', 'bulk/02', 'secret/app', 'new/one'];
const outlinesFile = ({ stateDir }: Crawls) => join(stateDir, 'cache', 'outlines.txt');

/** Settings that an hour may have; those of the one before go on in most. */
const changes: readonly object[] = [
  {},
  { revalidate: [{ tags: ['**', '!latest'], everyHours: 5 }] },
  { exclude: ['secret/**'] },
  { excludeTags: ['1.*'] },
  { movingTags: ['1.0'], revalidate: [{ tags: ['**'], everyHours: 3 }] },
  { publishEnvironment: true },
  { publishEnvironment: true },
];

for (const [what, dialect] of Object.entries({ dockerRegistry28, ociDistribution11 })) {
  test(`${hours} hours leave the same with outlines and without; ${what}, seed ${seed}`, async (t) => {
    const { store, url, ...registry } = await useDemoRegistry(t, { store: createSmallStore(4), dialect });
    const random = createRandom(seed);
    const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
    const [quick, plain] = [await useCrawls(t), await useCrawls(t)];
    let more: object = {};
    let credentials = 'none';
    let spared = 0;
    for (let hour = 0; hour < hours; hour++) {
      for (let change = 0; random() < 0.6; change++) changeSomething(store, random, hour * 10 + change);
      if (random() < 0.3) more = pick(changes);
      if (random() < 0.4) credentials = pick(['none', 'for some', 'for all']);
      const isListed = (name: string) => store.repositories().some((one) => one.name === name);
      const faulty =
        random() < 0.25 ? pick(names.filter((name) => isListed(name) && !name.startsWith('secret'))) : null;
      const fault = { path: `/v2/${faulty}/tags/list`, respond: { status: pick([400, 403, 404]) } };
      const settings = { sources: [{ url }], ...more };
      const run = async (crawls: Crawls) => {
        if (faulty !== null) registry.script(fault);
        // What took credentials is kept with more care.
        const usesCredentialsFor = (name: string) =>
          credentials === 'for all' || (credentials === 'for some' && name.startsWith('web/'));
        const ran = await crawls.run(settings, {}, {}, (client) =>
          Object.create(client, { usesCredentialsFor: { value: usesCredentialsFor } }),
        );
        const { index, counts, hasChanged, withheldNames } = ran;
        const requests = ran.requests.map(({ byKind, unchanged, retries }) => ({ byKind, unchanged, retries }));
        return { index, counts, hasChanged, withheldNames, requests, findings: describeFindings(ran.findings) };
      };
      await rm(outlinesFile(plain), { force: true });
      const before = await countOutlines(quick);
      const [one, other] = [await run(quick), await run(plain)];
      assert.deepEqual(one, other, `hour ${hour}`);
      assert.deepEqual(await readSnapshot(quick), await readSnapshot(plain), `hour ${hour}`);
      spared += before;
    }
    assert.ok(spared > hours, 'there were outlines to go by');
  });
}

function changeSomething(store: RegistryStore, random: () => number, nth: number): void {
  const name = parseRepositoryName(names[Math.floor(random() * names.length)] ?? '');
  const stored = store.repository(name);
  const tags = [...(stored?.tags.keys() ?? [])];
  const tag = tags[Math.floor(random() * tags.length)];
  const digest = tag === undefined ? undefined : stored?.tags.get(tag);
  const manifest = digest === undefined ? undefined : stored?.manifests.get(digest);
  const what = random();
  if (what < 0.08) store.deleteRepository(name);
  else if (what < 0.2 && tag !== undefined) store.deleteTag(name, tag);
  else if (what < 0.28 && digest !== undefined) store.deleteManifest(name, digest);
  else if (what < 0.45 && tag !== undefined) putSmallImage(store, name, tag, `2026-08-17T00:00:00.${nth}Z`);
  else if (what < 0.6 && digest !== undefined && manifest !== undefined) {
    const content = encodeArtifact({
      artifactType: 'application/spdx+json',
      files: [{ mediaType: 'application/spdx+json', content: `bill ${nth}` }],
      subject: { mediaType: manifest.mediaType, digest, size: manifest.bytes.byteLength },
    });
    putContent(store, name, content, []);
  } else putSmallImage(store, name, `2.${nth}`, `2026-08-18T00:00:00.${nth}Z`);
}

/** All files of the snapshot, with their bytes. */
async function readSnapshot({ stateDir }: Crawls): Promise<Readonly<Record<string, string>>> {
  const folder = join(stateDir, 'snapshot');
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
  assert.ok(files.length > 1);
  const texts = files.map(async (file) => {
    const path = join(file.parentPath, file.name);
    return [path.slice(folder.length), await readFile(path, 'utf8')] as const;
  });
  return Object.fromEntries((await Promise.all(texts)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function countOutlines(crawls: Crawls): Promise<number> {
  const text = await readFile(outlinesFile(crawls), 'utf8').catch(() => '\n\n');
  return text.split('\n').length - 3;
}

describe('an hour in which nothing happened', () => {
  async function useHours(t: TestContext) {
    const { store, url } = await useDemoRegistry(t, { store: createSmallStore(30) });
    const crawls = await useCrawls(t);
    await crawls.run({ sources: [{ url }] });
    /** The repositories whose files are read in the next hour. */
    const read = async (more: object = {}) => {
      const names: string[] = [];
      const readRepository: typeof crawls.store.readRepository = (entry) => {
        names.push(entry.name);
        return crawls.store.readRepository(entry);
      };
      const ran = await crawls.run({ sources: [{ url }], ...more }, { store: { ...crawls.store, readRepository } });
      return { names: names.sort(), ran };
    };
    const all = (await crawls.names()).length;
    return { store, crawls, read, all };
  }

  it('opens no file of the snapshot but of those whose turn it is, and has had all within a day', async (t) => {
    const { crawls, read, all } = await useHours(t);
    const seen = new Map<string, number>();
    const bytes = await readFile(outlinesFile(crawls), 'utf8');
    for (let run = 0; run < 24; run++) {
      const { names, ran } = await read();
      assert.equal(ran.hasChanged, false);
      assert.ok(names.length < all / 2);
      for (const name of names) seen.set(name, (seen.get(name) ?? 0) + 1);
    }
    assert.deepEqual([...new Set(seen.values())], [1]);
    assert.equal(seen.size, all);
    assert.equal(await readFile(outlinesFile(crawls), 'utf8'), bytes);
  });

  it('reads just the repository that changed besides', async (t) => {
    const { store, crawls, read } = await useHours(t);
    const { names: turn } = await read();
    putSmallImage(store, 'web/front', '3.0');
    const { names, ran } = await read();
    assert.ok(names.includes('web/front') && names.length < turn.length + 6);
    assert.equal(ran.counts.repositories.changed, 1);
    assert.ok((await crawls.read('web/front'))?.tags.has(parseTag('3.0')));
  });

  const rewritten = async (path: string, change: (text: string) => string) =>
    writeFile(path, change(await readFile(path, 'utf8')));
  const spoilt: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
    'is gone': (path) => rm(path),
    'is empty': (path) => writeFile(path, ''),
    'lacks its end': (path) => truncate(path, 2000),
    'says something else': (path) => rewritten(path, (text) => text.replace('sha256:', 'sha256:0').replace('0"', '"')),
    'was made by another program': (path) => rewritten(path, (text) => text.replace(/^./, '-')),
    'is not ours': (path) => writeFile(path, Buffer.alloc(5000, 0xff)),
  };
  for (const [how, spoil] of Object.entries(spoilt)) {
    it(`reads everything where the file of outlines ${how}, and mends it`, async (t) => {
      const { crawls, read, all } = await useHours(t);
      const bytes = await readFile(outlinesFile(crawls), 'utf8');
      await spoil(outlinesFile(crawls));
      const { names, ran } = await read();
      assert.equal(names.length, all);
      assert.equal(ran.hasChanged, false);
      assert.equal(await readFile(outlinesFile(crawls), 'utf8'), bytes);
    });
  }

  it('reads everything by settings that decide what is in an outline', async (t) => {
    const { read, all } = await useHours(t);
    assert.equal((await read({ movingTags: ['1.0'] })).names.length, all);
    assert.ok((await read({ movingTags: ['1.0'] })).names.length < all);
  });

  it('reads a file that was written since, and says when it is broken or gone', async (t) => {
    const { crawls, read } = await useHours(t);
    const entry = (await crawls.store.readIndex())?.repositories.find(({ name }) => name === 'web/front');
    assert.ok(entry);
    const path = join(crawls.stateDir, 'snapshot/repositories/web/front/-', `${entry.file}.json`);
    await utimes(path, 1_700_000_000, 1_700_000_000);
    assert.ok((await read()).names.includes('web/front'));
    await writeFile(path, 'x');
    await assert.rejects(read(), { code: 'SNAPSHOT_BROKEN' });
    await rm(path);
    await assert.rejects(read(), { code: 'SNAPSHOT_BROKEN' });
  });

  it('names nothing in the file of outlines that settings hide since', async (t) => {
    const { crawls, read } = await useHours(t);
    assert.match(await readFile(outlinesFile(crawls), 'utf8'), /web\/front/);
    await read({ exclude: ['web/**'] });
    assert.doesNotMatch(await readFile(outlinesFile(crawls), 'utf8'), /web\/front/);
  });
});

test('has no outline of what the next hour must look into', async (t) => {
  const { store, url } = await useDemoRegistry(t, { store: createSmallStore() });
  const crawls = await useCrawls(t);
  const settings = { movingTags: ['latest'], isTagShown: () => true };
  await crawls.run({ sources: [{ url }] }, { outlines: noOutlines });
  const whole = await crawls.read('base');
  assert.ok(whole && toOutline(whole, settings));
  assert.equal(toOutline({ ...whole, staleSince: whole.firstSeenAt }, settings), null);
  assert.equal(toOutline({ ...whole, missedRuns: 1 }, settings), null);
  assert.equal(toOutline({ ...whole, state: 'removed' }, settings), null);
  assert.equal(toOutline({ ...whole, configs: new Map() }, settings), null);
  assert.equal(toOutline({ ...whole, manifests: new Map() }, settings), null);
  assert.equal(toOutline(whole, { ...settings, isTagShown: (tag) => tag !== 'latest' }), null);
  const problem = (code: 'invalid' | 'too-large') =>
    new Map([...whole.configs.keys()].map((digest) => [digest, { problem: code }]));
  assert.ok(toOutline({ ...whole, configs: problem('invalid') }, settings));
  assert.equal(toOutline({ ...whole, configs: problem('too-large') }, settings), null);
  store.deleteTag(parseRepositoryName('base'), parseTag('1.0'));
  await crawls.run({ sources: [{ url }] });
  const missed = await crawls.read('base');
  assert.ok(missed && toOutline(missed, settings) === null, 'a tag that went is asked about once more');
});
