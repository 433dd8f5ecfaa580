import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toEventId } from '../../../src/catalogue/events.ts';
import type { Repository, TagRecord } from '../../../src/catalogue/model.ts';
import type { RepositoryListing, RepositoryObservation, TagObservation } from '../../../src/catalogue/observation.ts';
import { type Reconciled, reconcile, removeDue } from '../../../src/catalogue/reconcile.ts';
import { type ReconcilePolicy, runsThatConvince } from '../../../src/catalogue/reconcile-policy.ts';
import { parseTag } from '../../../src/oci/reference.ts';
import {
  absent,
  type Content,
  changeTags,
  createImage,
  createPolicy,
  createRepository,
  createTagRecord,
  dangling,
  describeEvent,
  failed,
  hour,
  observe,
} from '../../support/catalogue-values.ts';

const one = createImage('one');
const two = createImage('two');
const three = createImage('three');
const [d1, d2, d3] = [one, two, three].map(({ digest }) => digest.slice(7, 13));

const empty: RepositoryListing = { outcome: 'empty' };
const gone: RepositoryListing = { outcome: 'absent' };
const withheld: RepositoryListing = { outcome: 'withheld' };
const failing: RepositoryListing = { outcome: 'failed', failure: { code: 'TIMED_OUT', message: 'no answer' } };
const brokenOff: RepositoryListing = { outcome: 'tags', failure: { code: 'CONNECTION_LOST', message: 'cut off' } };

/** One run at `hours`, an hour after the last one. */
function run(
  previous: Repository | null,
  observation: RepositoryObservation,
  hours: number,
  over: Partial<ReconcilePolicy> = {},
): Reconciled {
  return reconcile(previous, observation, createPolicy(hours, over), hour(hours));
}

/** The same, and removals that are due happen. */
function runAndRemove(
  previous: Repository | null,
  observation: RepositoryObservation,
  hours: number,
  over: Partial<ReconcilePolicy> = {},
): Repository | null {
  const { next, due } = run(previous, observation, hours, over);
  if (next === null || !(due.repository || due.tags.size > 0)) return next;
  return removeDue(next, due, createPolicy(hours, over), hour(hours));
}

/** Runs at hours 1, 2, 3, … */
function runAll(
  previous: Repository | null,
  observations: readonly RepositoryObservation[],
  over: Partial<ReconcilePolicy> = {},
): Repository | null {
  return observations.reduce<Repository | null>(
    (known, observation, at) => runAndRemove(known, observation, at + 1, over),
    previous,
  );
}

function expectKept({ next }: { readonly next: Repository | null }): Repository {
  assert.ok(next !== null, 'nothing is kept');
  return next;
}

function eventsOf(repository: Repository | null): readonly string[] {
  return (repository?.events ?? []).map(describeEvent);
}

function codesOf({ findings }: Reconciled): readonly string[] {
  return findings.map(({ code }) => code);
}

/** Each tag as `digest state missedRuns`, the time of its last sight in brackets where it is not current. */
function tagsOf(repository: Repository | null): Readonly<Record<string, string>> {
  const describe = ({ digest, state, missedRuns, observedAt }: TagRecord) =>
    `${digest?.slice(7, 13) ?? '-'} ${state} ${missedRuns}${observedAt === null ? '' : ` (${observedAt.slice(11, 16)})`}`;
  return Object.fromEntries([...(repository?.tags ?? [])].map(([tag, record]) => [tag, describe(record)]));
}

