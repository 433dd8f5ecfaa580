import assert from 'node:assert/strict';
import { chmod, chown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { isKept, keepFolder } from '../../../src/run/kept-folder.ts';
import { useFolder } from '../../support/run-program.ts';

async function makeFolder(parent: string, text: string): Promise<string> {
  const made = join(parent, 'making');
  await mkdir(join(made, 'below'), { recursive: true });
  await writeFile(join(made, 'entry.mjs'), text);
  await writeFile(join(made, 'below', 'chunk.mjs'), '');
  return made;
}

describe('what is kept is used as long as it is what was made', () => {
  const cases: readonly [what: string, change: (folder: string) => Promise<unknown>, isStillKept: boolean][] = [
    ['untouched', async () => undefined, true],
    ['one byte is another', (folder) => writeFile(join(folder, 'entry.mjs'), 'ONE'), false],
    ['cut off', (folder) => writeFile(join(folder, 'entry.mjs'), ''), false],
    ['a file is gone', (folder) => rm(join(folder, 'below', 'chunk.mjs')), false],
    ['a file came', (folder) => writeFile(join(folder, 'more.mjs'), ''), false],
    ['the seal is gone', (folder) => rm(join(folder, 'made.json')), false],
    ['others may write', (folder) => chmod(folder, 0o777), false],
    ['others may write where it stands', (folder) => chmod(join(folder, '..'), 0o777), false],
  ];
  for (const [what, change, isStillKept] of cases) {
    it(what, async (t) => {
      const parent = await useFolder(t);
      const folder = join(parent, 'kept');
      assert.equal(await isKept(folder, 'one'), false, 'there is none yet');
      await keepFolder(folder, await makeFolder(parent, 'one'), 'one');
      await change(folder);
      assert.equal(await isKept(folder, 'one'), isStillKept);
      assert.equal(await isKept(folder, 'two'), false, 'made from something else');
    });
  }
});

test('what somebody else put there is used where they are named, and nobody else is', async (t) => {
  const parent = await useFolder(t);
  const folder = join(parent, 'kept');
  await keepFolder(folder, await makeFolder(parent, 'one'), 'one');
  const uid = process.getuid?.() ?? 0;
  assert.equal(await isKept(folder, 'one', uid), true);
  assert.equal(await isKept(folder, 'one', uid + 1), false);
  if (uid !== 0) return;
  for (const each of [parent, folder]) await chown(each, 1, 1);
  assert.equal(await isKept(folder, 'one', 1), true);
  assert.equal(await isKept(folder, 'one'), false);
});

test('a new one takes the place of the old one, and leaves nothing of it', async (t) => {
  const parent = await useFolder(t);
  const folder = join(parent, 'below', 'kept');
  await keepFolder(folder, await makeFolder(parent, 'one'), 'one');
  await writeFile(join(folder, 'stray'), '');
  await keepFolder(folder, await makeFolder(parent, 'two'), 'two');
  assert.equal(await isKept(folder, 'two'), true);
  assert.equal(await readFile(join(folder, 'entry.mjs'), 'utf8'), 'two');
  assert.deepEqual((await readdir(folder)).toSorted(), ['below', 'entry.mjs', 'made.json']);
  assert.deepEqual((await readdir(parent)).toSorted(), ['below']);
});

test('of two that make the same at once the first is kept, with the very files that may be in use', async (t) => {
  const parent = await useFolder(t);
  const folder = join(parent, 'below', 'kept');
  await keepFolder(folder, await makeFolder(parent, 'one'), 'one');
  const { ino } = await stat(join(folder, 'entry.mjs'));
  await keepFolder(folder, await makeFolder(parent, 'one, made otherwise'), 'one');
  assert.equal(await isKept(folder, 'one'), true);
  assert.equal((await stat(join(folder, 'entry.mjs'))).ino, ino);
  await writeFile(join(folder, 'entry.mjs'), 'broken');
  await keepFolder(folder, await makeFolder(parent, 'one'), 'one');
  assert.equal(await readFile(join(folder, 'entry.mjs'), 'utf8'), 'one', 'what is broken is replaced');
});

test('where what differs is to go, the same content stays, with the very files that may be in use', async (t) => {
  const parent = await useFolder(t);
  const folder = join(parent, 'below', 'kept');
  const keep = async (text: string) => {
    await keepFolder(folder, await makeFolder(parent, text), 'one', { replaces: 'what differs' });
    return (await stat(join(folder, 'entry.mjs'))).ino;
  };
  const first = await keep('one');
  assert.equal(await keep('one'), first);
  assert.notEqual(await keep('one, of other packages'), first);
  assert.equal(await readFile(join(folder, 'entry.mjs'), 'utf8'), 'one, of other packages');
  assert.equal(await isKept(folder, 'one'), true);
});
