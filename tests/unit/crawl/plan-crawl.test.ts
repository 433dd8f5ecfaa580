import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CrawlSource } from '../../../src/crawl/crawl-source.ts';
import type { SourceListing } from '../../../src/crawl/list-source.ts';
import { planCrawl } from '../../../src/crawl/plan-crawl.ts';
import { parseRepositoryName } from '../../../src/oci/reference.ts';

interface Backend {
  readonly name: string;
  readonly lists?: readonly string[];
  readonly outcome?: SourceListing['outcome'];
  readonly serves?: (name: string) => boolean;
  readonly fixed?: boolean;
}

function toListing({
  name,
  lists = [],
  outcome = 'complete',
  serves = () => true,
  fixed = false,
}: Backend): SourceListing {
  const source: Omit<CrawlSource, 'client'> = {
    name,
    serves,
    fixedNames: fixed ? lists : null,
    concurrency: 8,
    followRedirects: true,
  };
  return {
    source: source as CrawlSource,
    outcome,
    names: new Set(lists.map(parseRepositoryName)),
    excluded: 0,
    excludedNames: new Set(),
    failure: null,
    hint: null,
    findings: [],
  };
}

/** The plan as text: `name: source standing (then fallback)`, and what is not asked at all in brackets. */
function plan(backends: readonly Backend[], known: Readonly<Record<string, string>> = {}) {
  const before = new Map(Object.entries(known).map(([name, source]) => [parseRepositoryName(name), { source }]));
  const { assignments, unanswered, findings } = planCrawl(backends.map(toListing), before);
  return {
    asked: assignments.map(
      ({ name, source, standing, fallback }) =>
        `${name}: ${source.name} ${standing}${fallback ? ` (then ${fallback.name})` : ''}`,
    ),
    unanswered: unanswered.map(({ name, source }) => `${name}: ${source.name}`),
    findings: findings.map(({ code, source, repository, text }) => `${code} ${repository} at ${source}: ${text}`),
  };
}

interface Case {
  readonly name: string;
  readonly sources: readonly Backend[];
  readonly known?: Readonly<Record<string, string>>;
  readonly asked: readonly string[];
  readonly unanswered?: readonly string[];
  readonly shadows?: readonly string[];
}