describe('a repository that never had tags', () => {
  const unread = () => expectKept(run(null, observe({}, { listing: failing }), 0));

  it('listed with tags in the first run of all: it is there, and it is no news', () => {
    const result = run(null, observe({ a: one, b: two }), 0);
    assert.deepEqual(result.next, { ...createRepository({ a: one, b: two }), firstSeenAt: hour(0) });
    assert.deepEqual([result.due.repository, result.due.tags.size, codesOf(result)], [false, 0, []]);
  });

  it('listed with tags later: it is new, and its tags are no news of their own', () => {
    const next = expectKept(run(null, observe({ a: one }), 5));
    assert.deepEqual([next.state, next.firstSeenAt], ['listed', hour(5)]);
    assert.deepEqual(eventsOf(next), ['added (all) - -> - (04:07 to 05:07)']);
  });

  it('listed by a source that never gave its whole list before: it is no news', () => {
    assert.deepEqual(eventsOf(run(null, observe({ a: one }), 5, { lastListedAt: null }).next), []);
  });

  it('added between the last whole list and now, however many runs lie between', () => {
    const { next } = run(null, observe({ a: one }), 5, { lastListedAt: hour(1) });
    assert.deepEqual(eventsOf(next), ['added (all) - -> - (01:07 to 05:07)']);
  });

  it('listed without tags: empty', () => {
    const result = run(null, observe({}, { listing: empty }), 5);
    assert.deepEqual([result.next?.state, result.next?.tags.size, result.next?.staleSince], ['listed', 0, null]);
    assert.deepEqual(codesOf(result), []);
    const again = run(result.next, observe({}, { listing: empty }), 6);
    assert.equal(again.next, result.next);
  });

  it('empty, and then it has tags: they are news', () => {
    const known = run(null, observe({}, { listing: empty }), 0).next;
    assert.deepEqual(eventsOf(run(known, observe({ a: one }), 1).next), [`added a - -> ${d1} (00:07 to 01:07)`]);
  });

  it('not listed, asked directly, 404: nothing', () => {
    const result = run(null, observe({}, { listing: gone }), 5);
    assert.deepEqual([result.next, result.due.repository], [null, false]);
  });

  it('401 or 403: nothing is kept, and nothing names it', () => {
    const result = run(null, observe({}, { listing: withheld, findings: [] }), 5);
    assert.deepEqual([result.next, result.findings], [null, []]);
  });

  it('any failure: counted as unread, with a finding', () => {
    const result = run(null, observe({}, { listing: failing }), 5);
    assert.deepEqual(
      [result.next?.state, result.next?.tags.size, codesOf(result)],
      ['unread', 0, ['repository-failed']],
    );
    const again = run(result.next, observe({}, { listing: failing }), 6);
    assert.equal(again.next, result.next);
  });

  it('unread, and then it answers: new since it was listed first, once', () => {
    const known = run(null, observe({}, { listing: failing }), 5).next;
    const next = expectKept(run(known, observe({ a: one }), 6));
    assert.deepEqual([next.state, next.firstSeenAt, next.staleSince], ['listed', hour(5), null]);
    assert.deepEqual(eventsOf(next), ['added (all) - -> - (04:07 to 05:07)']);
  });

  it('unread, and then withheld, or gone: nothing is kept', () => {
    assert.equal(run(unread(), observe({}, { listing: withheld }), 1).next, null);
    assert.equal(run(unread(), observe({}, { listing: gone }), 1).next, null);
  });

  it('a list that broke off in the first run: what it had, stale', () => {
    const result = run(null, observe({ a: one }, { listing: brokenOff }), 0);
    assert.deepEqual(tagsOf(result.next), { a: `${d1} current 0` });
    assert.deepEqual([result.next?.staleSince, codesOf(result)], [hour(0), ['listing-incomplete']]);
  });
});

