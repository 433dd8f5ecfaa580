import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listCleanupFiles } from '../../../src/api/cleanup-files.ts';
import { cleanupJsonSchema } from '../../../src/api/cleanup-json.schema.ts';
import { encodeJson } from '../../../src/api/encode-json.ts';
import type { CleanupItem, CleanupPlan } from '../../../src/catalogue/cleanup.ts';
import { computeDigest } from '../../../src/oci/digest.ts';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.ts';
import { fixedAddresses } from '../../../src/view/addresses.ts';
import { createSampleWorld } from '../../support/sample-world.ts';

const { site } = createSampleWorld();
const host = site.settings.publicHost;
const day = '2026-11-01T00:00:00Z';

function createItem(tags: readonly string[]): CleanupItem {
  const digest = computeDigest(tags.join());
  return {
    digest,
    tags: tags.map(parseTag),
    ...{ dueAt: day, builtAt: null, touchedAt: day, about: null, freedAloneBytes: 7 },
    manifests: [digest, computeDigest('child')],
  };
}

function createPlan(names: readonly string[], items: readonly CleanupItem[]): CleanupPlan {
  const tagCount = items.reduce((sum, { tags }) => sum + tags.length, 0);
  return {
    ...{ measuredAt: day, coveredCounts: [names.length], upcoming: [{ day: '2026-11-02', digestCount: 1 }] },
    ...{ digestCount: names.length * items.length, tagCount: names.length * tagCount, freedBytes: 100 },
    decisions: new Map(),
    repositories: names.map((name) => ({
      name: parseRepositoryName(name),
      ...{ digestCount: items.length, tagCount, freedBytes: 50, key: name, readItems: () => items },
    })),
  };
}

/** What is in each file in the end. */
function assemble(plan: CleanupPlan): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { path, before, format, between, behind } of listCleanupFiles(plan, true, site)) {
    const images = plan.repositories.map(({ readItems, ...image }) => format({ ...image, items: readItems() }));
    files.set(path, before + images.join(between) + behind);
  }
  return files;
}

describe('the files of a clean-up, put together from their parts', () => {
  const items = [createItem(['1.0', '1']), createItem(['0.9'])];
  for (const names of [[], ['a'], ['a', 'b/c', 'd']]) {
    it(`say of ${names.length} images what the plan does`, () => {
      const plan = createPlan(names, items);
      const files = assemble(plan);
      assert.equal(files.size, 6);
      const text = files.get(fixedAddresses.cleanupJson) ?? '';
      const json = cleanupJsonSchema.parse(JSON.parse(text));
      assert.equal(text, encodeJson(json));
      assert.deepEqual(
        json.images.map(({ name, digests }) => [name, digests.length]),
        names.map((name) => [name, 2]),
      );
      const csv = (files.get(fixedAddresses.cleanupCsv) ?? '').trimEnd().split('\r\n');
      assert.equal(csv.length, 1 + names.length * 3);
      assert.ok(names.length === 0 || csv[2]?.startsWith(`a,1,${items[0]?.digest},1.0,`));
      const lines = (files.get('-/cleanup/skopeo.txt') ?? '').trimEnd().split('\n');
      assert.ok(lines.slice(0, 3).every((line) => line.startsWith('#')));
      assert.equal(lines.length, 3 + names.length * 4);
      const [last] = names.slice(-1);
      if (last !== undefined)
        assert.equal(lines.at(-1), `skopeo delete 'docker://${host}/${last}@${computeDigest('child')}'`);
    });
  }
});
