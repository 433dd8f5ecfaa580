/** Storage and clean-up over small random catalogues, against counts that look at every tag again for every number. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { planCleanup } from '../../src/catalogue/cleanup.ts';
import { scatterLength } from '../../src/catalogue/content-numbers.ts';
import { toContentKey } from '../../src/catalogue/inventory.ts';
import type { InventoryFigures } from '../../src/catalogue/inventory-figures.ts';
import type { Repository } from '../../src/catalogue/model.ts';
import { countContents, createNumberedContents, numberContentsAhead } from '../../src/catalogue/numbered-contents.ts';
import { countStorage, createFreedCounter } from '../../src/catalogue/storage.ts';
import { createLedger, type StorageLedger } from '../../src/catalogue/storage-ledger.ts';
import { parseRepositoryName } from '../../src/oci/reference.ts';
import { type Content, createImage, createIndex, createRepository } from '../support/catalogue-values.ts';
import { holdRepository } from '../support/held-inventories.ts';

const runs = { numRuns: 300 };

/** A few layers and images, so that most things are shared with something. */
const layer = fc.integer({ min: 0, max: 9 });
const image = fc
  .array(layer, { maxLength: 4 })
  .map((layers) => createImage(`image ${layers}`, { layers: layers.map((at) => [`layer ${at}`, 2 ** at] as const) }));
const index = fc.array(image, { minLength: 1, maxLength: 3 }).map((children) =>
  createIndex(
    `index ${children.map(({ digest }) => digest)}`,
    children.map((child) => [child, {}]),
  ),
);
const content = fc.oneof({ weight: 3, arbitrary: image }, { weight: 2, arbitrary: index });
const tag = fc.constantFrom('1.0', '1.1', '1.2', '2.0', '2.1', 'latest', 'keep-1');
const name = fc.constantFrom('a', 'a/b', 'a/b/c', 'a-b', 'a-b/c', 'b', 'b/a', 'b/b', 'c/a/b');
const source = fc.constantFrom('main', 'main', 'other');
const catalogue = fc
  .dictionary(name, fc.record({ source, tags: fc.dictionary(tag, content, { maxKeys: 5 }) }), { maxKeys: 6 })
  .map((parts) =>
    Object.entries(parts).map(([of, part]) => ({
      ...createRepository(part.tags, { source: part.source }),
      name: parseRepositoryName(of),
    })),
  );

function toLedger(repositories: readonly Repository[]): StorageLedger {
  return createLedger(repositories.map(holdRepository), new Uint32Array(scatterLength));
}

/** Every content that some tags lead to, with its bytes; those of another source are others. */
function collect(
  repositories: readonly Repository[],
  isMeant: (repository: Repository, tag: string) => boolean = () => true,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const repository of repositories) {
    const add = (digest: string, sizeBytes: number) => found.set(`${repository.source} ${digest}`, sizeBytes);
    const visit = (digest: Content['digest']) => {
      const facts = repository.manifests.get(digest);
      if (facts === undefined) throw new TypeError('a manifest is missing');
      add(digest, facts.sizeBytes);
      if (facts.shape === 'index') for (const child of facts.children) visit(child.digest);
      if (facts.shape === 'manifest')
        for (const each of [facts.config, ...facts.layers]) add(each.digest, each.sizeBytes);
    };
    for (const [each, { digest }] of repository.tags) if (digest !== null && isMeant(repository, each)) visit(digest);
  }
  return found;
}

function sum(contents: ReadonlyMap<string, number>): number {
  return [...contents.values()].reduce((total, sizeBytes) => total + sizeBytes, 0);
}

function without(contents: ReadonlyMap<string, number>, others: ReadonlyMap<string, number>) {
  return new Map([...contents].filter(([key]) => !others.has(key)));
}