describe('a repository that had tags', () => {
  const known = createRepository({ a: one, b: two });

  it('listed with tags: updated', () => {
    const next = expectKept(run(known, observe({ a: three, b: two, c: one }), 1));
    assert.deepEqual(tagsOf(next), { a: `${d3} current 0`, b: `${d2} current 0`, c: `${d1} current 0` });
    assert.deepEqual(eventsOf(next), [
      `moved a ${d1} -> ${d3} (00:07 to 01:07)`,
      `added c - -> ${d1} (00:07 to 01:07)`,
    ]);
    assert.deepEqual(next.tags.get(parseTag('a'))?.moved, { notBefore: hour(0), notAfter: hour(1) });
    assert.equal(next.tags.get(parseTag('b')), known.tags.get(parseTag('b')));
    assert.deepEqual(
      [next.tags.get(parseTag('a'))?.firstSeenAt, next.tags.get(parseTag('c'))?.firstSeenAt],
      [hour(0), hour(1)],
    );
  });

  it('the same as before: the very same', () => {
    assert.equal(run(known, observe({ a: one, b: two }), 1).next, known);
    const quiet = observe({ a: one, b: two }, { manifests: new Map(), configs: new Map() });
    assert.equal(run(known, quiet, 99).next, known);
  });

  it('listed without tags: its tags are removal candidates', () => {
    const nothing = observe({ a: absent, b: absent }, { listing: empty });
    const first = run(known, nothing, 1);
    assert.deepEqual(tagsOf(first.next), { a: `${d1} stale 1 (00:07)`, b: `${d2} stale 1 (00:07)` });
    assert.deepEqual([first.due.repository, first.due.tags.size, eventsOf(first.next)], [false, 0, []]);
    const second = run(first.next, nothing, 2);
    assert.deepEqual([second.due.repository, [...second.due.tags.keys()]], [false, ['a', 'b']]);
    const next = runAll(known, [nothing, nothing]);
    assert.deepEqual([next?.state, next?.tags.size, next?.manifests.size, next?.configs.size], ['listed', 0, 0, 0]);
    assert.deepEqual(eventsOf(next), [
      `removed a ${d1} -> - (00:07 to 02:07)`,
      `removed b ${d2} -> - (00:07 to 02:07)`,
    ]);
  });

  it('not listed, asked directly, answers: kept, and the finding stays', () => {
    const finding = {
      code: 'catalog-omits',
      source: 'main',
      repository: known.name,
      tag: null,
      text: 'omitted',
    } as const;
    const result = run(known, observe({ a: one, b: two }, { findings: [finding] }), 1);
    assert.equal(result.next, known);
    assert.deepEqual(result.findings, [finding]);
  });

  it('not listed, asked directly, 404: a removal candidate, then a tombstone with its last facts', () => {
    const nothing = observe({}, { listing: gone });
    const first = run(known, nothing, 1);
    assert.deepEqual([first.next?.state, first.next?.staleSince, first.due.repository], ['listed', hour(0), false]);
    const second = run(first.next, nothing, 2);
    assert.deepEqual([second.due.repository, second.due.missedRuns], [true, 2]);
    const next = runAll(known, [nothing, nothing]);
    assert.deepEqual([next?.state, next?.staleSince, next?.missedRuns], ['removed', hour(0), 2]);
    assert.deepEqual([next?.tags, next?.manifests, next?.configs], [known.tags, known.manifests, known.configs]);
    assert.deepEqual(eventsOf(next), ['removed (all) - -> - (00:07 to 02:07)']);
  });

  it('401 or 403: withheld at once, and nothing names it', () => {
    for (const state of ['listed', 'removed', 'unread'] as const) {
      const finding = { code: 'tag-failed', source: 'main', repository: known.name, tag: null, text: 'x' } as const;
      const result = run({ ...known, state }, observe({ a: one }, { listing: withheld, findings: [finding] }), 1);
      assert.deepEqual([result.next, result.due.repository, result.findings], [null, false, []]);
    }
  });

  it('any failure: kept, stale since it was last whole', () => {
    const first = run(known, observe({}, { listing: failing }), 3);
    assert.deepEqual(first.next, { ...known, staleSince: hour(2) });
    assert.deepEqual(codesOf(first), ['repository-failed']);
    const second = run(first.next, observe({}, { listing: failing }), 4);
    assert.equal(second.next, first.next);
  });

  it('a failure, and then it answers as before: as if nothing had been', () => {
    const next = runAll(known, [observe({}, { listing: failing }), observe({ a: one, b: two })]);
    assert.deepEqual(next, known);
  });

  it('what happened while it failed lies between the last whole look and now', () => {
    const next = runAll(known, [
      observe({ a: one, b: two }),
      observe({}, { listing: failing }),
      observe({}, { listing: failing }),
      observe({ a: three, b: two, c: one }),
    ]);
    assert.deepEqual(eventsOf(next), [
      `moved a ${d1} -> ${d3} (01:07 to 04:07)`,
      `added c - -> ${d1} (01:07 to 04:07)`,
    ]);
  });

  it('a list that broke off: what it lacks is kept as stale, and is no candidate', () => {
    const cut = observe({ a: one }, { listing: brokenOff });
    const next = runAll(known, [cut, cut, cut, cut]);
    assert.deepEqual(tagsOf(next), { a: `${d1} current 0`, b: `${d2} stale 0 (00:07)` });
    assert.deepEqual([next?.staleSince, eventsOf(next)], [hour(0), []]);
    const whole = runAndRemove(next, observe({ a: one, b: two }), 5);
    assert.deepEqual(whole, known);
  });

  it('of a source that it was not read from before: its source changes, and it is no event', () => {
    const next = expectKept(run(known, observe({ a: one, b: two }, { source: 'other' }), 1));
    assert.deepEqual(next, { ...known, source: 'other' });
  });
});

describe('how many runs a removal takes', () => {
  const known = createRepository({ a: one, b: two });
  const repositoryGone = observe({}, { listing: gone });
  const tagGone = observe({ a: absent, b: two });

  for (const confirmRuns of [1, 2, 3, 30]) {
    it(`${confirmRuns}, for a repository and for a tag`, () => {
      let [repository, withTag]: [Repository | null, Repository | null] = [known, known];
      for (let hours = 1; hours <= confirmRuns; hours++) {
        const first = run(repository, repositoryGone, hours, { confirmRuns });
        const second = run(withTag, tagGone, hours, { confirmRuns });
        const isLast = hours === confirmRuns;
        assert.deepEqual([first.due.repository, second.due.tags.has(parseTag('a'))], [isLast, isLast], `run ${hours}`);
        if (isLast) {
          assert.equal(first.due.missedRuns, confirmRuns);
          assert.equal(second.due.tags.get(parseTag('a')), confirmRuns);
        }
        [repository, withTag] = [first.next, second.next];
      }
    });
  }

  it('a run that sees it again begins anew', () => {
    const repository = runAll(known, [repositoryGone, observe({ a: one, b: two }), repositoryGone]);
    assert.deepEqual([repository?.state, repository?.missedRuns], ['listed', 1]);
    const tag = runAll(known, [tagGone, observe({ a: one, b: two }), tagGone]);
    assert.deepEqual(tagsOf(tag), { a: `${d1} stale 1 (02:07)`, b: `${d2} current 0` });
  });

  it('a run that saw nothing neither counts nor begins anew', () => {
    const nothing = observe({}, { listing: failing });
    assert.equal(runAll(known, [repositoryGone, nothing, nothing])?.state, 'listed');
    assert.equal(runAll(known, [repositoryGone, nothing, repositoryGone])?.state, 'removed');
    const tagFailed = observe({ a: failed, b: two });
    assert.deepEqual(tagsOf(runAll(known, [tagGone, tagFailed, tagFailed])), {
      a: `${d1} stale 1 (00:07)`,
      b: `${d2} current 0`,
    });
    assert.deepEqual(tagsOf(runAll(known, [tagGone, tagFailed, tagGone])), { b: `${d2} current 0` });
  });

  it('a removal that is held back stays due, and is counted as far as it can matter', () => {
    let [repository, withTag]: [Repository | null, Repository | null] = [known, known];
    const runs: number[] = [];
    for (let hours = 1; hours <= 40; hours++) {
      const first = run(repository, repositoryGone, hours);
      const second = run(withTag, tagGone, hours);
      assert.equal(first.due.missedRuns, hours === 1 ? 1 : second.due.tags.get(parseTag('a')));
      if (hours > runsThatConvince) assert.deepEqual([first.next, second.next], [repository, withTag]);
      [repository, withTag] = [first.next, second.next];
      runs.push(first.due.missedRuns);
    }
    assert.deepEqual(runs.slice(0, 3), [1, 2, 3]);
    assert.equal(Math.max(...runs), runsThatConvince);
    assert.equal(runs[runsThatConvince - 1], runsThatConvince);
  });
});

