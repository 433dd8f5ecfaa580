/** Taking stock of small random catalogues, hour after hour, with what was kept and without. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { listBaseRepositories } from '../../src/catalogue/dependents.ts';
import type { HeldInventory } from '../../src/catalogue/inventory-figures.ts';
import { createLineage } from '../../src/catalogue/lineage.ts';
import { createLineageIndexBuilder } from '../../src/catalogue/lineage-index.ts';
import type { Repository } from '../../src/catalogue/model.ts';
import { listRelatedInventories } from '../../src/catalogue/related-inventories.ts';
import { parseRepositoryName } from '../../src/oci/reference.ts';
import { measureLists } from '../../src/run/cleanup-lists.ts';
import { createStockTaking } from '../../src/run/take-stock.ts';
import type { StockOrders } from '../../src/run/work-out-stock.ts';
import { createSnapshotStore } from '../../src/snapshot/snapshot-store.ts';
import { listImageLineages } from '../../src/view/image-lineage.ts';
import { createRepository, hour } from '../support/catalogue-values.ts';
import { holdRepository } from '../support/held-inventories.ts';
import { stack, stackAll, worldHost } from '../support/lineage-world.ts';
import { useFolder } from '../support/run-program.ts';
import { sampleSummary } from '../support/sample-catalogue.ts';

/** Few layers, names and tags, so that most images stand on others, are copies of them, or claim to. */
const names = ['a', 'a/b', 'base', 'base/old', 'c'] as const;
const tags = ['1.0', '1.1', '2.0', 'latest'] as const;
const layers = fc
  .tuple(fc.constantFrom('root', 'other'), fc.array(fc.constantFrom('', 'x', 'y', 'z'), { maxLength: 3 }))
  .map(([root, further]) => [root, ...further]);
const plain = fc.record({ layers, isSeeded: fc.boolean() }).map(({ isSeeded, layers: own }) => ({
  layers: own,
  steps: isSeeded ? [] : own.map((layer) => `RUN ${layer}`),
  seed: String(isSeeded),
}));
const claim = fc.oneof(
  fc
    .constantFrom(...names.map((name) => `${worldHost}/${name}:1.0`), `${worldHost}/a`, 'elsewhere.example/base:1')
    .map((name) => ({ name })),
  plain.map((one) => ({ digest: stack(one).digest })),
);
const image = fc
  .tuple(plain, fc.option(claim, { freq: 4 }))
  .map(([one, claimed]) => (claimed === null ? one : { ...one, claim: claimed }));
const content = fc.oneof(
  { weight: 4, arbitrary: image.map(stack) },
  { weight: 1, arbitrary: image.map((one) => stackAll([one, { ...one, platform: 'linux/arm64' }])) },
);
const part = fc.record({
  contents: fc.dictionary(fc.constantFrom(...tags), content, { maxKeys: 4 }),
  state: fc.constantFrom('listed', 'listed', 'listed', 'removed' as const),
});
/** Only what is named changes; null goes. */
const change = fc.dictionary(fc.constantFrom(...names), fc.option(part, { freq: 6 }), { maxKeys: 5 });