describe('storage', () => {
  it('is for every tag, image, namespace and the registry what a count from scratch says', () => {
    let checked = 0;
    fc.assert(
      fc.property(catalogue, (repositories) => {
        const storage = countStorage(toLedger(repositories));
        const expect = (
          actual: { storedBytes: number; uniqueBytes: number },
          isMeant: Parameters<typeof collect>[1],
        ) => {
          const own = collect(repositories, isMeant);
          const rest = collect(repositories, (...each) => !isMeant?.(...each));
          assert.deepEqual(
            { storedBytes: actual.storedBytes, uniqueBytes: actual.uniqueBytes },
            { storedBytes: sum(own), uniqueBytes: sum(without(own, rest)) },
          );
          checked++;
        };
        expect(storage.registry, () => true);
        for (const holding of storage.namespaces) expect(holding, (each) => each.name.startsWith(`${holding.path}/`));
        for (const holding of storage.repositories) {
          expect(holding, (each) => each.name === holding.name);
          const tagged = [...(repositories.find((each) => each.name === holding.name)?.tags ?? [])];
          assert.equal(
            holding.taggedBytes,
            tagged.reduce(
              (total, [of]) =>
                total + sum(collect(repositories, (each, own) => each.name === holding.name && own === of)),
              0,
            ),
          );
          const rows = holding.readRows();
          const { storedBytes, uniqueBytes, areWhole } = holding.rows;
          assert.deepEqual(
            [[...storedBytes], [...uniqueBytes], Array.from(areWhole, (whole) => whole === 1)],
            (['storedBytes', 'uniqueBytes', 'isWhole'] as const).map((column) => rows.map((row) => row[column])),
          );
          for (const row of rows) {
            expect(row, (each, own) => each.name === holding.name && row.row.row.tags.some((one) => one === own));
          }
        }
        for (const { sizeBytes, repositories: holders } of storage.shared)
          assert.ok(holders.length > 1 && sizeBytes >= 0);
      }),
      runs,
    );
    assert.ok(checked > 1000);
  });

  it('of any set of digests frees what nothing else leads to', () => {
    fc.assert(
      fc.property(catalogue, fc.integer(), (repositories, seed) => {
        const ledger = toLedger(repositories);
        const going = ledger.repositories
          .flatMap((repository) => repository.readRows().map((row) => ({ ...row, name: repository.name })))
          .filter(({ at }) => ((seed >>> (at % 31)) & 1) === 1);
        const isGoing = (repository: Repository, of: string) =>
          going.some(({ name: own, row }) => own === repository.name && row.tags.some((one) => one === of));
        const own = collect(repositories, isGoing);
        const rest = collect(repositories, (...each) => !isGoing(...each));
        assert.equal(createFreedCounter(ledger)(going.map(({ at }) => at)), sum(without(own, rest)));
      }),
      runs,
    );
  });
});

/** What of the sums is not a function. */
function toNumbers(ledger: StorageLedger) {
  const { repositories, ...storage } = countStorage(ledger);
  return {
    ...storage,
    isKnown: ledger.isWhole,
    repositories: repositories.map(({ readRows: _, ...holding }) => holding),
  };
}

/** Layers of which one image in a few says another size. */
const doubtful = fc.tuple(fc.array(layer, { maxLength: 3 }), fc.integer({ min: 0, max: 12 })).map(([layers, seed]) =>
  createImage(`doubtful ${layers} ${seed}`, {
    layers: layers.map((at) => [`layer ${at}`, 2 ** at + (seed === 0 ? 1 : 0)] as const),
  }),
);
/** What several sources have, so that what is shared in one is as much as what is shared in the other. */
const common = fc.constantFrom(0, 1).map((at) => createImage(`common ${at}`, { layers: [[`layer ${at}`, 1000]] }));
const changing = fc
  .dictionary(
    name,
    fc.record({ source, tags: fc.dictionary(tag, fc.oneof(content, doubtful, common), { maxKeys: 4 }) }),
    { maxKeys: 8 },
  )
  .map((parts) =>
    Object.entries(parts).map(([of, part]) =>
      holdRepository({ ...createRepository(part.tags, { source: part.source }), name: parseRepositoryName(of) }),
    ),
  );

/** Of a repository that holds so many contents. */
function createFigures(contents: number): InventoryFigures {
  const { figures } = holdRepository(createRepository({}));
  return { ...figures, columns: { ...figures.columns, sizesBytes: new Float64Array(contents) } };
}