describe('a tag', () => {
  interface Case {
    readonly name: string;
    readonly known?: Readonly<Record<string, Content>>;
    readonly record?: Partial<TagRecord>;
    readonly runs: readonly (Content | TagObservation | null)[];
    readonly tags: Readonly<Record<string, string>>;
    readonly events?: readonly string[];
    /** Findings of the last run. */
    readonly findings?: readonly string[];
  }
  const points = ({ digest }: Content, missing: number): TagObservation => ({ outcome: 'points', digest, missing });
  const mismatch: TagObservation = { outcome: 'failed', failure: { code: 'DIGEST_MISMATCH', message: 'other bytes' } };
  const cases: readonly Case[] = [
    {
      name: 'never seen, points: new',
      runs: [one],
      tags: { t: `${d1} current 0` },
      events: [`added t - -> ${d1} (00:07 to 01:07)`],
    },
    { name: 'never seen, absent: nothing', runs: [absent], tags: {} },
    {
      name: 'never seen, listed and 404: settling',
      runs: [dangling],
      tags: { t: '- settling 1 (01:07)' },
      events: [],
    },
    {
      name: 'the same for K runs: a finding',
      ...{ runs: [dangling, dangling], tags: { t: '- settling 2 (01:07)' } },
      ...{ events: [], findings: ['tag-dangling'] },
    },
    {
      name: 'the same for many runs: the finding stays, and nothing else changes',
      ...{ runs: Array(9).fill(dangling), tags: { t: '- settling 2 (01:07)' } },
      ...{ events: [], findings: ['tag-dangling'] },
    },
    {
      name: 'settling, and then its manifest is there: current, and only now it is told, for only now one knows what it points at',
      runs: [dangling, one],
      tags: { t: `${d1} current 0` },
      events: [`added t - -> ${d1} (00:07 to 02:07)`],
    },
    {
      name: 'settling, and then it is gone: nothing was told of it, and nothing is',
      runs: [dangling, absent, absent],
      tags: {},
      events: [],
    },
    {
      name: 'never seen, listed and failed: settling, and it is not counted as missing',
      ...{ runs: [failed], tags: { t: '- settling 0 (01:07)' } },
      ...{ events: [], findings: ['tag-failed'] },
    },
    {
      name: 'the same again: nothing more',
      ...{ runs: [failed, failed, failed], tags: { t: '- settling 0 (01:07)' } },
      ...{ events: [], findings: ['tag-failed'] },
    },
    { name: 'seen, the same: current', known: { t: one }, runs: [one, one], tags: { t: `${d1} current 0` } },
    {
      name: 'seen, elsewhere: moved',
      known: { t: one },
      runs: [one, two],
      tags: { t: `${d2} current 0` },
      events: [`moved t ${d1} -> ${d2} (01:07 to 02:07)`],
    },
    {
      name: 'moved away and back: two events',
      known: { t: one },
      runs: [two, one],
      tags: { t: `${d1} current 0` },
      events: [`moved t ${d1} -> ${d2} (00:07 to 01:07)`, `moved t ${d2} -> ${d1} (01:07 to 02:07)`],
    },
    { name: 'seen, absent once: stale', known: { t: one }, runs: [absent], tags: { t: `${d1} stale 1 (00:07)` } },
    {
      name: 'seen, absent twice: removed',
      known: { t: one },
      runs: [absent, absent],
      tags: {},
      events: [`removed t ${d1} -> - (00:07 to 02:07)`],
    },
    {
      name: 'absent, and then it is there: as if nothing had been',
      known: { t: one },
      runs: [absent, one],
      tags: { t: `${d1} current 0` },
    },
    {
      name: 'absent, and then elsewhere: moved since it was last seen',
      known: { t: one },
      runs: [one, absent, two],
      tags: { t: `${d2} current 0` },
      events: [`moved t ${d1} -> ${d2} (01:07 to 03:07)`],
    },
    {
      name: 'removed, and then it returns',
      known: { t: one },
      runs: [absent, absent, one],
      tags: { t: `${d1} current 0` },
      events: [`removed t ${d1} -> - (00:07 to 02:07)`, `returned t - -> ${d1} (02:07 to 03:07)`],
    },
    {
      name: 'removed and returned, again and again',
      known: { t: one },
      runs: [absent, absent, one, absent, absent, one],
      tags: { t: `${d1} current 0` },
      events: [
        `removed t ${d1} -> - (00:07 to 02:07)`,
        `returned t - -> ${d1} (02:07 to 03:07)`,
        `removed t ${d1} -> - (03:07 to 05:07)`,
        `returned t - -> ${d1} (05:07 to 06:07)`,
      ],
    },
    {
      name: 'seen, failed: stale, and no candidate',
      ...{
        known: { t: one },
        runs: [failed, failed, failed],
        tags: { t: `${d1} stale 0 (00:07)` },
        findings: ['tag-failed'],
      },
    },
    {
      name: 'not asked about: stale, and no candidate',
      ...{ known: { t: one }, runs: [null, null, null], tags: { t: `${d1} stale 0 (00:07)` } },
    },
    {
      name: 'failed, and then it is there: as if nothing had been',
      known: { t: one },
      runs: [failed, one],
      tags: { t: `${d1} current 0` },
    },
    {
      name: 'failed, and then elsewhere: moved since it was last seen',
      known: { t: one },
      runs: [failed, failed, two],
      tags: { t: `${d2} current 0` },
      events: [`moved t ${d1} -> ${d2} (00:07 to 03:07)`],
    },
    {
      name: 'other bytes than its digest names: old facts stay, and the finding says so',
      ...{ known: { t: one }, runs: [mismatch], tags: { t: `${d1} stale 0 (00:07)` }, findings: ['digest-mismatch'] },
    },
    {
      name: 'listed and 404 after it was seen: settling, with what it pointed to',
      ...{ known: { t: one }, runs: [dangling], tags: { t: `${d1} settling 1 (00:07)` } },
    },
    {
      name: 'the same for K runs: a finding, and it is not removed',
      ...{
        known: { t: one },
        runs: [dangling, dangling, dangling],
        tags: { t: `${d1} settling 2 (00:07)` },
        findings: ['tag-dangling'],
      },
    },
    {
      name: 'settling, and then it is there',
      known: { t: one },
      runs: [dangling, one],
      tags: { t: `${d1} current 0` },
    },
    {
      name: 'settling, and then it fails: settling still',
      known: { t: one },
      runs: [dangling, failed],
      tags: { t: `${d1} settling 1 (00:07)` },
      findings: ['tag-failed'],
    },
    {
      name: 'settling, and then it is absent: the count begins anew',
      known: { t: one },
      runs: [dangling, absent],
      tags: { t: `${d1} stale 1 (00:07)` },
    },
    {
      name: 'absent, and then settling: the count begins anew',
      known: { t: one },
      runs: [absent, dangling],
      tags: { t: `${d1} settling 1 (00:07)` },
    },
    {
      name: 'points, a part of its content is 404: settling',
      runs: [points(one, 1)],
      tags: { t: `${d1} settling 1` },
      events: [`added t - -> ${d1} (00:07 to 01:07)`],
    },
    {
      name: 'the same for K runs: current as far as it goes, with a finding',
      ...{ runs: [points(one, 1), points(one, 2)], tags: { t: `${d1} current 2` } },
      ...{ events: [`added t - -> ${d1} (00:07 to 01:07)`], findings: ['content-missing'] },
    },
    {
      name: 'and then its content is whole',
      runs: [points(one, 1), points(one, 1), one],
      tags: { t: `${d1} current 0` },
      events: [`added t - -> ${d1} (00:07 to 01:07)`],
    },
    {
      name: 'moved to what is not whole: moved, and settling anew',
      known: { t: one },
      runs: [points(one, 1), points(two, 1)],
      tags: { t: `${d2} settling 1` },
      events: [`moved t ${d1} -> ${d2} (01:07 to 02:07)`],
    },
    {
      name: 'absent, and then not whole: settling anew',
      ...{ known: { t: one }, runs: [absent, points(one, 1)], tags: { t: `${d1} settling 1` } },
    },
    {
      name: 'not whole, settled, and then absent: the count begins anew',
      ...{ known: { t: one }, runs: [points(one, 1), points(one, 1), absent], tags: { t: `${d1} stale 1 (02:07)` } },
    },
  ];
  for (const { name, known, runs, tags, events = [], findings = [] } of cases) {
    it(name, () => {
      let repository: Repository | null = createRepository({ other: three, ...known });
      let last: Reconciled | null = null;
      runs.forEach((seen, at) => {
        const observation = observe({ other: three, ...(seen === null ? {} : { t: seen }) });
        last = run(repository, observation, at + 1);
        repository = runAndRemove(repository, observation, at + 1);
      });
      assert.deepEqual(tagsOf(repository), { other: `${d3} current 0`, ...tags });
      assert.deepEqual(eventsOf(repository), events);
      assert.deepEqual(last === null ? [] : codesOf(last), findings);
    });
  }

  it('returns as one that was seen before, and since its return points where it does', () => {
    const next = runAll(createRepository({ t: one, u: two }), [
      ...[observe({ t: absent, u: two }), observe({ t: absent, u: two }), observe({ t: one, u: two })],
    ]);
    const { firstSeenAt, moved } = next?.tags.get(parseTag('t')) ?? {};
    assert.deepEqual([firstSeenAt, moved], [hour(0), { notBefore: hour(2), notAfter: hour(3) }]);
  });

  it('takes its facts with it when it goes, save what others point at', () => {
    const next = runAll(createRepository({ t: one, u: two, same: two }), [
      ...Array<RepositoryObservation>(2).fill(observe({ t: absent, u: absent, same: two })),
    ]);
    assert.deepEqual([...(next?.manifests.keys() ?? [])], [two.digest]);
    assert.equal(next?.configs.size, 1);
  });

  it('keeps the facts of what it pointed to just before, and of nothing earlier', () => {
    const moved = run(createRepository({ t: one }), observe({ t: two }), 1).next;
    assert.deepEqual(new Set(moved?.manifests.keys()), new Set([one.digest, two.digest]));
    assert.equal(moved?.configs.size, 2);
    const movedAgain = runAll(createRepository({ t: one }), [observe({ t: two }), observe({ t: three })]);
    assert.deepEqual(new Set(movedAgain?.manifests.keys()), new Set([two.digest, three.digest]));
  });
});

