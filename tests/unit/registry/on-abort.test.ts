import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, it } from 'node:test';
import { onAbort } from '../../../src/registry/on-abort.ts';

describe('onAbort', () => {
  it('tells all who still wait, in their order, once, by one listener', () => {
    const controller = new AbortController();
    const { signal } = controller;
    const told: string[] = [];
    const leave = ['a', 'b', 'c'].map((name) => onAbort(signal, () => told.push(name)));
    assert.equal(getEventListeners(signal, 'abort').length, 1);
    leave[1]?.();
    controller.abort();
    assert.deepEqual(told, ['a', 'c']);
    for (const each of leave) each();
    controller.abort();
    assert.deepEqual(told, ['a', 'c']);
  });

  it('leaves nothing on a signal that nobody waits for, and begins anew', () => {
    const controller = new AbortController();
    const { signal } = controller;
    const same = () => told++;
    let told = 0;
    for (let round = 0; round < 2; round++) {
      const leave = [onAbort(signal, same), onAbort(signal, same)];
      leave[0]?.();
      leave[0]?.();
      assert.equal(getEventListeners(signal, 'abort').length, 1);
      leave[1]?.();
      assert.equal(getEventListeners(signal, 'abort').length, 0);
    }
    onAbort(signal, same);
    onAbort(signal, same);
    controller.abort();
    assert.equal(told, 2);
  });

  it('tells nobody who leaves while others are told', () => {
    const controller = new AbortController();
    const told: string[] = [];
    let leaveSecond = () => {};
    onAbort(controller.signal, () => {
      told.push('first');
      leaveSecond();
    });
    leaveSecond = onAbort(controller.signal, () => told.push('second'));
    controller.abort();
    assert.deepEqual(told, ['first']);
  });
});
