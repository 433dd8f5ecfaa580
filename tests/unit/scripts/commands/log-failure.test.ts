import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { programDir } from '../../../../src/run/program-version.ts';
import { useFolder } from '../../../support/run-program.ts';

const missing = ['--config', '/nonexistent/settings.yaml'];
const message = '/nonexistent/settings.yaml: cannot be read: there is no such file';

/** What a command says to standard error, which is a file; to the journal, if that file is said to be it. */
async function fail(folder: string, words: readonly string[], asJournal = false) {
  const file = join(folder, 'log');
  const descriptor = openSync(file, 'w');
  const { dev, ino } = fstatSync(descriptor, { bigint: true });
  const { status } = spawnSync(process.execPath, [join(programDir, 'scripts/registry-homepage.ts'), ...words], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ...(asJournal ? { JOURNAL_STREAM: `${dev}:${ino}` } : {}) },
    stdio: ['ignore', 'ignore', descriptor],
  });
  closeSync(descriptor);
  assert.equal(status, 78);
  return readFileSync(file, 'utf8');
}

describe('what ended a command', () => {
  for (const command of [['refresh'], ['verify'], ['check'], ['serve'], ['search', 'x']]) {
    it(`${command[0]}: two lines for people, one event for programs, one line with its level for the journal`, async (t) => {
      const folder = await useFolder(t as TestContext);
      const text = await fail(folder, [...command, ...missing]);
      assert.match(text, /^registry-homepage: .*\nhint: .*\n$/);
      const json = await fail(folder, [...command, ...missing, '--log-format', 'json']);
      const { event, exitCode, message: told } = JSON.parse(json);
      assert.deepEqual([event, exitCode, told], ['run-failed', 78, message]);
      const journal = await fail(folder, [...command, ...missing], true);
      assert.match(journal, /^<3>error: [^\n]*there is no such file \| hint: [^\n]*\n$/);
    });
  }
});