describe('a repository that was removed', () => {
  const known = createRepository({ a: one, b: two });
  const nothing = observe({}, { listing: gone });
  const tombstone = () => {
    const next = runAll(known, [nothing, nothing]);
    assert.ok(next?.state === 'removed');
    return next;
  };
  const removal = 'removed (all) - -> - (00:07 to 02:07)';

  it('stays as it is while it is away', () => {
    const removed = tombstone();
    assert.equal(run(removed, nothing, 3).next, removed);
  });

  it('stays removed while it cannot be asked, and may have returned since its removal', () => {
    const doubted = run(tombstone(), observe({}, { listing: failing }), 10).next;
    assert.deepEqual(doubted, { ...tombstone(), missedRuns: 0 });
    assert.equal(run(doubted, observe({}, { listing: failing }), 11).next, doubted);
    const next = run(doubted, observe({ a: one, b: two }), 12).next;
    assert.deepEqual(eventsOf(next).at(-1), 'returned (all) - -> - (02:07 to 12:07)');
    const confirmed = run(doubted, nothing, 12).next;
    assert.deepEqual(
      eventsOf(run(confirmed, observe({ a: one, b: two }), 14).next).at(-1),
      'returned (all) - -> - (13:07 to 14:07)',
    );
  });

  it('returns as it was: one event, between the last list without it and now', () => {
    const next = expectKept(run(tombstone(), observe({ a: one, b: two }), 50));
    assert.deepEqual(eventsOf(next), [removal, 'returned (all) - -> - (01:07 to 02:07)']);
    assert.deepEqual(next.events.at(-1)?.notBefore, hour(49));
    assert.deepEqual({ ...next, events: [] }, known);
  });

  it('returns after no list was whole since: between its removal and now', () => {
    const next = run(tombstone(), observe({ a: one, b: two }), 50, { lastListedAt: hour(1) }).next;
    assert.deepEqual(next?.events.at(-1)?.notBefore, hour(2));
  });

  it('returns with other tags: what happened to each has its own line', () => {
    const next = expectKept(run(tombstone(), observe({ a: three, c: two }), 5));
    assert.deepEqual(eventsOf(next), [
      removal,
      'returned (all) - -> - (04:07 to 05:07)',
      `moved a ${d1} -> ${d3} (00:07 to 05:07)`,
      `removed b ${d2} -> - (00:07 to 05:07)`,
      `added c - -> ${d2} (04:07 to 05:07)`,
    ]);
    assert.deepEqual(tagsOf(next), { a: `${d3} current 0`, c: `${d2} current 0` });
    assert.deepEqual([next.firstSeenAt, next.tags.get(parseTag('a'))?.firstSeenAt], [hour(0), hour(0)]);
    assert.deepEqual([next.state, next.staleSince], ['listed', null]);
  });

  it('returns empty: its tags are gone', () => {
    const next = expectKept(run(tombstone(), observe({}, { listing: empty }), 5));
    assert.deepEqual([next.state, next.tags.size, next.manifests.size], ['listed', 0, 0]);
    assert.equal(next.events.filter(({ type }) => type === 'removed').length, 3);
  });

  it('returns with a list that breaks off: what it lacks is stale', () => {
    const next = run(tombstone(), observe({ a: one }, { listing: brokenOff }), 5).next;
    assert.deepEqual(tagsOf(next), { a: `${d1} current 0`, b: `${d2} stale 0 (00:07)` });
  });

  it('is removed again: another event', () => {
    const back = run(tombstone(), observe({ a: one, b: two }), 5).next;
    const first = run(back, nothing, 6).next;
    const next = runAndRemove(first, nothing, 7);
    assert.deepEqual(eventsOf(next).at(-1), 'removed (all) - -> - (05:07 to 07:07)');
    assert.equal(new Set(next?.events.map((event) => toEventId(next.name, event))).size, 3);
  });
});

