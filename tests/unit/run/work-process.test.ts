import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { lookAtStaged } from '../../../src/run/check-staged.ts';
import { writeExpected } from '../../../src/run/expected-files.ts';
import { createSideProcess, type SideProcess, workInProcess } from '../../../src/run/work-process.ts';
import { useFolder } from '../../support/run-program.ts';

/** A look at an empty site, which is the smallest piece of work there is, and what was logged about it. */
async function useLook(t: TestContext) {
  const folder = await useFolder(t);
  const expectedFile = join(folder, 'expected.txt');
  const orders = {
    ...{ staged: await useFolder(t), madeFolder: await useFolder(t), cacheDir: folder, expectedFile },
    expectations: {
      ...{ base: '/', hiddenNames: new Set<string>(), shownNames: new Set<string>() },
      counts: {} as never,
    },
  };
  writeExpected(expectedFile, [], []);
  const lines: string[] = [];
  const log = { write: (_level: string, _event: string, message: string) => void lines.push(message) };
  const look = async (
    side?: SideProcess,
    signal: AbortSignal = new AbortController().signal,
    onTold: () => void = () => undefined,
  ) => {
    const options = { signal, log, onTold, ...(side === undefined ? {} : { side }) };
    return workInProcess('check-staged', lookAtStaged, orders, options);
  };
  return { look, lines, expectedFile };
}

function pidOf(side: SideProcess): number | undefined {
  return side.find()?.child.pid;
}

function begin(side: SideProcess) {
  side.begin();
  const begun = side.find();
  assert.ok(begun !== null);
  return begun;
}

test('a process that was begun does one piece of work after the other, and ends when nobody needs it', async (t) => {
  const { look, lines } = await useLook(t);
  const side = createSideProcess();
  assert.equal(pidOf(side), undefined, 'none is begun by itself');
  const alone = await look(side);
  assert.equal(pidOf(side), undefined);
  const begun = begin(side);
  side.begin();
  assert.deepEqual([await look(side), await look(side)], [alone, alone]);
  assert.equal(pidOf(side), begun.child.pid, 'none is begun beside it');
  const order: number[] = [];
  const looks = [0, 1, 2].map((at) => look(side).finally(() => order.push(at)));
  assert.equal(begun.asking.length, 3, 'while it is busy it is told what comes next');
  assert.deepEqual(await Promise.all(looks), [alone, alone, alone]);
  assert.deepEqual([order, begun.asking.length], [[0, 1, 2], 0]);
  const last = look(side);
  const ended = side.end();
  assert.equal(pidOf(side), undefined, 'nobody is to tell it anything more');
  assert.deepEqual(await last, alone, 'it does first what it was told');
  await ended;
  assert.equal(begun.child.exitCode, 0);
  await side[Symbol.asyncDispose]();
  assert.deepEqual(lines, [], 'no process failed');
});

test('where the process that waited is gone, another does the work', async (t) => {
  const { look, lines } = await useLook(t);
  await using side = createSideProcess();
  const begun = begin(side);
  begun.child.kill('SIGKILL');
  await assert.rejects(begun.closed, /SIGKILL/);
  assert.equal(side.find(), null);
  assert.ok((await look(side)) !== null);
  assert.notEqual(begin(side).child.pid, begun.child.pid, 'it is replaced');
  assert.deepEqual(lines, []);
});

test('who gave orders hears that they are given before what came of them, and also where nobody is there', async (t) => {
  const { look } = await useLook(t);
  await using side = createSideProcess();
  const begun = begin(side);
  const heard: string[] = [];
  const { signal } = new AbortController();
  await look(side, signal, () => heard.push('told')).then(() => heard.push('done'));
  assert.deepEqual(heard, ['told', 'done']);
  // It ends before it reads anything, and nobody knows yet.
  begun.child.kill('SIGKILL');
  await look(side, signal, () => heard.push('told')).then(() => heard.push('done'));
  assert.deepEqual(new Set(heard.slice(2)), new Set(['told', 'done']));
});

test('what fails in the process is done again here, and is said', async (t) => {
  const { look, lines, expectedFile } = await useLook(t);
  await using side = createSideProcess();
  side.begin();
  await rm(expectedFile);
  await assert.rejects(look(side));
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /^check-staged: .* ended with 1 .*; its work is done again$/);
  assert.equal(pidOf(side), undefined);
  begin(side);
});

test('what the process was to do after what failed is done again too', async (t) => {
  const [failing, other] = [await useLook(t), await useLook(t)];
  await using side = createSideProcess();
  side.begin();
  await rm(failing.expectedFile);
  const [failed, done] = await Promise.allSettled([failing.look(side), other.look(side)]);
  assert.deepEqual([failed.status, done.status], ['rejected', 'fulfilled']);
  assert.match(other.lines.join(), /^check-staged: .*; its work is done again$/);
});

test('a run that is stopped stops it', async (t) => {
  const { look, lines } = await useLook(t);
  await using side = createSideProcess();
  const begun = begin(side);
  const stop = new AbortController();
  const looking = look(side, stop.signal);
  stop.abort(new Error('enough'));
  await assert.rejects(looking, /enough/);
  assert.equal(begun.child.signalCode, 'SIGTERM');
  await assert.rejects(look(undefined, AbortSignal.abort(new Error('enough'))), /enough/);
  const busy = begin(side);
  const disturbed = look(side);
  await side[Symbol.asyncDispose]();
  assert.equal(busy.child.signalCode, 'SIGTERM', 'who is at work for nobody is not waited for');
  await disturbed;
  assert.match(lines.pop() ?? '', /its work is done again/);
  assert.deepEqual(lines, []);
});
