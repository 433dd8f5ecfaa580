import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { guardRemovals } from '../../../src/catalogue/guard.ts';
import type { DueRemovals } from '../../../src/catalogue/reconcile.ts';
import { parseTag, type Tag } from '../../../src/oci/reference.ts';

interface Case {
  readonly name: string;
  readonly dueRepositories?: number;
  readonly dueTags?: number;
  /** How many runs found each repository gone, and each tag. Those not named: 2. */
  readonly repositoryRuns?: readonly number[];
  readonly tagRuns?: readonly number[];
  readonly repositories?: number;
  readonly tags?: number;
  readonly accept?: boolean;
  /** How many repositories and tags go, and how many are held back. */
  readonly goes: readonly [number, number];
  readonly held: readonly [number, number];
}

const cases: readonly Case[] = [
  { name: 'nothing is due', goes: [0, 0], held: [0, 0] },
  { name: 'an empty catalogue', repositories: 0, tags: 0, goes: [0, 0], held: [0, 0] },
  { name: 'five of ten', dueRepositories: 5, repositories: 10, goes: [5, 0], held: [0, 0] },
  { name: 'six of ten', dueRepositories: 6, repositories: 10, goes: [0, 0], held: [6, 0] },
  { name: 'six of sixty', dueRepositories: 6, repositories: 60, goes: [6, 0], held: [0, 0] },
  { name: 'six of fifty-nine', dueRepositories: 6, repositories: 59, goes: [0, 0], held: [6, 0] },
  { name: 'a tenth of a thousand', dueRepositories: 100, repositories: 1000, goes: [100, 0], held: [0, 0] },
  { name: 'more than a tenth of a thousand', dueRepositories: 101, repositories: 1000, goes: [0, 0], held: [101, 0] },
  { name: 'five of five', dueRepositories: 5, repositories: 5, goes: [0, 0], held: [5, 0] },
  { name: 'five of six', dueRepositories: 5, repositories: 6, goes: [5, 0], held: [0, 0] },
  { name: 'the only one', dueRepositories: 1, repositories: 1, goes: [0, 0], held: [1, 0] },
  { name: 'five of ten tags', dueTags: 5, tags: 10, goes: [0, 5], held: [0, 0] },
  { name: 'six of ten tags', dueTags: 6, tags: 10, goes: [0, 0], held: [0, 6] },
  { name: 'a tenth of all tags', dueTags: 2000, tags: 20_000, goes: [0, 2000], held: [0, 0] },
  { name: 'more than a tenth of all tags', dueTags: 2001, tags: 20_000, goes: [0, 0], held: [0, 2001] },
  { name: 'the only tag', dueTags: 1, tags: 1, goes: [0, 0], held: [0, 1] },
  {
    name: 'too many repositories hold no tags back',
    ...{ dueRepositories: 6, repositories: 10, dueTags: 5, tags: 100 },
    ...{ goes: [0, 5], held: [6, 0] },
  },
  {
    name: 'too many tags hold no repositories back',
    ...{ dueRepositories: 5, repositories: 10, dueTags: 50, tags: 100 },
    ...{ goes: [5, 0], held: [0, 50] },
  },
  {
    name: 'all of them, accepted',
    ...{ dueRepositories: 10, repositories: 10, dueTags: 7, tags: 7, accept: true },
    ...{ goes: [10, 7], held: [0, 0] },
  },
  {
    name: 'too many, each confirmed by 23 runs',
    ...{ dueRepositories: 8, repositories: 10, repositoryRuns: Array(8).fill(23) },
    ...{ goes: [0, 0], held: [8, 0] },
  },
  {
    name: 'too many, each confirmed by 24 runs',
    ...{ dueRepositories: 8, repositories: 10, repositoryRuns: Array(8).fill(24) },
    ...{ goes: [8, 0], held: [0, 0] },
  },
  {
    name: 'too many, some of them confirmed by 24 runs',
    ...{ dueRepositories: 8, repositories: 10, repositoryRuns: [24, 24, 24] },
    ...{ goes: [3, 0], held: [5, 0] },
  },
  {
    name: 'all of them, each confirmed by 24 runs',
    ...{ dueRepositories: 8, repositories: 8, repositoryRuns: Array(8).fill(24) },
    ...{ goes: [0, 0], held: [8, 0] },
  },
  {
    name: 'all of them, all but one confirmed by 24 runs',
    ...{ dueRepositories: 8, repositories: 8, repositoryRuns: Array(7).fill(24) },
    ...{ goes: [7, 0], held: [1, 0] },
  },
  {
    name: 'too many tags, some of them confirmed by 24 runs',
    ...{ dueTags: 20, tags: 100, tagRuns: Array(12).fill(24) },
    ...{ goes: [0, 12], held: [0, 8] },
  },
  {
    name: 'all tags, each confirmed by 24 runs',
    ...{ dueTags: 20, tags: 20, tagRuns: Array(20).fill(24) },
    ...{ goes: [0, 0], held: [0, 20] },
  },
];

/** Repositories that are due, by name, and tags that are due in others, three in each. */
function listDue({ dueRepositories = 0, dueTags = 0, repositoryRuns = [], tagRuns = [] }: Case) {
  const due = new Map<string, DueRemovals>();
  for (let at = 0; at < dueRepositories; at++) {
    due.set(`gone ${at}`, { repository: true, missedRuns: repositoryRuns[at] ?? 2, tags: new Map() });
  }
  for (let at = 0; at < dueTags; at++) {
    const key = `thinner ${Math.floor(at / 3)}`;
    const tags: ReadonlyMap<Tag, number> = due.get(key)?.tags ?? new Map();
    due.set(key, { repository: false, missedRuns: 0, tags: new Map([...tags, [parseTag(`${at}`), tagRuns[at] ?? 2]]) });
  }
  return due;
}

describe('of what is due goes', () => {
  for (const one of cases) {
    it(one.name, () => {
      const { repositories = 10, tags = 100, accept = false, goes, held } = one;
      const due = listDue(one);
      const { allowed, heldBack } = guardRemovals(due, { repositories, tags }, { acceptRemovals: accept });
      const all = [...allowed.values()];
      const count = [
        all.filter(({ repository }) => repository).length,
        all.reduce((sum, removals) => sum + removals.tags.size, 0),
      ];
      assert.deepEqual([count, [heldBack.repositories, heldBack.tags]], [goes, held]);
      for (const [key, removals] of allowed) {
        const asked = due.get(key);
        assert.equal(removals.repository, asked?.repository);
        for (const [tag, runs] of removals.tags) assert.equal(asked?.tags.get(tag), runs);
      }
    });
  }
});