describe('a clock that was set back', () => {
  const known = createRepository({ a: one, b: two });
  const back = { lastRunAt: hour(9), lastListedAt: hour(9) };

  it('widens intervals, and puts nothing in another order', () => {
    const before = expectKept(run(known, observe({ a: two, b: two }), 9, { lastRunAt: hour(8) }));
    const next = expectKept(run(before, observe({ a: three, b: two, c: one }), 3, back));
    assert.deepEqual(eventsOf(next), [
      `moved a ${d1} -> ${d2} (08:07 to 09:07)`,
      `moved a ${d2} -> ${d3} (03:07 to 09:07)`,
      `added c - -> ${d1} (03:07 to 09:07)`,
    ]);
  });

  it('calls nothing older than the last look without it: it would be due for a clean-up, and its build date in the future', () => {
    const next = expectKept(run(known, observe({ a: one, b: two, c: three }), 3, back));
    assert.equal(next.tags.get(parseTag('c'))?.firstSeenAt, hour(9));
    const whole = expectKept(run(null, observe({ a: one }), 3, back));
    assert.deepEqual([whole.firstSeenAt, whole.tags.get(parseTag('a'))?.firstSeenAt], [hour(9), hour(9)]);
  });

  it('removes and marks as stale as ever', () => {
    const first = run(known, observe({ a: absent, b: failed }), 3, back);
    assert.deepEqual(tagsOf(first.next), { a: `${d1} stale 1 (09:07)`, b: `${d2} stale 0 (09:07)` });
    const second = run(first.next, observe({ a: absent, b: two }), 4);
    assert.deepEqual([...second.due.tags], [['a', 2]]);
  });
});

