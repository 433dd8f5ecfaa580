import assert from 'node:assert/strict';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isJournal } from '../../../src/run/journal.ts';
import { useFolder } from '../../support/run-program.ts';

test('the journal is what JOURNAL_STREAM says it is, and nothing else', async (t) => {
  const descriptor = openSync(join(await useFolder(t), 'stream'), 'w');
  t.after(() => closeSync(descriptor));
  const { dev, ino } = fstatSync(descriptor, { bigint: true });
  assert.equal(isJournal({ JOURNAL_STREAM: `${dev}:${ino}` }, descriptor), true);
  assert.equal(
    isJournal({ JOURNAL_STREAM: `${dev}:${ino + 1n}` }, descriptor),
    false,
    'inherited from another service',
  );
  assert.equal(isJournal({}, descriptor), false);
  assert.equal(isJournal({ JOURNAL_STREAM: `${dev}:${ino}` }, 9999), false);
});
