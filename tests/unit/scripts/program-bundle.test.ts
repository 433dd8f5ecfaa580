import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, it, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  exactStamp,
  installedDir,
  keepBundle,
  lastingStamp,
  prepareBundle,
  readProgramKey,
  type Stamp,
} from '../../../scripts/program-bundle.ts';
import { listFiles } from '../../../src/publish/list-files.ts';
import { entryModules } from '../../../src/run/bundled-program.ts';
import { readProgramFingerprint } from '../../../src/run/program-fingerprint.ts';
import { programDir } from '../../../src/run/program-version.ts';
import { runProgram, runTool, useFolder } from '../../support/run-program.ts';

test('every process of the program begins in the bundle', async () => {
  const files = (await listFiles(join(programDir, 'src'))).filter((file) => file.endsWith('-process.ts'));
  // The one that only hands work out.
  const processes = files.filter((file) => file !== 'run/work-process.ts');
  assert.ok(processes.length >= 3);
  assert.deepEqual(
    ['scripts/command-line', ...processes.map((file) => `src/${file.replace(/\.ts$/, '')}`)].toSorted(),
    entryModules.toSorted(),
  );
});

test('a bundle is the program: it is made once, mended when it is broken, and others stay for two days', async (t) => {
  const parent = await useFolder(t);
  const agesHours = { 'program-a': 49, 'program-b': 47, 'making-c': 49, 'making-d': 1, 'v24-of-node': 99 };
  for (const [name, ageHours] of Object.entries(agesHours)) {
    await mkdir(join(parent, name));
    const usedAtSeconds = Date.now() / 1000 - ageHours * 3600;
    await utimes(join(parent, name), usedAtSeconds, usedAtSeconds);
  }
  const folder = await keepBundle(parent);
  const entry = join(folder, 'scripts', 'command-line.mjs');
  assert.deepEqual(
    (await readdir(parent)).toSorted(),
    ['making-d', 'program-b', 'v24-of-node', basename(folder)].toSorted(),
  );
  for (const module of entryModules) assert.ok(existsSync(join(folder, `${module}.mjs`)), module);

  const script = `const { runCommandLine } = await import('${pathToFileURL(entry).href}'); await runCommandLine();`;
  const words = ['--input-type=module', '--eval', script, '--'];
  const bundled = await runTool(process.execPath, [...words, 'refresh', '--help']);
  const plain = await runProgram(['refresh', '--help']);
  assert.equal(bundled.stdout, plain.stdout);
  assert.ok(plain.stdout.length > 500);
  const files = await listFiles(folder);
  // Long lines are broken, and words with them.
  const texts = await Promise.all(
    files.map(async (file) => (await readFile(join(folder, file), 'utf8')).replaceAll('\\\n', '')),
  );
  assert.ok(texts.some((text) => text.includes(JSON.stringify(`${programDir}/src/run`))));
  const demo = await listDemoNames();
  for (const name of demo) assert.ok(!texts.some((text) => text.includes(name)), `${name} is a name of the demo's`);
  const fingerprint = await readProgramFingerprint();
  assert.ok(
    texts.some((text) => text.includes(fingerprint)),
    'it says what it was made from',
  );

  const { mtimeMs } = await stat(entry);
  assert.equal(await keepBundle(parent), folder);
  assert.equal((await stat(entry)).mtimeMs, mtimeMs, 'a second look makes nothing');
  await writeFile(entry, 'throw new Error()');
  assert.equal(await keepBundle(parent), folder);
  assert.doesNotMatch(await readFile(entry, 'utf8'), /^throw/);
});

/** Names of the demo's catalogue that are no words of the program's own. */
async function listDemoNames(): Promise<readonly string[]> {
  const text = await readFile(join(programDir, 'scripts/demo-registry/catalogue/references.txt'), 'utf8');
  const names = new Set(text.match(/\b(?:restricted|wikimedia|istio)\/[a-z0-9/-]+/g));
  assert.ok(names.size > 5);
  return [...names];
}

