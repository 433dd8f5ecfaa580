import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { makeRepository, planChange } from '../../bench/world-images.ts';
import { createRequestLists } from '../../bench/world-requests.ts';
import { type WorldName, worlds } from '../../bench/worlds.ts';
import { useFolder } from '../../support/run-program.ts';

describe('the worlds of the benchmark', () => {
  const sizes: readonly (readonly [WorldName, number, number])[] = [
    ['one', 1, 1],
    ['S', 50, 500],
    ['W', 528, 21_369],
    ['M', 1000, 20_000],
    ['L', 5000, 200_000],
  ];
  for (const [name, repositories, tags] of sizes) {
    it(`${name} has ${repositories} repositories and ${tags} tags, all different`, () => {
      const planned = [...worlds[name].plan()];
      assert.equal(new Set(planned.map((one) => one.name)).size, repositories);
      const references = planned.flatMap((one) => one.tags.map((tag) => `${one.name}:${tag}`));
      assert.equal(references.length, tags);
      assert.equal(new Set(references).size, tags);
    });
  }

  it('holds the same bytes whenever it is made', () => {
    const digests = () => [...worlds.S.plan()].flatMap((one) => [...makeRepository(one).manifests.keys()]).join();
    assert.equal(digests(), digests());
  });

  it('changes by one build, to which `latest` moves', () => {
    const [planned] = worlds.S.plan();
    assert.ok(planned);
    const [before, after] = [makeRepository(planned), makeRepository(planChange(planned))];
    assert.equal(after.tags.size, before.tags.size + 1);
    const moved = [...before.tags].filter(([tag, digest]) => after.tags.get(tag) !== digest).map(([tag]) => tag);
    assert.deepEqual(moved, ['latest']);
  });
});

it('lists one request for each page of names, repository, tag, child and config', async (t) => {
  const folder = await useFolder(t);
  const lists = createRequestLists(join(folder, 'cold'), join(folder, 'known'));
  const repositories = [...worlds.S.plan()].map(makeRepository);
  for (const repository of repositories) lists.add(repository);
  lists.close();
  const count = async (file: string) => {
    const kinds = (await readFile(join(folder, file), 'utf8')).trimEnd().split('\n');
    return Object.groupBy(kinds, (line) => line.split('\t', 1)[0] ?? '');
  };
  const [cold, known] = [await count('cold'), await count('known')];
  const manifests = repositories.reduce((sum, one) => sum + one.manifests.size, 0);
  const indexes = repositories.reduce((sum, one) => sum + (one.manifests.size - one.blobs.size), 0);
  const aliases = repositories.length;
  assert.ok(indexes > 0, 'no image has several platforms');
  assert.equal(cold['catalog']?.length, 1);
  assert.equal(cold['tags']?.length, repositories.length);
  assert.equal(cold['manifest']?.length, manifests + aliases);
  assert.equal(cold['config']?.length, manifests - indexes);
  assert.equal(known['manifest']?.length, 500);
  assert.ok(known['manifest']?.every((line) => /\t"sha256:[0-9a-f]{64}"$/.test(line)));
});
