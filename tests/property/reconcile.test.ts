/**
 * Histories: a registry whose tags come, move and go, seen by runs that are told the truth, nothing, or half of it. Whatever
 * the answers, what is remembered must be what happened.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { toEventId } from '../../src/catalogue/events.ts';
import type { CatalogueEvent, Instant, Repository } from '../../src/catalogue/model.ts';
import type { RepositoryObservation, TagObservation } from '../../src/catalogue/observation.ts';
import { reconcile, removeDue } from '../../src/catalogue/reconcile.ts';
import type { ReconcilePolicy } from '../../src/catalogue/reconcile-policy.ts';
import { isUntold } from '../../src/catalogue/reconcile-tag.ts';
import type { Digest } from '../../src/oci/digest.ts';
import { parseTag, type Tag } from '../../src/oci/reference.ts';
import { encodeRepository } from '../../src/snapshot/repository-codec.ts';
import { absent, createImage, createIndex, dangling, failed, hour, observe } from '../support/catalogue-values.ts';

const RUNS = { numRuns: 400 };

const shared = createImage('shared');
const contents = [
  createImage('one'),
  createImage('two', { createdAt: '2026-01-01T00:00:00Z' }),
  createIndex('three', [
    [shared, {}],
    [createImage('three'), {}],
  ]),
  createIndex('four', [[shared, {}]]),
];
const tagNames = ['latest', '1.0', '__proto__', '7'];

/** What tags point at in the registry, by place in `contents`; null: the repository is not there. */
type Truth = ReadonlyMap<string, number> | null;

interface Look {
  readonly truth: Truth;
  /** Hours since the look before. */
  readonly hours: number;
  readonly answer: 'whole' | 'broken off' | 'nothing';
  /** What is said of single tags in place of the truth. */
  readonly troubles: ReadonlyMap<string, 'failed' | 'dangling' | 'omitted' | 'incomplete'>;
}