test('two that start at once have one bundle', async (t) => {
  const parent = await useFolder(t);
  const module = pathToFileURL(join(programDir, 'scripts', 'program-bundle.ts')).href;
  const script = `import { keepBundle } from '${module}'; console.log(await keepBundle('${parent}'));`;
  const start = () => runTool(process.execPath, ['--input-type=module', '--eval', script]);
  const [one, other] = await Promise.all([start(), start()]);
  assert.equal(other.stdout, one.stdout);
  assert.ok(existsSync(one.stdout.trim()), one.stderr);
  assert.deepEqual(await readdir(parent), [basename(one.stdout.trim())]);
});

describe('another program has another key', () => {
  const files = {
    'package.json': '{}',
    'package-lock.json': '{}',
    'node_modules/.package-lock.json': '{}',
    'astro.config.mjs': 'export default {};',
    'public/icon.svg': '<svg/>',
    'src/a.ts': 'export {};',
    'scripts/b.ts': 'export {};',
  };
  const earlier = new Date('2026-08-16T12:00:00.250Z');
  const rewrite = async (folder: string, text: string, time: Date) => {
    const file = join(folder, 'src/a.ts');
    await rm(file);
    await writeFile(file, text);
    await utimes(file, time, time);
  };
  const [exact, lasting] = [exactStamp, lastingStamp];
  const cases: readonly [what: string, change: (folder: string) => Promise<unknown>, by: readonly Stamp[]][] = [
    ['the same', async () => undefined, []],
    ['a file beside it', (folder) => writeFile(join(folder, 'README.md'), ''), []],
    [
      'what npm installed',
      (folder) => writeFile(join(folder, 'node_modules/.package-lock.json'), '{"a":1}'),
      [exact, lasting],
    ],
    ['nothing that npm installed', (folder) => rm(join(folder, 'node_modules'), { recursive: true }), [exact, lasting]],
    ['what is to be installed', (folder) => writeFile(join(folder, 'package-lock.json'), '[]'), [exact, lasting]],
    ['a source, as long as it was', (folder) => writeFile(join(folder, 'src/a.ts'), 'export []'), [exact, lasting]],
    ['a source of that time', (folder) => rewrite(folder, 'export {a};', earlier), [exact, lasting]],
    ['unpacked from an image', (folder) => rewrite(folder, 'export {};', new Date('2026-08-16T12:00:00Z')), [exact]],
    ['how pages are built', (folder) => writeFile(join(folder, 'astro.config.mjs'), ''), [exact, lasting]],
    ['a picture', (folder) => writeFile(join(folder, 'public/icon.svg'), '<svg />'), [exact, lasting]],
    ['one source more', (folder) => writeFile(join(folder, 'src/c.ts'), ''), [exact, lasting]],
    ['a script less', (folder) => rm(join(folder, 'scripts/b.ts')), [exact, lasting]],
  ];
  for (const [what, change, by] of cases) {
    it(what, async (t) => {
      const folder = await useFolder(t);
      for (const [file, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, file)), { recursive: true });
        await writeFile(join(folder, file), text);
        await utimes(join(folder, file), earlier, earlier);
      }
      const readKeys = () => Promise.all([exact, lasting].map((stamp) => readProgramKey(folder, stamp)));
      const before = await readKeys();
      await change(folder);
      const after = await readKeys();
      const isAnother = before.map((key, at) => key !== after[at]);
      assert.deepEqual(isAnother, [by.includes(exact), by.includes(lasting)]);
    });
  }
});

test('where no bundle can be made there is none but the one that was installed', async (t) => {
  const folder = await useFolder(t);
  await writeFile(join(folder, 'file'), '');
  const installed = await prepareBundle(null);
  assert.ok(installed === null || installed.startsWith(installedDir), `${installed}`);
  for (const parent of [join(folder, 'file'), join(folder, 'not', 'there')]) {
    await assert.rejects(keepBundle(parent));
    assert.equal(await prepareBundle(parent), installed);
  }
});
