/**
 * Runs that are killed at random moments. Eight in each test run; `npm run test:faults` kills two hundred. `FAULT_SEED` repeats a
 * sequence.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { listFiles } from '../../src/publish/list-files.ts';
import { runProgram, startProgram, useFolder } from '../support/run-program.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { useDemoRegistry } from '../support/use-server.ts';
import { assertNothingForgotten, assertUntouched, readHistory, readWholeSite } from '../support/whole-site.ts';

const rounds = Number(process.env['FAULT_ROUNDS'] ?? 8);
const seed = Number(process.env['FAULT_SEED'] ?? 20_261_121);

/** Numbers from 0 to 1, the same for a seed: a linear congruential generator. */
function createRandom(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test(`${rounds} killed runs leave a whole site and a whole history each (seed ${seed})`, async (t) => {
  const random = createRandom(seed);
  const folder = await useFolder(t);
  const siteDir = join(folder, 'site');
  const stateDir = join(folder, 'site-state');
  const store = createSmallStore(5);
  const registry = await useDemoRegistry(t, { store });
  const words = ['refresh', '--registry', registry.url, '--site-dir', siteDir];
  assert.equal((await runProgram(words)).exitCode, 0);
  let tags = 0;
  const push = () => putSmallImage(store, 'base', `2.${++tags}`, new Date(Date.UTC(2026, 7, 20, tags)).toISOString());

  push();
  const started = performance.now();
  assert.equal((await runProgram(words)).exitCode, 0);
  let wholeRunMs = performance.now() - started;
  let killed = 0;
  let before = await readWholeSite(siteDir, 7);
  let known = await readHistory(stateDir);
  for (let round = 1; killed < rounds; round++) {
    assert.ok(round <= 3 * rounds, `only ${killed} of ${round} runs could be killed in time`);
    // Some hours have nothing new, so that the stamp is interrupted too.
    if (random() < 0.75) push();
    const isWithChildren = random() < 0.5;
    const afterMs = random() * wholeRunMs;
    const begun = performance.now();
    const { child, result } = startProgram(words, { isGroup: true });
    const timer = setTimeout(() => {
      if (isWithChildren && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      else child.kill('SIGKILL');
    }, afterMs);
    const { exitCode, stderr } = await result;
    clearTimeout(timer);
    if (exitCode === null) killed++;
    else {
      assert.equal(exitCode, 0, `round ${round}: ${stderr}`);
      wholeRunMs = (wholeRunMs + performance.now() - begun) / 2;
    }
    const after = await readWholeSite(siteDir, 7);
    assertUntouched(before, after);
    const history = await readHistory(stateDir);
    assertNothingForgotten(known, history);
    [before, known] = [after, history];
  }

  push();
  const last = await runProgram(words);
  assert.equal(last.exitCode, 0, last.stderr);
  const left = [...(await listFiles(siteDir)), ...(await listFiles(stateDir))];
  assert.deepEqual(
    left.filter((name) => /(?:^|\/)\.(?:staging|removed|current)-|\.tmp$/.test(name)),
    [],
    'nothing is left lying about',
  );
  const history = await readHistory(stateDir);
  assertNothingForgotten(known, history);
  const seen = history.get('base')?.firstSeenAt;
  for (let tag = 1; tag <= tags; tag++) assert.ok(seen?.has(`2.${tag}`), `base:2.${tag} is known`);
  const page = (await readWholeSite(siteDir, 7)).files.get('base/tags/index.html');
  assert.ok(String(page).includes(`>2.${tags}<`));
});