describe('a ledger', () => {
  const scatter = new Uint32Array(scatterLength);

  it('is the same whatever was numbered before it was known what changed', () => {
    let [used, contradicted, refused, full, even] = [0, 0, 0, 0, 0];
    fc.assert(
      fc.property(changing, changing, fc.integer({ min: 0, max: 63 }), fc.nat(30), (before, after, same, room) => {
        const kept = after.filter((_, at) => ((same >>> at) & 1) === 1);
        const known = [...before, ...kept].map(({ figures }) => figures);
        const expected = toNumbers(createLedger(after, scatter));
        const ahead = numberContentsAhead(known, scatter);
        assert.deepEqual(toNumbers(createLedger(after, scatter, ahead)), expected);
        const figures = after.map((each) => each.figures);
        if (!ahead.holdFor(figures)) refused++;
        else if (ahead.areContradicted()) contradicted++;
        else used++;
        const small = createNumberedContents(room, scatter);
        if (!small.hasRoomFor(figures)) full++;
        assert.deepEqual(toNumbers(createLedger(after, scatter, small)), expected);
        if (new Set(expected.shared.map(({ key }) => key)).size < expected.shared.length) even++;
      }),
      runs,
    );
    const cases = { used, contradicted, refused, full, even };
    for (const count of Object.values(cases)) assert.ok(count > 10, JSON.stringify(cases));
  });

  it('has room for what was numbered, and for no more than it was made for', () => {
    let some = 0;
    fc.assert(
      fc.property(changing, (held) => {
        const figures = held.map((each) => each.figures);
        const others = figures.map((each) => ({ ...each }));
        const count = countContents(figures);
        const distinct = new Set(
          held.flatMap((each) =>
            [
              ...each.read().contents.map(([key]) => key),
              ...each.read().manifests.map((own) => toContentKey(own.digest)),
            ].map((key) => `${each.figures.source} ${key}`),
          ),
        ).size;
        const numbered = createNumberedContents(count, scatter);
        for (const each of figures) numbered.reachedBy(each);
        assert.equal(numbered.hasRoomFor(figures), true);
        assert.equal(numbered.sizesBytes().length, distinct);
        assert.equal(numbered.hasRoomFor(others), count === 0);
        const ahead = numberContentsAhead(figures, scatter);
        const room = Math.ceil(1.1 * count) + 10_000 - distinct;
        for (const [more, hasRoom] of [
          [0, true],
          [1, false],
        ] as const) {
          assert.equal(ahead.hasRoomFor([...figures, createFigures(room + more)]), hasRoom);
        }
        if (count > distinct) some++;
      }),
      runs,
    );
    assert.ok(some > 30, `only ${some} had anything that is shared`);
  });
});

describe('a clean-up', () => {
  const rule = { covers: () => true, key: '', isProtected: (of: string) => of.startsWith('keep'), beyondNewest: 1 };
  const options = { rules: [rule], measuredAt: '2026-11-20T00:00:00Z', recommendedTagOf: () => null };

  it('frees what it says, takes no protected tag, breaks no index, and keeps the newest', () => {
    let planned = 0;
    fc.assert(
      fc.property(catalogue, (repositories) => {
        const plan = planCleanup(toLedger(repositories), options);
        const items = plan.repositories.flatMap((repository) =>
          repository.readItems().map((item) => ({ ...item, repository })),
        );
        planned += items.length;
        const isGoing = (repository: Repository, of: string) =>
          items.some((item) => item.repository.name === repository.name && item.tags.some((one) => one === of));
        const own = collect(repositories, isGoing);
        const rest = collect(repositories, (...each) => !isGoing(...each));
        assert.equal(plan.freedBytes, sum(without(own, rest)));
        assert.ok(!items.some(({ tags }) => tags.some((of) => rule.isProtected(of))));
        for (const repository of repositories) {
          const staying = collect([repository], (each, of) => !isGoing(each, of));
          const deleted = items
            .filter((item) => item.repository.name === repository.name)
            .flatMap(({ manifests }) => manifests);
          assert.equal(new Set(deleted).size, deleted.length, 'nothing is deleted twice');
          for (const digest of deleted)
            assert.ok(!staying.has(`${repository.source} ${digest}`), 'what stays needs it');
          for (const key of without(collect([repository], isGoing), staying).keys()) {
            const digest = key.split(' ')[1] as Content['digest'];
            assert.equal(
              deleted.includes(digest),
              repository.manifests.has(digest),
              'every manifest that is left over goes',
            );
          }
          assert.ok(repository.tags.size === 0 || [...repository.tags.keys()].some((of) => !isGoing(repository, of)));
        }
      }),
      runs,
    );
    assert.ok(planned > 100, `only ${planned} digests were planned`);
  });
});
