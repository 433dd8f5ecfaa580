/** What `npm ci` makes ahead: that a program runs from it, and no longer than it is this program. */
import assert from 'node:assert/strict';
import { chmod, cp, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { programDir } from '../../../src/run/program-version.ts';
import { runTool, useFolder } from '../../support/run-program.ts';

const parts = ['package.json', 'package-lock.json', 'astro.config.mjs', 'public', 'scripts', 'src'];

/** The program in another place, with nothing made ahead. */
async function copyProgram(folder: string): Promise<void> {
  for (const part of parts)
    await cp(join(programDir, part), join(folder, part), { recursive: true, preserveTimestamps: true });
  await mkdir(join(folder, 'node_modules'));
  for (const name of await readdir(join(programDir, 'node_modules'))) {
    if (name !== '.cache') await symlink(join(programDir, 'node_modules', name), join(folder, 'node_modules', name));
  }
}

test('what is made when the program is installed is run from, as long as it is this program', async (t) => {
  const folder = await useFolder(t);
  await copyProgram(folder);
  const installed = join(folder, 'node_modules', '.cache', 'registry-homepage');
  const runNode = (...words: readonly string[]) => runTool(process.execPath, words);
  const help = () => runNode(join(folder, 'scripts', 'registry-homepage.ts'), '--help');
  const plain = await help();
  assert.match(plain.stdout, /^Usage: registry-homepage /);

  const { exitCode, stderr } = await runNode(join(folder, 'scripts', 'prepare.ts'));
  assert.deepEqual([exitCode, stderr], [0, '']);
  assert.deepEqual(await readdir(installed), ['program']);

  // Whatever is run from the sources fails.
  const source = join(folder, 'scripts', 'command-line.ts');
  const [text, { atime, mtime }] = [await readFile(source, 'utf8'), await stat(source)];
  await writeFile(source, 'throw new Error("from the sources");'.padEnd(Buffer.byteLength(text)));
  await utimes(source, atime, mtime);
  assert.deepEqual(await help(), plain);

  await chmod(installed, 0o777);
  assert.match((await help()).stderr, /from the sources/, 'others may write there');
  await chmod(installed, 0o755);
  assert.deepEqual(await help(), plain);
  await utimes(source, atime, new Date(mtime.getTime() + 1000));
  assert.match((await help()).stderr, /from the sources/, 'the program is another');
});