const cases: readonly Case[] = [
  { name: 'nothing at all', sources: [{ name: 'one' }], asked: [] },
  {
    name: 'names in order, a parent beside its children',
    sources: [{ name: 'one', lists: ['b', 'a/b/c', 'a', 'a-b', 'a/b'] }],
    asked: ['a: one listed', 'a-b: one listed', 'a/b: one listed', 'a/b/c: one listed', 'b: one listed'],
  },
  {
    name: 'a known name that a complete list omits',
    sources: [{ name: 'one', lists: ['a'] }],
    known: { a: 'one', b: 'one' },
    asked: ['a: one listed', 'b: one omitted'],
  },
  {
    name: 'a known name that may be on the part of the list that is missing',
    sources: [{ name: 'one', lists: ['a'], outcome: 'incomplete' }],
    known: { b: 'one' },
    asked: ['a: one listed', 'b: one unheard'],
  },
  {
    name: 'a known name of a source that is down',
    sources: [{ name: 'one', outcome: 'failed' }],
    known: { a: 'one' },
    asked: [],
    unanswered: ['a: one'],
  },
  {
    name: 'a known name of a source that refuses',
    sources: [
      { name: 'one', outcome: 'refused' },
      { name: 'two', lists: ['b'] },
    ],
    known: { a: 'one' },
    asked: ['b: two listed'],
    unanswered: ['a: one'],
  },
  {
    name: 'of two that list a name the last wins',
    sources: [
      { name: 'one', lists: ['a', 'b'] },
      { name: 'two', lists: ['a'] },
    ],
    asked: ['a: two listed', 'b: one listed'],
    shadows: ['shadowed a at one: also listed by one; shown from two'],
  },
  {
    name: 'the last wins also over the one that had it',
    sources: [
      { name: 'one', lists: ['a'] },
      { name: 'two', lists: ['a'] },
    ],
    known: { a: 'one' },
    asked: ['a: two listed'],
    shadows: ['shadowed a at one: also listed by one; shown from two'],
  },
  {
    name: "a later source that is down keeps its names: an earlier one's leftovers do not take their place",
    sources: [
      { name: 'one', lists: ['a', 'b'] },
      { name: 'two', outcome: 'failed' },
    ],
    known: { a: 'two', b: 'one' },
    asked: ['b: one listed'],
    unanswered: ['a: two'],
    shadows: ['shadowed a at one: also listed by one; shown from two'],
  },
  {
    name: 'a later source that was not heard in full is asked for its names',
    sources: [
      { name: 'one', lists: ['a'] },
      { name: 'two', lists: ['b'], outcome: 'incomplete' },
    ],
    known: { a: 'two', b: 'two' },
    asked: ['a: two unheard', 'b: two listed'],
    shadows: ['shadowed a at one: also listed by one; shown from two'],
  },
  {
    name: 'a later source that omits its name is asked for it, and only then the earlier one',
    sources: [
      { name: 'one', lists: ['a'] },
      { name: 'two', lists: ['b'] },
    ],
    known: { a: 'two' },
    asked: ['a: two omitted (then one)', 'b: two listed'],
  },
  {
    name: 'a name that is new to all is taken from who lists it',
    sources: [
      { name: 'one', lists: ['a'] },
      { name: 'two', outcome: 'failed' },
    ],
    asked: ['a: one listed'],
  },
  {
    name: 'an earlier source that is down does not keep what a later one lists',
    sources: [
      { name: 'one', outcome: 'failed' },
      { name: 'two', lists: ['a'] },
    ],
    known: { a: 'one' },
    asked: ['a: two listed'],
  },
  {
    name: 'a name whose source is named no longer is asked of the last that may have it',
    sources: [{ name: 'two' }, { name: 'three' }],
    known: { a: 'one' },
    asked: ['a: three omitted'],
  },
  {
    name: 'or taken from who lists it, whatever the last may have',
    sources: [
      { name: 'two', lists: ['a'] },
      { name: 'three', outcome: 'failed' },
    ],
    known: { a: 'one' },
    asked: ['a: two listed'],
  },
  {
    name: 'a name that its source serves no longer is asked of one that does',
    sources: [{ name: 'one', serves: (name) => name !== 'a' }, { name: 'two' }],
    known: { a: 'one', b: 'one' },
    asked: ['a: two omitted', 'b: one omitted'],
  },
  {
    name: 'a name that nobody serves any more is forgotten',
    sources: [{ name: 'one', serves: () => false }],
    known: { a: 'one' },
    asked: [],
  },
  {
    name: 'names that settings give are asked for, and nothing says that they are there',
    sources: [{ name: 'one', lists: ['a', 'b'], fixed: true }],
    known: { a: 'one' },
    asked: ['a: one named', 'b: one named'],
  },
  {
    name: 'a name that settings give no longer is forgotten',
    sources: [{ name: 'one', lists: ['a'], fixed: true }],
    known: { a: 'one', b: 'one' },
    asked: ['a: one named'],
  },
  {
    name: 'a name that settings give no longer may be elsewhere',
    sources: [{ name: 'one', lists: ['a'], fixed: true }, { name: 'two' }],
    known: { b: 'one' },
    asked: ['a: one named', 'b: two omitted'],
  },
];

describe('the plan', () => {
  for (const { name, sources, known, asked, unanswered = [], shadows = [] } of cases) {
    it(name, () => assert.deepEqual(plan(sources, known), { asked, unanswered, findings: shadows }));
  }

  it('for twenty thousand names takes no time', () => {
    const lists = Array.from({ length: 20_000 }, (_, at) => `team-${at % 100}/app-${at}`);
    const known = Object.fromEntries(lists.map((name) => [name, 'one']));
    const started = performance.now();
    assert.equal(plan([{ name: 'one', lists, fixed: true }], known).asked.length, 20_000);
    assert.ok(performance.now() - started < 3000);
  });
});