describe('what settings hide', () => {
  const isTagShown = (tag: string) => !tag.startsWith('secret');
  const known = runAll(createRepository({ a: one, secret: two }), [observe({ a: one, secret: three, secret2: two })]);
  assert.ok(known !== null && known.events.length === 2);

  for (const [name, listing] of [
    ['answers', { outcome: 'tags', failure: null }],
    ['fails', failing],
    ['is gone', gone],
  ] as const) {
    it(`goes with its history and its facts, when the repository ${name}`, () => {
      const observation = observe(listing.outcome === 'tags' ? { a: one, secret: three } : {}, { listing });
      const result = run(known, observation, 2, { isTagShown });
      const { next, due } = result;
      assert.deepEqual(Object.keys(tagsOf(next)), ['a']);
      assert.deepEqual(eventsOf(next), []);
      assert.deepEqual([...(next?.manifests.keys() ?? [])], [one.digest]);
      assert.deepEqual(due.tags.size, 0);
      assert.doesNotMatch(JSON.stringify(result.findings), /secret/);
    });
  }

  it('was removed long ago: its history goes too', () => {
    const gone = runAll(createRepository({ a: one, secret: two }), Array(2).fill(observe({ a: one, secret: absent })));
    assert.equal(gone?.events.length, 1);
    const next = run(gone, observe({ a: one }), 3, { isTagShown }).next;
    assert.deepEqual(eventsOf(next), []);
  });

  it('leaves what has nothing hidden as it is', () => {
    const plain = createRepository({ a: one });
    assert.equal(run(plain, observe({ a: one }), 1, { isTagShown }).next, plain);
  });
});

describe('environment values', () => {
  const secret = createImage('secret', { config: { environment: ['TOKEN=hunter2'] } });
  const readWithCredentials = true;
  const says = (repository: Repository | null) => JSON.stringify([...(repository?.configs ?? [])]).includes('hunter2');

  it('of images read with credentials are left out', () => {
    assert.ok(!says(run(null, observe({ a: secret }, { readWithCredentials }), 0).next));
  });

  it('are kept where settings publish them, and where anyone may read them', () => {
    assert.ok(says(run(null, observe({ a: secret }, { readWithCredentials }), 0, { publishEnvironment: true }).next));
    assert.ok(says(run(null, observe({ a: secret }), 0).next));
  });

  it('go in the run in which credentials become necessary, though nothing else is new', () => {
    const known = run(null, observe({ a: secret }), 0).next;
    const quiet = observe({ a: secret }, { readWithCredentials, manifests: new Map(), configs: new Map() });
    const next = run(known, quiet, 1).next;
    assert.ok(!says(next));
    assert.equal(run(next, quiet, 2).next, next);
  });

  it('come when they are read again, after settings came to publish them', () => {
    const known = run(null, observe({ a: secret }, { readWithCredentials }), 0).next;
    const again = observe({ a: secret }, { readWithCredentials });
    assert.ok(says(run(known, again, 1, { publishEnvironment: true }).next));
    assert.ok(!says(run(known, again, 1).next));
  });
});

