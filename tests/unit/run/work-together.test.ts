import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { workTogether } from '../../../src/run/work-together.ts';

async function waitFor(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}

describe('work that is done together', () => {
  it('begins at once, and comes to what each came to', async () => {
    const begun: string[] = [];
    const task = (name: string) => async () => {
      begun.push(name);
      await null;
      return name;
    };
    const working = workTogether([task('a'), task('b')]);
    assert.deepEqual(begun, ['a', 'b']);
    assert.deepEqual(await working, ['a', 'b']);
    assert.deepEqual(await workTogether([]), []);
  });

  it('is stopped by one that fails, whose error is thrown once all have ended', async () => {
    const ended: unknown[] = [];
    const patient = async (signal: AbortSignal) => {
      await waitFor(signal).catch((error: unknown) => ended.push(error));
      await new Promise(setImmediate);
      ended.push('ended');
      throw new TypeError('because of the other');
    };
    const failure = new RangeError('the first');
    await assert.rejects(workTogether([patient, async () => Promise.reject(failure)]), (error) => error === failure);
    assert.deepEqual(ended, [failure, 'ended']);
  });

  it('fails with what is thrown though it is nothing', async () => {
    await assert.rejects(workTogether([() => Promise.reject(undefined)]));
  });

  it('is stopped by the signal, with its reason', async () => {
    const stop = new AbortController();
    const working = workTogether([waitFor, waitFor], stop.signal);
    const reason = new Error('stopped');
    stop.abort(reason);
    await assert.rejects(working, (error) => error === reason);
  });
});