const pointers = fc.dictionary(fc.constantFrom(...tagNames), fc.nat({ max: contents.length - 1 }));
const truths: fc.Arbitrary<Truth> = fc.oneof(
  { weight: 5, arbitrary: pointers.map((tags) => new Map(Object.entries(tags))) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const troubles = fc
  .array(fc.tuple(fc.constantFrom(...tagNames), fc.constantFrom('failed', 'dangling', 'omitted', 'incomplete')), {
    maxLength: 3,
  })
  .map((entries) => new Map(entries));
const looks = (hours: fc.Arbitrary<number>): fc.Arbitrary<Look> =>
  fc.record({
    truth: truths,
    hours,
    answer: fc.constantFrom('whole', 'whole', 'whole', 'broken off', 'nothing'),
    troubles,
  });

/** Each truth lasts for some looks, or nothing could ever be confirmed. */
function histories(hours: fc.Arbitrary<number>): fc.Arbitrary<readonly Look[]> {
  const lasting = fc
    .tuple(looks(hours), fc.array(looks(hours), { maxLength: 3 }))
    .map(([first, others]) => [first, ...others.map((look) => ({ ...look, truth: first.truth }))]);
  return fc.array(lasting, { minLength: 1, maxLength: 8 }).map((phases) => phases.flat());
}

const forwards = histories(fc.integer({ min: 1, max: 5 }));
const anyClock = histories(fc.integer({ min: -5, max: 5 }));

/** What a crawl sees of `look`, that asks for every known tag which is not listed. */
function toObservation({ truth, answer, troubles: told }: Look, known: Repository | null): RepositoryObservation {
  if (answer === 'nothing') {
    return observe({}, { listing: { outcome: 'failed', failure: { code: 'TIMED_OUT', message: 'no answer' } } });
  }
  if (truth === null) return observe({}, { listing: { outcome: 'absent' } });
  const answers = new Map<Tag, TagObservation>();
  const listed = [...truth].filter((_, at) => answer === 'whole' || at % 2 === 0);
  for (const [tag, place] of listed) {
    const { digest } = contents[place] as (typeof contents)[number];
    const trouble = told.get(tag);
    if (trouble === 'failed') answers.set(parseTag(tag), failed);
    else if (trouble === 'dangling') answers.set(parseTag(tag), dangling);
    else answers.set(parseTag(tag), { outcome: 'points', digest, missing: trouble === 'incomplete' ? 1 : 0 });
  }
  const asked = known?.state === 'listed' ? [...known.tags.keys()].filter((tag) => !answers.has(tag)) : [];
  for (const tag of asked) {
    const place = truth.get(tag);
    if (told.get(tag) === 'failed') answers.set(tag, failed);
    else if (place === undefined) answers.set(tag, absent);
    else
      answers.set(tag, {
        outcome: 'points',
        digest: (contents[place] as (typeof contents)[number]).digest,
        missing: 0,
      });
  }
  const read = [...answers.values()].flatMap((one) =>
    one.outcome === 'points' ? contents.filter(({ digest }) => digest === one.digest) : [],
  );
  const isEmpty = truth.size === 0 && answer === 'whole';
  return {
    ...observe(),
    listing: isEmpty
      ? { outcome: 'empty' }
      : { outcome: 'tags', failure: answer === 'whole' ? null : { code: 'CONNECTION_LOST', message: 'cut off' } },
    tags: answers,
    manifests: new Map(read.flatMap(({ manifests }) => [...manifests])),
    configs: new Map(read.flatMap(({ configs }) => [...configs])),
  };
}

interface Step {
  readonly look: Look;
  readonly now: Instant;
  readonly observation: RepositoryObservation;
  readonly policy: ReconcilePolicy;
  readonly before: Repository | null;
  /** Before removals that are due. */
  readonly next: Repository | null;
  readonly after: Repository | null;
}

const start: Look = {
  truth: new Map([
    ['latest', 0],
    ['1.0', 1],
  ]),
  hours: 0,
  answer: 'whole',
  troubles: new Map(),
};

/** Runs through a history, after one whole look. Removals that are due happen. */
function live(history: readonly Look[]): readonly Step[] {
  const steps: Step[] = [];
  let hours = 100;
  let known: Repository | null = null;
  let lastRunAt: Instant | null = null;
  let run = 0;
  for (const look of [start, ...history]) {
    hours += look.hours;
    const now = hour(hours);
    const observation = toObservation(look, known);
    const policy: ReconcilePolicy = {
      run: ++run,
      lastRun: run - 1,
      confirmRuns: 2,
      lastRunAt,
      lastListedAt: lastRunAt,
      isTagShown: () => true,
      mayHaveHiddenTags: () => false,
      publishEnvironment: true,
    };
    const before: Repository | null = known;
    const { next, due } = reconcile(before, observation, policy, now);
    known = next !== null && (due.repository || due.tags.size > 0) ? removeDue(next, due, policy, now) : next;
    steps.push({ look, now, observation, policy, before, next, after: known });
    lastRunAt = now;
  }
  return steps;
}

/** `history`, and then looks enough to see and to confirm all that is so. */
function settle(history: readonly Look[]): readonly Look[] {
  const truth = history.at(-1)?.truth ?? null;
  const calm: Look = { truth, hours: 1, answer: 'whole', troubles: new Map() };
  return [...history, calm, calm, calm];
}

function shuffle<Key, Value>(map: ReadonlyMap<Key, Value>): Map<Key, Value> {
  return new Map([...map].reverse());
}

it('in the end what is known is what is so', () => {
  fc.assert(
    fc.property(anyClock, (history) => {
      const known = live(settle(history)).at(-1)?.after ?? null;
      const truth = history.at(-1)?.truth ?? null;
      if (truth === null) return assert.equal(known?.state, 'removed');
      assert.deepEqual([known?.state, known?.staleSince, known?.missedRuns], ['listed', null, 0]);
      const digests = [...truth].map(([tag, place]) => [tag, contents[place]?.digest] as const);
      assert.deepEqual(new Map([...(known?.tags ?? [])].map(([tag, { digest }]) => [tag, digest])), new Map(digests));
      for (const { state } of known?.tags.values() ?? []) assert.equal(state, 'current');
    }),
    RUNS,
  );
});

it('the events, told one after another, lead to what is known', () => {
  fc.assert(
    fc.property(anyClock, (history) => {
      const steps = live(history);
      const known = steps.at(-1)?.after ?? null;
      assert.ok(known !== null);
      const told = new Map<string, Digest | null>(
        [...(steps[0]?.after?.tags ?? [])].map(([tag, { digest }]) => [tag, digest]),
      );
      const removed = new Set<string>();
      for (const { type, tag, from, to } of known.events) {
        const key = tag ?? '(all)';
        if (type === 'added') assert.ok(!told.has(key) && !removed.has(key), `${key} was there, or was removed`);
        if (type === 'returned') assert.ok(removed.delete(key), `${key} was not removed`);
        if (type === 'removed') removed.add(key);
        if (tag === null) continue;
        if (type === 'moved' || type === 'removed') assert.ok(told.has(key), `${key} was not there`);
        // A tag that was not readable when it was added says where it points later, without another event.
        if (told.get(key) !== null) assert.equal(from, told.get(key) ?? null);
        if (type === 'removed') told.delete(key);
        else told.set(key, to);
      }
      const readable = [...known.tags].filter(([, record]) => !isUntold(record)).map(([tag]) => tag);
      assert.deepEqual(new Set(readable), new Set(told.keys()));
      for (const [tag, { digest }] of known.tags)
        if (told.has(tag)) assert.ok(told.get(tag) === null || told.get(tag) === digest);
      assert.equal(removed.has('(all)'), known.state === 'removed');
      assert.equal(new Set(known.events.map((one) => toEventId(known.name, one))).size, known.events.length);
    }),
    RUNS,
  );
});

it('each event happened within its interval, and none is invented by a failure', () => {
  const isSo = (truth: Truth, { tag }: CatalogueEvent, digest: Digest | null, isThere: boolean) => {
    if (tag === null) return (truth !== null) === isThere;
    const place = truth?.get(tag);
    if (!isThere) return place === undefined;
    return place !== undefined && (digest === null || contents[place]?.digest === digest);
  };
  fc.assert(
    fc.property(forwards, (history) => {
      const steps = live(history);
      for (const event of steps.at(-1)?.after?.events ?? []) {
        const { type, from, to, notBefore, notAfter } = event;
        assert.ok(notBefore !== null && notBefore < notAfter);
        const within = steps.filter(({ now }) => now >= notBefore && now <= notAfter);
        const wasThere = type === 'moved' || type === 'removed';
        const isThere = type !== 'removed';
        const first = within.findIndex(({ look }) => isSo(look.truth, event, from, wasThere));
        assert.ok(first >= 0, `${type} ${event.tag}: it was not so before`);
        assert.ok(
          within.slice(first + 1).some(({ look }) => isSo(look.truth, event, to, isThere)),
          `${type} ${event.tag}: it did not come to be`,
        );
      }
    }),
    { numRuns: 1000 },
  );
});

it('runs that learn nothing change nothing but since when it is stale', () => {
  const silent: Look = { ...start, hours: 1, answer: 'nothing' };
  fc.assert(
    fc.property(forwards, fc.integer({ min: 1, max: 40 }), (history, silence) => {
      const steps = live([...history, ...Array<Look>(silence).fill(silent)]);
      const before = steps[history.length]?.after;
      const after = steps.at(-1)?.after;
      // Of a removed one nobody knows now whether it is still away.
      const missedRuns = before?.state === 'removed' ? before.missedRuns : after?.missedRuns;
      assert.deepEqual({ ...after, staleSince: before?.staleSince, missedRuns }, before);
    }),
    RUNS,
  );
});

it('the same observation once more, in the same run, changes nothing', () => {
  fc.assert(
    fc.property(anyClock, (history) => {
      for (const { observation, policy, next, now } of live(history)) {
        const again = reconcile(
          next,
          observation,
          { ...policy, lastRun: policy.run, lastRunAt: now, lastListedAt: now },
          now,
        );
        assert.deepEqual(again.next, next);
        assert.equal(again.next, next);
      }
    }),
    RUNS,
  );
});

it('a run that finds what is known keeps the very same repository', () => {
  fc.assert(
    fc.property(forwards, (history) => {
      const calm = settle(history);
      const [, , , last] = live([...calm, ...calm.slice(-1)]).slice(-4);
      assert.equal(last?.after, last?.before);
    }),
    RUNS,
  );
});

it('the order of answers decides nothing, down to the bytes', () => {
  fc.assert(
    fc.property(anyClock, (history) => {
      for (const { observation, policy, before, next, now } of live(history)) {
        const { tags, manifests, configs } = observation;
        const other = { ...observation, tags: shuffle(tags), manifests: shuffle(manifests), configs: shuffle(configs) };
        const shuffled =
          before === null
            ? null
            : {
                ...before,
                tags: shuffle(before.tags),
                manifests: shuffle(before.manifests),
                configs: shuffle(before.configs),
              };
        const result = reconcile(shuffled, other, policy, now).next;
        assert.equal(result && encodeRepository(result), next && encodeRepository(next));
      }
    }),
    RUNS,
  );
});

it('facts never change, are there for what every tag points at and pointed at just before, and for nothing else', () => {
  fc.assert(
    fc.property(anyClock, (history) => {
      for (const { before, after } of live(history)) {
        for (const key of ['manifests', 'configs'] as const) {
          for (const [digest, facts] of after?.[key] ?? []) {
            const earlier = before?.[key].get(digest);
            assert.ok(earlier === undefined || earlier === facts);
          }
        }
        const reachable = new Set<Digest>();
        for (const [tag, { digest }] of after?.tags ?? []) {
          if (digest === null) continue;
          const last = after?.events.findLast((event) => event.tag === tag);
          const previous = last?.type === 'moved' ? contents.find((one) => one.digest === last.from) : undefined;
          for (const one of previous?.manifests.keys() ?? []) reachable.add(one);
          const content = contents.find((one) => one.digest === digest);
          for (const one of content?.manifests.keys() ?? []) reachable.add(one);
        }
        assert.deepEqual(new Set(after?.manifests.keys()), reachable);
      }
    }),
    RUNS,
  );
});

it('an interval never ends before it begins, and events stay where they were put', () => {
  fc.assert(
    fc.property(anyClock, (history) => {
      for (const { before, after } of live(history)) {
        const events = after?.events ?? [];
        for (const { notBefore, notAfter } of events) assert.ok(notBefore === null || notBefore <= notAfter);
        (before?.events ?? []).forEach((event, at) => {
          assert.equal(events[at], event);
        });
      }
    }),
    RUNS,
  );
});
