import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { prepareBundle } from '../../../scripts/program-bundle.ts';
import { listFiles } from '../../../src/publish/list-files.ts';
import { entryModules } from '../../../src/run/bundled-program.ts';
import { readProgramFingerprint } from '../../../src/run/program-fingerprint.ts';
import { programDir } from '../../../src/run/program-version.ts';
import { runProgram, runTool, useFolder } from '../../support/run-program.ts';

test('every process of the program begins in the bundle', async () => {
  const files = (await listFiles(join(programDir, 'src'))).filter((file) => file.endsWith('-process.ts'));
  // The one that only hands work out.
  const processes = files.filter((file) => file !== 'run/work-process.ts');
  assert.ok(processes.length >= 6);
  assert.deepEqual(
    ['scripts/command-line', ...processes.map((file) => `src/${file.replace(/\.ts$/, '')}`)].toSorted(),
    entryModules.toSorted(),
  );
});

test('a bundle is the program: it is made once, mended when it is broken, and the one before it stays', async (t) => {
  const parent = await useFolder(t);
  for (const [name, ageSeconds] of Object.entries({ 'program-a': 300, 'program-b': 200, 'making-c': 400 })) {
    await mkdir(join(parent, name));
    await utimes(join(parent, name), 1e9 - ageSeconds, 1e9 - ageSeconds);
  }
  const entry = await prepareBundle(parent);
  assert.ok(entry !== null);
  const folder = dirname(dirname(entry));
  assert.deepEqual((await readdir(parent)).toSorted(), ['program-b', basename(folder)].toSorted());
  for (const module of entryModules) assert.ok(existsSync(join(folder, `${module}.mjs`)), module);

  const script = `const { runCommandLine } = await import('${pathToFileURL(entry).href}'); await runCommandLine();`;
  const words = ['--input-type=module', '--eval', script, '--'];
  const bundled = await runTool(process.execPath, [...words, 'refresh', '--help']);
  const plain = await runProgram(['refresh', '--help']);
  assert.equal(bundled.stdout, plain.stdout);
  assert.ok(plain.stdout.length > 500);
  const files = await listFiles(folder);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  assert.ok(texts.some((text) => text.includes(JSON.stringify(`${programDir}/src/run`))));
  const fingerprint = await readProgramFingerprint();
  assert.ok(
    texts.some((text) => text.includes(fingerprint)),
    'it says what it was made from',
  );

  const { mtimeMs } = await stat(entry);
  assert.equal(await prepareBundle(parent), entry);
  assert.equal((await stat(entry)).mtimeMs, mtimeMs, 'a second look makes nothing');
  await writeFile(entry, 'throw new Error()');
  assert.equal(await prepareBundle(parent), entry);
  assert.doesNotMatch(await readFile(entry, 'utf8'), /^throw/);
});

test('where no bundle can be made there is none', async (t) => {
  const folder = await useFolder(t);
  await writeFile(join(folder, 'file'), '');
  assert.equal(await prepareBundle(join(folder, 'file')), null);
  assert.equal(await prepareBundle(join(folder, 'not', 'there')), null);
});
