import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { findTool, requireTool } from '../../support/require-tool.ts';

const missing = 'no-such-program-anywhere';

function createContext(): { readonly context: TestContext; readonly skipped: string[] } {
  const skipped: string[] = [];
  return { context: { skip: (reason: string) => skipped.push(reason) } as unknown as TestContext, skipped };
}

test('a program in the path is found', () => {
  assert.ok(findTool('sh')?.endsWith('/sh'));
  assert.equal(findTool(missing), null);
});

test('what is missing skips the test, and is said once', (t) => {
  const ci = process.env['CI'];
  delete process.env['CI'];
  t.after(() => {
    if (ci !== undefined) process.env['CI'] = ci;
  });
  const log = t.mock.method(console, 'log', () => {});
  const { context, skipped } = createContext();
  assert.equal(requireTool(context, 'sh', missing), false);
  assert.equal(requireTool(context, missing), false);
  assert.deepEqual(skipped, [`${missing} is not installed`, `${missing} is not installed`]);
  assert.equal(log.mock.callCount(), 1);
  assert.match(String(log.mock.calls[0]?.arguments[0]), new RegExp(missing));
});

test('what is missing fails the test where all must run', (t) => {
  const ci = process.env['CI'];
  process.env['CI'] = 'true';
  t.after(() => {
    if (ci === undefined) delete process.env['CI'];
    else process.env['CI'] = ci;
  });
  const { context, skipped } = createContext();
  assert.throws(() => requireTool(context, missing), /is not installed, and CI=true/);
  assert.deepEqual(skipped, []);
  assert.equal(requireTool(context, 'sh'), true);
});
