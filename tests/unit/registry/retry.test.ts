import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { RegistryError, type RegistryErrorCode } from '../../../src/registry/registry-error.ts';
import { withRetry } from '../../../src/registry/retry.ts';
import { parseRetryAfter } from '../../../src/registry/retry-after.ts';
import { never } from '../../support/use-client.ts';

function failure(code: RegistryErrorCode, retryAfterMs: number | null = null): RegistryError {
  return new RegistryError(code, 'trouble', { method: 'GET', url: new URL('http://registry.example/'), retryAfterMs });
}

/** Runs attempts that fail with these, one after another, and then succeed; resolves to how many were made. */
async function countAttempts(failures: readonly (RegistryError | Error)[], retries = 4) {
  let attempts = 0;
  const waits: number[] = [];
  const run = withRetry(
    async () => {
      const error = failures[attempts++];
      if (error) throw error;
    },
    { retries, firstWaitMs: 1, longestWaitMs: 4, signal: never, onRetry: (_, waitMs) => waits.push(waitMs) },
  );
  const outcome = await run.then(
    () => 'succeeded',
    (error: unknown) => (error instanceof RegistryError ? error.code : 'defect'),
  );
  return { attempts, outcome, waits };
}

const five = <T>(value: T) => Array<T>(5).fill(value);
const cases: readonly (readonly [name: string, failures: readonly Error[], attempts: number, outcome: string])[] = [
  ['nothing fails', [], 1, 'succeeded'],
  ['the server fails once', [failure('SERVER_FAILED')], 2, 'succeeded'],
  ['the server fails for good', five(failure('SERVER_FAILED')), 5, 'SERVER_FAILED'],
  ['the connection is lost four times', five(failure('CONNECTION_LOST')).slice(1), 5, 'succeeded'],
  ['requests are too many', five(failure('RATE_LIMITED')), 5, 'RATE_LIMITED'],
  ['it is not there', [failure('NOT_FOUND')], 1, 'NOT_FOUND'],
  ['it may not be read', [failure('FORBIDDEN')], 1, 'FORBIDDEN'],
  ['the bytes are wrong thrice', five(failure('DIGEST_MISMATCH')), 3, 'DIGEST_MISMATCH'],
  ['no answer comes thrice', five(failure('TIMED_OUT')), 3, 'TIMED_OUT'],
  [
    'wrong bytes among other failures',
    [failure('SERVER_FAILED'), failure('SERVER_FAILED'), failure('INVALID_DOCUMENT'), failure('DIGEST_MISMATCH')],
    5,
    'succeeded',
  ],
  ['the server wants a longer pause than anyone can wait', [failure('RATE_LIMITED', 600_000)], 1, 'RATE_LIMITED'],
  ['a defect of ours', [new TypeError('oops')], 1, 'defect'],
];
describe('attempts', () => {
  for (const [name, failures, attempts, outcome] of cases) {
    it(name, async () => {
      const result = await countAttempts(failures);
      assert.deepEqual([result.attempts, result.outcome], [attempts, outcome]);
    });
  }
});

test('waits grow, with jitter, up to the longest', async () => {
  const { waits } = await countAttempts(five(failure('SERVER_FAILED')));
  const bounds = [
    [1, 2],
    [2, 4],
    [4, 4],
    [4, 4],
  ] as const;
  assert.equal(waits.length, 4);
  waits.forEach((waitMs, at) => {
    const [least = 0, most = 0] = bounds[at] ?? [];
    assert.ok(waitMs >= least && waitMs <= most, `wait ${at + 1} is ${waitMs} ms`);
  });
});

test('what the server asks for and the growing wait are one wait, the longer of the two', async () => {
  const started = performance.now();
  const { waits } = await countAttempts([failure('RATE_LIMITED', 30)]);
  const tookMs = performance.now() - started;
  assert.equal(waits.length, 1);
  const [waitMs = 0] = waits;
  assert.ok(waitMs >= 30 && waitMs < 32, `${waitMs}`);
  assert.ok(tookMs >= 29, `waited ${tookMs} ms`);
});

test('no two clients come back at the same moment', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () => countAttempts([failure('RATE_LIMITED', 5)])));
  assert.ok(new Set(all.map(({ waits }) => waits[0])).size > 10);
});

test('a stopped run does not wait', async () => {
  const controller = new AbortController();
  const run = withRetry(() => Promise.reject(failure('RATE_LIMITED', 100_000)), {
    retries: 4,
    firstWaitMs: 250,
    signal: controller.signal,
    onRetry: () => controller.abort(new Error('stopped')),
  });
  await assert.rejects(run, /stopped/);
});

const now = Date.UTC(2026, 10, 20, 14, 7, 0);
const headers: readonly (readonly [string | undefined, number | null])[] = [
  [undefined, null],
  ['', null],
  ['0', 0],
  ['7', 7000],
  [' 7 ', 7000],
  ['-7', null],
  ['1.5', 1500],
  ['soon', null],
  ['Fri, 20 Nov 2026 14:07:30 GMT', 30_000],
  ['Fri, 20 Nov 2026 14:06:30 GMT', 0],
  ['99999999999', null],
  ['Friday, 20-Nov-26 14:07:30 GMT', 30_000],
  ['Friday, 20-Nov-99 14:07:30 GMT', 0],
  ['Saturday, 20-Nov-76 14:07:00 GMT', Date.UTC(2076, 10, 20, 14, 7) - now],
  ['Sunday, 20-Nov-77 14:07:00 GMT', 0],
  ['Fri Nov 20 14:07:30 2026', 30_000],
  ['Sun Nov  6 08:49:37 1994', 0],
  ['Fri, 20 Nov 2026 14:07:30', null],
  ['Fri, 20 Nof 2026 14:07:30 GMT', null],
];
for (const [header, expected] of headers) {
  test(`Retry-After: ${header}`, () => assert.equal(parseRetryAfter(header, now), expected));
}