describe('facts of a digest', () => {
  const known = createRepository({ a: one });
  const manifest = known.manifests.get(one.digest);
  assert.ok(manifest);

  it('never change, whatever is said later', () => {
    const liar = observe(
      { a: one },
      { manifests: new Map([[one.digest, { ...manifest, sizeBytes: 1 }]]), configs: new Map() },
    );
    assert.equal(run(known, liar, 1).next, known);
    const [config] = [...known.configs.keys()];
    assert.ok(config);
    const worse = observe({ a: one }, { manifests: new Map(), configs: new Map([[config, { problem: 'invalid' }]]) });
    assert.equal(run(known, worse, 1).next, known);
  });

  it('are completed when a config that was not fetched is', () => {
    const [config] = [...known.configs];
    assert.ok(config);
    const without: Repository = { ...known, configs: new Map([[config[0], { problem: 'redirect-refused' }]]) };
    assert.deepEqual(run(without, observe({ a: one }), 1).next?.configs, known.configs);
  });

  it('are not kept where no tag leads to them', () => {
    const stray = observe({ a: one }, { manifests: two.manifests, configs: two.configs });
    assert.deepEqual(run(known, stray, 1).next, known);
  });
});

describe('a second look in the same run changes nothing', () => {
  const known = changeTags(createRepository({ a: one, b: two, c: three, d: one }), {
    c: { state: 'stale', observedAt: hour(0), missedRuns: 1 },
  });
  const observations: readonly (readonly [string, Repository | null, RepositoryObservation])[] = [
    [
      'everything at once',
      known,
      observe({ a: two, b: failed, c: absent, d: dangling, e: one, f: dangling, g: failed }),
    ],
    ['content that is missing', known, observe({ a: { outcome: 'points', digest: one.digest, missing: 1 }, b: two })],
    ['a list that broke off', known, observe({ a: one }, { listing: brokenOff })],
    ['a failure', known, observe({}, { listing: failing })],
    ['a repository that is gone', known, observe({}, { listing: gone })],
    ['an empty one', known, observe({ a: absent, b: absent, c: absent, d: absent }, { listing: empty })],
    ['a new one', null, observe({ a: one, b: dangling })],
    ['a new one that fails', null, observe({}, { listing: failing })],
    ['one that returns', { ...known, state: 'removed', staleSince: hour(0) }, observe({ a: two, e: one })],
  ];
  for (const [name, previous, observation] of observations) {
    it(name, () => {
      const first = run(previous, observation, 5);
      const second = reconcile(
        first.next,
        observation,
        createPolicy(5, { lastRun: 6, lastRunAt: hour(5), lastListedAt: hour(5) }),
        hour(5),
      );
      assert.deepEqual(second.next, first.next);
      assert.deepEqual(second.due, first.due);
      assert.deepEqual(codesOf(second), codesOf(first));
    });
  }
});

it('two runs within one second are two runs, and confirm each other', () => {
  const known = createRepository({ a: one, b: two });
  const gone = observe({ a: absent, b: two });
  const first = run(known, gone, 5);
  assert.equal(first.due.tags.size, 0);
  const policy = createPolicy(5, { run: 7, lastRun: 6, lastRunAt: hour(5), lastListedAt: hour(5) });
  assert.deepEqual([...reconcile(first.next, gone, policy, hour(5)).due.tags], [['a', 2]]);
});

it('the order of answers decides nothing', () => {
  const known = createRepository({ a: one, b: two, c: three });
  const answers = { c: absent, __proto__x: one, a: two, b: failed, '1': dangling, z: three, '0': two } as const;
  const forwards = run(known, observe(answers), 5);
  const backwards = run(known, observe(Object.fromEntries(Object.entries(answers).reverse())), 5);
  assert.deepEqual(backwards, forwards);
  assert.deepEqual(eventsOf(backwards.next), eventsOf(forwards.next));
});

it('hostile tags are tags', () => {
  const proto = { ['__proto__']: one, constructor: two, '0': three };
  const known = expectKept(run(null, observe(proto), 0));
  assert.deepEqual([...known.tags.keys()].sort(), ['0', '__proto__', 'constructor']);
  assert.equal(run(known, observe(proto), 1).next, known);
  assert.equal(createTagRecord(null).digest, null);
});
