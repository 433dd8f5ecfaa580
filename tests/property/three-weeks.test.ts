/**
 * Three weeks of hours. A script moves, deletes and re-creates; sources fail, break off, are too slow and once forget
 * everything; the clock is set back. What is remembered must be the script, nothing more and nothing less.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { listFeedFiles } from '../../src/api/feed.ts';
import { toEventId } from '../../src/catalogue/events.ts';
import { guardRemovals } from '../../src/catalogue/guard.ts';
import type { EventType, Instant, Repository } from '../../src/catalogue/model.ts';
import type { RepositoryObservation, TagObservation } from '../../src/catalogue/observation.ts';
import { type DueRemovals, reconcile, removeDue } from '../../src/catalogue/reconcile.ts';
import type { ReconcilePolicy } from '../../src/catalogue/reconcile-policy.ts';
import { computeDigest, type Digest } from '../../src/oci/digest.ts';
import { parseRepositoryName, parseTag, type RepositoryName } from '../../src/oci/reference.ts';
import type { IndexEntry } from '../../src/snapshot/index.schema.ts';
import { createSnapshotStore, type SnapshotStore } from '../../src/snapshot/snapshot-store.ts';
import { listChangeDays, needsEarlierEvents, pickRecentEvents } from '../../src/view/changes-view.ts';
import { createSite } from '../../src/view/site.ts';
import { absent, failed, hour, observe } from '../support/catalogue-values.ts';

const runCount = 504;
/** Between two things that the script does to one tag lie so many runs: more than any failure lasts. */
const calmRuns = 8;
const setBackAt = 250;
const setBackHours = 5;

type Weather = 'fine' | 'fails' | 'breaks off' | 'some tags fail' | 'forgets';

interface Deed {
  readonly run: number;
  readonly type: EventType;
  readonly tag: string | null;
  readonly from: Digest | null;
  readonly to: Digest | null;
}

/** One repository of the script: what it really holds, and what was done to it. */
interface Actor {
  readonly name: RepositoryName;
  readonly tags: Map<string, Digest>;
  readonly gone: Set<string>;
  readonly lastDeeds: Map<string, number>;
  readonly deeds: Deed[];
  isGone: boolean;
}

function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function act(actor: Actor, run: number, random: (below: number) => number): void {
  const isCalm = (key: string) => run - (actor.lastDeeds.get(key) ?? -calmRuns) >= calmRuns;
  const note = (type: EventType, tag: string | null, from: Digest | null, to: Digest | null) => {
    actor.deeds.push({ run, type, tag, from, to });
    actor.lastDeeds.set(tag ?? '(all)', run);
  };
  if (!isCalm('(all)')) return;
  if (random(150) === 0 && [...actor.lastDeeds.keys()].every(isCalm)) {
    actor.isGone = !actor.isGone;
    note(actor.isGone ? 'removed' : 'returned', null, null, null);
    return;
  }
  if (actor.isGone) return;
  for (const tag of ['latest', 'edge', '1.0', '1.1', '1.2', '2.0']) {
    if (!isCalm(tag) || random(12) > 0) continue;
    const before = actor.tags.get(tag);
    const next = computeDigest(`${actor.name} ${random(6)}`);
    if (before === undefined) {
      note(actor.gone.delete(tag) ? 'returned' : 'added', tag, null, next);
      actor.tags.set(tag, next);
    } else if (random(4) === 0 && actor.tags.size > 1) {
      note('removed', tag, before, null);
      actor.tags.delete(tag);
      actor.gone.add(tag);
    } else if (next !== before) {
      note('moved', tag, before, next);
      actor.tags.set(tag, next);
    }
  }
}

