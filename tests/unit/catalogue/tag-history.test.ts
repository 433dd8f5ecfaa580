import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Repository } from '../../../src/catalogue/model.ts';
import type { RepositoryObservation } from '../../../src/catalogue/observation.ts';
import { reconcile, removeDue } from '../../../src/catalogue/reconcile.ts';
import { listTagHistories } from '../../../src/catalogue/tag-history.ts';
import {
  absent,
  type Content,
  createImage,
  createMissing,
  createPolicy,
  createRepository,
  dangling,
  failed,
  hour,
  observe,
} from '../../support/catalogue-values.ts';

const [a, b, c] = [createImage('a'), createImage('b'), createImage('c')];
const names = new Map<string, string>([a, b, c].map(({ digest }, at) => [digest, 'ABC'.charAt(at)]));
const gone = (): RepositoryObservation => observe({}, { listing: { outcome: 'absent' } });
const unread = createMissing('nothing');

/** The repository after so many runs, an hour apart, removals believed as soon as they are due. */
function runAll(observations: readonly RepositoryObservation[]): Repository {
  const last = observations.reduce<Repository | null>((known, observation, at) => {
    const policy = createPolicy(at);
    const { next, due } = reconcile(known, observation, policy, hour(at));
    if (next === null || (!due.repository && due.tags.size === 0)) return next;
    return removeDue(next, due, policy, hour(at));
  }, null);
  assert.ok(last);
  return last;
}

/** `t: A 0-2 B 2-`: what a tag pointed to, from which hour to which. */
function describeHistories(repository: Repository): readonly string[] {
  const hourOf = (at: string) => String(Number(at.slice(11, 13)));
  return listTagHistories(repository).map(({ tag, spans, moveCount }) => {
    const parts = spans.map(({ digest, began, ended }) => {
      const what = digest === null ? '?' : (names.get(digest) ?? 'other');
      return `${what} ${hourOf(began.notAfter)}-${ended === null ? '' : hourOf(ended.notAfter)}`;
    });
    return `${tag}: ${parts.join(' ')}${moveCount > 0 ? ` (${moveCount})` : ''}`;
  });
}

const at = (t: Content | typeof absent) => observe({ t, stays: c });

const cases: readonly (readonly [string, readonly RepositoryObservation[], readonly string[]])[] = [
  ['a tag that was there from the beginning', [at(a), at(a)], ['stays: C 0-', 't: A 0-']],
  ['a tag that moved, and back', [at(a), at(b), at(a)], ['stays: C 0-', 't: A 0-1 B 1-2 A 2- (2)']],
  ['a tag that was added', [observe({ stays: c }), at(a)], ['stays: C 0-', 't: A 1-']],
  ['a tag that was removed', [at(a), at(absent), at(absent)], ['stays: C 0-', 't: A 0-2']],
  [
    'a tag that returned, as another',
    [at(a), at(b), at(absent), at(absent), at(c), at(a)],
    ['stays: C 0-', 't: A 0-1 B 1-3 C 4-5 A 5- (2)'],
  ],
  [
    'a tag that could not be read at first',
    [observe({ stays: c }), at(dangling), at(a), at(b)],
    ['stays: C 0-', 't: A 2-3 B 3- (1)'],
  ],
  ['a tag that could never be read', [observe({ stays: c }), at(failed)], ['stays: C 0-', 't: ? 1-']],
  [
    'a repository that went and returned, one tag as it was, one moved, one not',
    [
      observe({ t: a, moves: a, goes: a }),
      ...[gone(), gone(), gone()],
      observe({ t: a, moves: b }),
      observe({ t: b, moves: b }),
    ],
    ['goes: A 0-2', 'moves: A 0-2 B 4-', 't: A 0-2 A 4-5 B 5- (1)'],
  ],
  [
    'a tag that was removed before the repository went stays away when that returns',
    [observe({ t: a, u: b }), ...Array(2).fill(observe({ t: absent, u: b })), gone(), gone(), observe({ u: b })],
    ['t: A 0-2', 'u: B 0-4 B 5-'],
  ],
  [
    'a tag that did not return with its repository stays away when that returns once more',
    [
      ...[observe({ t: a, u: b, v: c }), gone(), gone(), observe({ u: b }), gone(), gone()],
      ...[observe({ u: b }), observe({ u: b, v: a })],
    ],
    ['t: A 0-2', 'u: B 0-2 B 3-5 B 6-', 'v: C 0-2 A 7-'],
  ],
];

describe('the history of', () => {
  for (const [name, observations, expected] of cases) {
    it(name, () => assert.deepEqual(describeHistories(runAll(observations)), expected));
  }
});

it('the first sight of a tag outlives its removal', () => {
  const [, t] = listTagHistories(runAll([at(a), at(b), at(absent), at(absent), at(c)]));
  assert.equal(t?.firstSeenAt, hour(0));
});

it('is not told of a part', () => {
  const part = createRepository({ t: unread }, { archives: [{ year: 2026, file: '0'.repeat(64), events: 64 }] });
  assert.throws(() => listTagHistories(part), /not all of the history/);
});
