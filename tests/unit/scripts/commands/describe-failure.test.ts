import assert from 'node:assert/strict';
import { it } from 'node:test';
import { toFailure } from '../../../../scripts/commands/describe-failure.ts';
import { ProcessError } from '../../../../src/run/process-error.ts';

it('a process that could not write is told of in one line, with what to do', () => {
  const outputs: readonly (readonly [output: string, said: string])[] = [
    [
      'Something went wrong inside a tool, please report this.\n\nCaused by:\n    No space left on device (os error 28)\n\nStack backtrace:\n   0: x',
      'No space left on device (os error 28)',
    ],
    [
      'Error: ENOSPC: no space left on device, write\n    at writeSync (node:fs:977:3)\n  errno: -28,',
      'Error: ENOSPC: no space left on device, write',
    ],
  ];
  for (const [output, said] of outputs) {
    const { message, hint, exitCode } = toFailure(new ProcessError('rendering the pages', 'it ended with 1', output));
    assert.deepEqual([message, exitCode], [`rendering the pages failed: it ended with 1: ${said}`, 74]);
    assert.match(hint ?? '', /^Is the disk full/);
  }
});

it('all else that a process printed is shown', () => {
  const output = 'TypeError: x is not a function\n    at render.ts:7';
  const { message, hint, exitCode } = toFailure(new ProcessError('rendering the pages', 'it ended with 1', output));
  assert.deepEqual([message.endsWith(output), exitCode], [true, 70]);
  assert.match(hint ?? '', /report this/);
});