/** Seldom: then nothing of what is kept is of use. */
const isOtherProgram = fc.constantFrom(false, false, false, false, true);
/** As many as let the figures of a few that changed stand beside those of all. */
const unchanging: ReadonlyMap<string, Repository> = applyChange(
  new Map(),
  Object.fromEntries(
    Array.from({ length: 8 }, (_, at) => {
      const contents = { '1.0': stack({ layers: ['root', `${at}`], steps: ['RUN root', `RUN ${at}`], seed: 'true' }) };
      return [`still/${at}`, { contents, state: 'listed' }];
    }),
  ),
);

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function applyChange(catalogue: ReadonlyMap<string, Repository>, changed: Change): ReadonlyMap<string, Repository> {
  const next = new Map(catalogue);
  for (const [of, one] of Object.entries(changed)) {
    const name = parseRepositoryName(of);
    if (one === null) next.delete(of);
    else next.set(of, { ...createRepository(one.contents, { state: one.state }), name });
  }
  return new Map([...next].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function workOutAll(inventories: readonly HeldInventory[]): unknown {
  const builder = createLineageIndexBuilder();
  for (const inventory of inventories) builder.add(inventory.read());
  const index = builder.finish();
  const lineage = createLineage(index, [worldHost]);
  const bases = listBaseRepositories(index.repositories.values(), lineage).map(({ versions, ...base }) => ({
    ...base,
    versions: versions.map(({ base: { row: _, ...version }, dependents }) => ({
      ...version,
      dependents: dependents.map(({ row, ancestor }) => [row.repository.name, row.digest, ancestor.base.tag]).sort(),
    })),
  }));
  return { bases, images: [...listImageLineages(index, lineage, () => null)] };
}

/** All files of a folder, by their paths. */
function readAll(folder: string): ReadonlyMap<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries
      .map(({ parentPath, name }) => {
        const path = join(parentPath, name);
        return [path.slice(folder.length), readFileSync(path, 'latin1')] as const;
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** What may befall what is kept. */
const damages: Readonly<Record<string, (folder: string) => void>> = {
  none: () => undefined,
  'a byte of the texts': (folder) => changeByte(pickFile(folder, 'inventories', 'texts'), 0.4),
  'a byte of the figures': (folder) => changeByte(pickFile(folder, 'inventories', 'figures.'), 0.7),
  'the head of the figures': (folder) => changeByte(pickFile(folder, 'inventories', 'figures.'), 0.05),
  'texts cut off': (folder) => cutOff(pickFile(folder, 'inventories', 'texts'), 10),
  'figures cut off': (folder) => cutOff(pickFile(folder, 'inventories', 'figures.'), 50),
  'a byte of those beyond': (folder) => ifThere(folder, (file) => changeByte(file, 0.7)),
  'those beyond cut off': (folder) => ifThere(folder, (file) => cutOff(file, 50)),
  'those beyond gone': (folder) => ifThere(folder, (file) => rmSync(file)),
  'what was said of the clean-up': (folder) => changeByte(pickFile(folder, 'cleanup', 'texts'), 0.4),
  'what was decided about it': (folder) => changeByte(pickFile(folder, 'cleanup', 'index'), 0.4),
  'what was said cut off': (folder) => cutOff(pickFile(folder, 'cleanup', 'texts'), 10),
};

/** Figures of what changed since those of all were written. */
function ifThere(cache: string, befall: (file: string) => void): void {
  const file = join(cache, 'inventories', 'figures-beyond.bin');
  if (existsSync(file)) befall(file);
}

function pickFile(cache: string, kind: string, beginning: string): string {
  const found = readdirSync(join(cache, kind)).find((name) => name.startsWith(beginning));
  return join(cache, kind, found ?? assert.fail(`no ${beginning}`));
}

function cutOff(file: string, bytes: number): void {
  truncateSync(file, Math.min(bytes, statSync(file).size));
}

function changeByte(file: string, part: number): void {
  const bytes = readFileSync(file);
  const at = Math.floor(bytes.length * part);
  if (bytes.length > 0) bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(file, bytes);
}

describe('taking stock', () => {
  it('lineage is the same without the repositories that it says nothing about', () => {
    let leftOut = 0;
    fc.assert(
      fc.property(change, (world) => {
        const all = [...applyChange(new Map(), world).values()].map(holdRepository);
        const related = listRelatedInventories(all, [worldHost]);
        leftOut += all.length - related.length;
        assert.deepEqual(workOutAll(related), workOutAll(all));
      }),
      { numRuns: 1000 },
    );
    assert.ok(leftOut > 0, 'nothing was ever left out');
  });

  it('what is kept from hour to hour changes no byte, whatever befell it', async (t) => {
    const folder = await useFolder(t);
    let [count, beyond] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(change, fc.constantFrom(...Object.keys(damages)), isOtherProgram), {
          minLength: 2,
          maxLength: 5,
        }),
        async (hours) => {
          const [warm, cold] = [join(folder, `warm-${count}`), join(folder, `cold-${count++}`)];
          let catalogue = unchanging;
          for (const [at, [changed, damage, isOther]] of hours.entries()) {
            catalogue = applyChange(catalogue, changed);
            if (at > 0 && existsSync(join(warm, 'cache', 'inventories', 'figures.bin'))) {
              ifThere(join(warm, 'cache'), () => beyond++);
              damages[damage]?.(join(warm, 'cache'));
            }
            await rm(cold, { recursive: true, force: true });
            const taken = [];
            const said: string[] = [];
            const take = (stateDir: string, events: string[]) =>
              takeStock(stateDir, catalogue, { at, isOtherProgram: isOther, events });
            const saidOfCold: string[] = [];
            taken.push(await take(warm, said), await take(cold, saidOfCold));
            assert.deepEqual([taken[0], saidOfCold], [taken[1], []]);
            if (said.length === 0) continue;
            assert.notEqual(damage, 'none', said.join());
            assert.match(said.join(), /^stock-(?:damaged|not-kept)$/);
            // What is damaged is met once.
            said.length = 0;
            assert.deepEqual([await take(warm, said), said], [taken[1], []]);
          }
        },
      ),
      { numRuns: 40 },
    );
    assert.ok(beyond > 0, 'all were written anew in each hour');
  });
});

async function takeStock(
  stateDir: string,
  catalogue: ReadonlyMap<string, Repository>,
  { at, isOtherProgram, events }: { readonly at: number; readonly isOtherProgram: boolean; readonly events: string[] },
) {
  const store = createSnapshotStore(stateDir);
  const repositories = [];
  for (const repository of catalogue.values()) repositories.push(await store.writeRepository(repository));
  const orders: StockOrders = {
    stateDir,
    settings: {
      // Built an hour and a day before the last hours: more falls due on the way.
      cleanup: [{ repositories: ['**'], beyondNewest: 1, untouchedForDays: 1, protect: [] }],
      ...{ movingTags: ['latest'], publicHost: worldHost, alternateHosts: [] },
    },
    index: { ...sampleSummary, changedAt: hour(22 + at), repositories },
    siteSettings: { title: 't', publicHost: worldHost, alternateHosts: [], base: '/', movingTags: ['latest'] },
    programFingerprint: String(isOtherProgram),
  };
  const log = { write: (_level: string, event: string) => void events.push(event) };
  await using taking = createStockTaking(orders, { signal: AbortSignal.timeout(60_000), log });
  const { folder, shares, lineagePages, hasCleanup, outdated, ...taken } = await taking.take();
  const { files: listed, lists } = await taken.finish();
  const measured = lists === null ? [] : measureLists(lists);
  await taken.writeLists(
    measured.map(({ path }) => path),
    AbortSignal.timeout(60_000),
  );
  await taken.keep();
  return {
    ...{ lineagePages, hasCleanup, outdated, measured },
    listed: listed.toSorted(),
    shares: [...shares].sort(([a], [b]) => (a < b ? -1 : 1)),
    files: readAll(folder),
  };
}
