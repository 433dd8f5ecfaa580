import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { listSearchFiles } from '../../../src/api/search-files.ts';
import { isHashed } from '../../../src/publish/carry-assets.ts';
import { listChangedSearchFiles } from '../../../src/run/changed-search-files.ts';
import type { SearchableRepository } from '../../../src/search/encode-search-files.ts';
import { toRepository } from '../search/sample-search.ts';

const parent = await mkdtemp(join(tmpdir(), 'registry-homepage-changed-search-'));
after(() => rm(parent, { recursive: true }));

const hexOf = (number: number) => (Math.imul(number + 1, 2654435761) >>> 0).toString(16).padStart(8, '0').repeat(8);

/** An image with a hundred digests and one for each version. From version 2 on two of them have another tag. */
function toImage(number: number, version: number): SearchableRepository {
  const tags = version === 1 ? ['1', 'latest'] : ['2', '1', 'latest'];
  return toRepository({
    name: `team/image${number}`,
    tags,
    digests: Array.from({ length: 100 + version }, (_, at) => ({
      // Each shares some with the next.
      digest: `sha256:${hexOf(number * 80 + at)}`,
      kind: at % 3 === 0 ? ('manifest' as const) : ('layer' as const),
      tag: at < 2 ? (tags[0] ?? null) : at === 2 ? null : '1',
    })),
  });
}

type Versions = Readonly<Record<number, number>>;

/** A site whose releases come one after the other. */
class Site {
  readonly stateDir: string;
  files = new Map<string, string>();
  constructor(stateDir: string) {
    this.stateDir = stateDir;
  }

  /** Publishes a release, and tells which files were written for it. */
  async publish(versions: Versions, fingerprint = 'made so'): Promise<readonly string[]> {
    const next = new Map<string, string>();
    const written: string[] = [];
    const files = listChangedSearchFiles({
      ...{ stateDir: this.stateDir, fingerprint },
      wanted: Object.entries(versions).map(([number, version]) => {
        return { name: `team/image${number}`, file: `${number}-${version}`, number: Number(number), version };
      }),
      renew: async ({ number, version }) => toImage(number, version),
      complete: (repositories) => repositories,
      link: (path) => {
        const text = isHashed(path) ? this.files.get(path) : undefined;
        if (text !== undefined) next.set(path, text);
        return text !== undefined;
      },
    });
    for await (const { path, text } of files) {
      next.set(path, text);
      written.push(path);
    }
    this.files = next;
    return written;
  }
}

async function makeAnew(versions: Versions): Promise<ReadonlyMap<string, string>> {
  const images = Object.entries(versions).map(([number, version]) => toImage(Number(number), version));
  const files = await Array.fromAsync(listSearchFiles(images));
  return new Map(files.map(({ path, text }) => [path, text]));
}

const sorted = (files: ReadonlyMap<string, string>) => [...files].sort(([a], [b]) => (a < b ? -1 : 1));
const digestFiles = (paths: readonly string[]) => paths.filter((path) => path.includes('/digests-'));
const all: Versions = Object.fromEntries(Array.from({ length: 100 }, (_, number) => [number, 1]));
const open = async () => new Site(await mkdtemp(join(parent, 'state-')));

describe('the files of the search that changed', () => {
  it('are at first all of them, and then none but the index', async () => {
    const site = await open();
    assert.equal((await site.publish(all)).length, site.files.size);
    assert.deepEqual(await site.publish(all), ['-/search/index.json']);
    assert.deepEqual(sorted(site.files), sorted(await makeAnew(all)));
  });

  it('are few when one image changed', async () => {
    const site = await open();
    await site.publish(all);
    const shards = digestFiles([...site.files.keys()]).length;
    assert.ok(shards >= 16, `${shards} files`);
    const written = digestFiles(await site.publish({ ...all, 40: 2 }));
    // One has the new digest, two have another tag, and the directory names them.
    assert.ok(written.length >= 2 && written.length <= 4, written.join(' '));
    assert.deepEqual(sorted(site.files), sorted(await makeAnew({ ...all, 40: 2 })));
  });

  it('are what they would be if all were made anew, whatever changes', async () => {
    // Few at a time, or all files change.
    const change = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.constantFrom(null, 1, 2));
    const changes = fc.array(fc.array(change, { minLength: 1, maxLength: 2 }), { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(changes, async (hours) => {
        const site = await open();
        const images = new Map(Array.from({ length: 40 }, (_, number) => [number, 1]));
        for (const hour of [[], ...hours]) {
          for (const [number, version] of hour) {
            if (version === null) images.delete(number);
            else images.set(number, version);
          }
          const versions: Versions = Object.fromEntries(images);
          await site.publish(versions);
          assert.deepEqual(sorted(site.files), sorted(await makeAnew(versions)));
        }
      }),
      { numRuns: 25 },
    );
  });

  it('are all of them again where what is kept was made otherwise, is damaged, or has no file', async () => {
    const site = await open();
    const kept = join(site.stateDir, 'cache', 'search-shards.txt');
    const everything = (await site.publish(all)).length;
    const damages: Readonly<Record<string, () => Promise<unknown>>> = {
      'cut off': () => truncate(kept, 500),
      'another digit': async () => writeFile(kept, (await readFile(kept, 'utf8')).replace('40-1', '40-2')),
      'no file': () => rm(kept),
    };
    for (const [how, damage] of Object.entries(damages)) {
      await damage();
      await site.publish(all);
      assert.deepEqual(sorted(site.files), sorted(await makeAnew(all)), how);
    }
    site.files = new Map();
    assert.equal((await site.publish(all)).length, everything);
    await site.publish(all, 'made otherwise');
    assert.deepEqual(sorted(site.files), sorted(await makeAnew(all)));
  });

  it('are right where a run was killed before it kept what it had made', async () => {
    const site = await open();
    await site.publish(all);
    const kept = join(site.stateDir, 'cache', 'search-shards.txt');
    const [before, { files }] = [await readFile(kept), site];
    await site.publish({ ...all, 7: 2, 100: 1 });
    await writeFile(kept, before);
    site.files = files;
    await site.publish({ ...all, 7: 3, 8: 2 });
    assert.deepEqual(sorted(site.files), sorted(await makeAnew({ ...all, 7: 3, 8: 2 })));
  });
});
