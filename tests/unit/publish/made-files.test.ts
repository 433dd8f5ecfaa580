import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMadeFiles, type MadeFile, readMadeFiles } from '../../../src/publish/made-files.ts';
import { useFolder } from '../../support/run-program.ts';

test('what was found comes back, however long the list, and not the end of one that was cut off', async (t) => {
  const folder = await useFolder(t);
  // Two bytes a letter, so that some letter lies across the end of what is read at once.
  const long = 'é'.repeat(999);
  const files = Array.from(
    { length: 3000 },
    (_, at): MadeFile => ({
      ...{ path: `${at}/${long}.html`, ino: at, sizeBytes: at, modifiedMs: at, titles: [`Title ${at % 7}`] },
      targets: [`/target/${at % 5}`, `/target/${at}`],
      ...{ problems: at === 7 ? ['is odd'] : [], isRedacted: at % 2 === 0 },
    }),
  );
  const writer = createMadeFiles(join(folder, '1.txt'));
  for (const file of files) writer.add(file);
  writer.close();
  createMadeFiles(join(folder, '2.txt')).close();
  await appendFile(join(folder, '1.txt'), '["half a li');
  assert.deepEqual([...readMadeFiles(folder)], files);
});