function look(actor: Actor, known: Repository | null, weather: Weather, random: (below: number) => number) {
  const { name } = actor;
  const failure = { code: 'TIMED_OUT', message: 'no answer' };
  if (weather === 'fails') return observe({}, { name, listing: { outcome: 'failed', failure } });
  if (weather === 'forgets' || actor.isGone) return observe({}, { name, listing: { outcome: 'absent' } });
  const tags: Record<string, TagObservation> = {};
  for (const [tag, digest] of actor.tags) {
    if (weather === 'breaks off' && random(2) === 0) continue;
    const fails = weather === 'some tags fail' && random(3) === 0;
    tags[tag] = fails ? failed : { outcome: 'points', digest, missing: 0 };
  }
  for (const tag of known?.tags.keys() ?? []) {
    if (!actor.tags.has(tag)) tags[tag] = weather === 'some tags fail' && random(3) === 0 ? failed : absent;
  }
  const listing: RepositoryObservation['listing'] = {
    outcome: 'tags',
    failure: weather === 'breaks off' ? failure : null,
  };
  return observe(tags, { name, listing });
}

/** Never more than two bad hours in a row, and each a different one for each repository. */
function createWeather(random: (below: number) => number): (run: number) => Weather {
  let bad = 0;
  return (run) => {
    if (run > 3 && bad < 2 && random(5) === 0) {
      bad++;
      const kinds = ['fails', 'breaks off', 'some tags fail'] as const;
      return kinds[random(kinds.length)] ?? 'fails';
    }
    bad = 0;
    return 'fine';
  };
}

/** By tag alone, so that what happened to one tag stays in its order. */
function compareTags(a: string, b: string): number {
  const [left = '', right = ''] = [a.split(':')[0], b.split(':')[0]];
  return left < right ? -1 : left > right ? 1 : 0;
}

async function measureBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name)));
  return (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0);
}

const settings = {
  ...{ title: 'Images', publicHost: 'registry.example', alternateHosts: [], base: '/', movingTags: ['latest'] },
  siteUrl: 'https://registry.example/',
};

async function listIdsOfFeed(entries: readonly IndexEntry[], store: SnapshotStore): Promise<readonly string[]> {
  const parts = [];
  for (const entry of entries) {
    const part = await store.readRepository(entry);
    const known = needsEarlierEvents(part) ? await store.readHistory(part) : part;
    parts.push({ name: entry.name, events: pickRecentEvents(known) });
  }
  const changes = listChangeDays(parts).flatMap((day) => day.changes);
  const origin = { registry: 'registry.example', beganAt: hour(0) };
  const [feed] = listFeedFiles(changes, origin, createSite(settings, entries));
  assert.ok(feed);
  return [...feed.text.matchAll(/<entry>\n<id>([^<]+)<\/id>/g)].map(([, id = '']) => id);
}

describe('three weeks of hours', () => {
  for (const seed of [1, 77]) {
    it(`are remembered as they were (seed ${seed})`, async (t) => {
      const random = createRandom(seed);
      const stateDir = await mkdtemp(join(tmpdir(), 'three-weeks-'));
      t.after(() => rm(stateDir, { recursive: true }));
      const store = createSnapshotStore(stateDir);
      const actors = Array.from({ length: 12 }, (_, at): Actor => {
        const name = parseRepositoryName(`team${at % 3}/image${at}`);
        const tags = new Map([
          ['latest', computeDigest(`${name} 0`)],
          ['1.0', computeDigest(`${name} 0`)],
        ]);
        return { name, tags, gone: new Set(), lastDeeds: new Map(), deeds: [], isGone: false };
      });
      const weathers = actors.map(() => createWeather(random));
      const clockOf = (run: number): Instant => hour(run < setBackAt ? run : run - setBackHours);
      let entries: readonly IndexEntry[] = [];
      let bytesBefore = 0;
      const seen = new Map<string, number>();
      let lastFeed = new Set<string>();

      for (let run = 1; run <= runCount; run++) {
        const now = clockOf(run);
        const lastRunAt = run === 1 ? null : clockOf(run - 1);
        const isForgotten = run === 100;
        const policy: ReconcilePolicy = {
          ...{ run, lastRun: run - 1, confirmRuns: 2, lastRunAt, lastListedAt: lastRunAt },
          ...{ isTagShown: () => true, mayHaveHiddenTags: () => false, publishEnvironment: false },
        };
        const known = new Map<RepositoryName, Repository>();
        for (const entry of entries) known.set(entry.name, await store.readHistory(await store.readRepository(entry)));
        const next = new Map<RepositoryName, Repository>();
        const due = new Map<RepositoryName, DueRemovals>();
        for (const [at, actor] of actors.entries()) {
          if (run > 1 && run < runCount - 10) act(actor, run, random);
          const weather = run > runCount - 10 ? 'fine' : (weathers[at]?.(run) ?? 'fine');
          const before = known.get(actor.name) ?? null;
          const result = reconcile(before, look(actor, before, isForgotten ? 'forgets' : weather, random), policy, now);
          if (result.next === null) continue;
          next.set(actor.name, result.next);
          if (result.due.repository || result.due.tags.size > 0) due.set(actor.name, result.due);
        }
        const totals = {
          repositories: actors.length,
          tags: [...next.values()].reduce((sum, { tags }) => sum + tags.size, 0),
        };
        const { allowed, heldBack } = guardRemovals(due, totals, { acceptRemovals: false });
        assert.deepEqual(heldBack, { repositories: 0, tags: 0 }, `run ${run}`);
        for (const [name, removals] of allowed) {
          const repository = next.get(name);
          if (repository !== undefined) next.set(name, removeDue(repository, removals, policy, now));
        }
        const written: IndexEntry[] = [];
        for (const repository of next.values()) written.push(await store.writeRepository(repository));
        entries = written.sort((a, b) => (a.name < b.name ? -1 : 1));
        if (run === 1) bytesBefore = await measureBytes(stateDir);

        const ids = await listIdsOfFeed(entries, store);
        assert.equal(new Set(ids).size, ids.length, 'no entry stands twice in a feed');
        for (const id of ids) if (!lastFeed.has(id)) seen.set(id, (seen.get(id) ?? 0) + 1);
        lastFeed = new Set(ids);
        await store.removeUnnamed({ repositories: entries } as never);
      }

      let count = 0;
      for (const actor of actors) {
        const entry = entries.find(({ name }) => name === actor.name);
        assert.ok(entry);
        const repository = await store.readHistory(await store.readRepository(entry));
        const describe = ({ type, tag, from, to }: Omit<Deed, 'run'>) =>
          `${tag ?? '(all)'}: ${type} ${from?.slice(7, 13) ?? '-'} ${to?.slice(7, 13) ?? '-'}`;
        const byTag = (deeds: readonly Omit<Deed, 'run'>[]) => deeds.map(describe).sort(compareTags);
        assert.deepEqual(byTag(repository.events), byTag(actor.deeds), actor.name);
        for (const [tag, deeds] of Map.groupBy(actor.deeds, (deed) => deed.tag)) {
          const events = repository.events.filter((event) => event.tag === (tag === null ? null : parseTag(tag)));
          for (const [at, { run }] of deeds.entries()) {
            const event = events[at];
            assert.ok(event);
            assert.ok(event.run >= run && event.run - run < calmRuns, `${tag} in run ${run}, seen in ${event.run}`);
            // The clock may have stood lower between two looks than at either: then nobody can know.
            if (Math.abs(run - setBackAt) < calmRuns) continue;
            const times = [clockOf(run - 1), clockOf(run)].sort();
            assert.ok((event.notBefore ?? '') <= (times[1] ?? '') && event.notAfter >= (times[0] ?? ''));
          }
        }
        count += repository.events.length;
        const all = repository.events.map((event) => toEventId(repository.name, event));
        assert.equal(new Set(all).size, all.length);
      }
      assert.ok(count > 500, `only ${count} events`);
      assert.equal(seen.size, count, 'a reader of every hour saw each event');
      assert.deepEqual(
        [...seen.values()].filter((times) => times !== 1),
        [],
        'and none as new again',
      );
      const bytes = ((await measureBytes(stateDir)) - bytesBefore) / count;
      t.diagnostic(`${count} events, ${bytes.toFixed(0)} bytes each`);
      assert.ok(bytes < 250, `${bytes} bytes an event`);
    });
  }
});
