import assert from 'node:assert/strict';
import { appendFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { createFinisher } from '../../../src/publish/finish-files.ts';
import { type MadeFile, readMadeFiles } from '../../../src/publish/made-files.ts';
import { useFolder } from '../../support/run-program.ts';

const page = (title: string, body: string) => `<html><title>${title}</title>${body}</html>`;

async function finish(t: TestContext, files: Readonly<Record<string, string>>, hidden: readonly string[] = []) {
  const root = await useFolder(t);
  const [folder, madeFolder] = [join(root, 'site'), join(root, 'made')];
  const rules = { base: '/', hiddenNames: new Set(hidden), shownNames: new Set(['a']) };
  const finisher = createFinisher(folder, 'pages-1', { rules, madeFolder });
  for (const [path, text] of Object.entries(files)) finisher.write(path, text);
  finisher.close();
  const made = new Map([...readMadeFiles(madeFolder)].map((file) => [file.path, file]));
  const madeOf = (path: string): MadeFile => made.get(path) ?? assert.fail(`${path} was not taken down`);
  return { folder, madeFolder, finisher, madeOf, count: made.size };
}

test('what is written is what is there, and what was found in it', async (t) => {
  const long = page('a', `<a href="/b/index.html#c">b</a><a href="/a/">a</a>${'x'.repeat(600)}`);
  const { folder, madeOf, count } = await finish(t, { 'a/index.html': long, 'a.json': '{}', 'a.txt': 'ü' });
  assert.equal(count, 3);
  const made = madeOf('a/index.html');
  const { ino, size, mtimeMs } = await stat(join(folder, 'a/index.html'));
  assert.deepEqual([made.ino, made.sizeBytes, made.modifiedMs], [ino, size, mtimeMs]);
  assert.deepEqual([made.titles.length, made.targets, made.problems], [1, ['b/index.html', 'a/index.html'], []]);
  assert.equal(await readFile(join(folder, 'a/index.html'), 'utf8'), long);
  assert.deepEqual([madeOf('a.txt').sizeBytes, madeOf('a.json').titles], [2, []]);
});

test('a file is compressed at once where that is quick and worth it', async (t) => {
  const long = page('a', 'x'.repeat(600));
  const { folder } = await finish(t, {
    ...{ 'a.html': long, 'short.html': page('b', ''), 'picture.png': 'x'.repeat(600) },
    // Brotli takes its time, and these are few.
    ...{ 'index.html': page('home', 'x'.repeat(600)), '-/assets/a.js': `// ${'x'.repeat(600)}` },
  });
  const twins = (await readdir(folder, { recursive: true })).filter((file) => /\.(?:gz|br)$/.test(file));
  assert.deepEqual(twins, ['a.html.gz']);
  assert.equal(gunzipSync(await readFile(join(folder, 'a.html.gz'))).toString(), long);
});

const faults: readonly (readonly [what: string, path: string, text: string, problem: RegExp])[] = [
  ['a page without a title', 'a.html', page('', ''), /^a\.html has no title$/],
  ['a link to no part of the page', 'a.html', page('a', '<a href="#b">b</a>'), /#b, which is not there/],
  ['a link to what is outside the site', 'a.html', page('a', '<a href="b">b</a>'), /outside/],
  ['a file of nothing', 'a.txt', '', /^a\.txt is empty$/],
  ['JSON that ends too early', 'a.json', '{', /is not JSON/],
  ['JSON that is not what it promises', 'a/-/repository.json', '{}', /breaks its schema/],
  ['the name of a file that names what is hidden', 'restricted/secret/x.txt', 'x', /^the name of a file holds a name/],
  ['a file of the search that names what is hidden', '-/search/a.json', '"restricted/secret"', /may not be shown/],
];
for (const [what, path, text, problem] of faults) {
  test(`${what} is told`, async (t) => {
    const { madeOf } = await finish(t, { [path]: text }, ['restricted/secret']);
    assert.match(madeOf(path).problems.join('\n'), problem);
  });
}

test('what may not be shown is in no byte, nor in the twin', async (t) => {
  const text = page('a', `restricted/secret ${'x'.repeat(600)}`);
  const { folder, madeOf } = await finish(t, { 'a.html': text }, ['restricted/secret']);
  assert.equal(madeOf('a.html').isRedacted, true);
  for (const bytes of [await readFile(join(folder, 'a.html')), gunzipSync(await readFile(join(folder, 'a.html.gz')))]) {
    assert.doesNotMatch(bytes.toString(), /restricted/);
    assert.match(bytes.toString(), /<title>a<\/title>/);
  }
});

test('a file that is there is not replaced', async (t) => {
  const { folder, finisher } = await finish(t, { 'a.txt': 'one' });
  assert.throws(() => finisher.write('a.txt', 'two'), { code: 'EEXIST' });
  assert.equal(await readFile(join(folder, 'a.txt'), 'utf8'), 'one');
});

test('targets are told as they were, however many there are', async (t) => {
  const links = (at: number) => Array.from({ length: 40 }, (_, own) => `/${at}/${own}/`);
  const files = Object.fromEntries(
    Array.from({ length: 400 }, (_, at) => [
      `${at}.html`,
      page(`${at}`, ['/', ...links(at)].map((href) => `<a href="${href}">x</a>`).join('')),
    ]),
  );
  const { madeOf } = await finish(t, files);
  for (let at = 0; at < 400; at++) {
    const expected = ['index.html', ...links(at).map((href) => `${href.slice(1)}index.html`)];
    assert.deepEqual(madeOf(`${at}.html`).targets, expected);
  }
});

test('what a killed process left is read as far as it goes', async (t) => {
  const { madeFolder } = await finish(t, { 'a.txt': 'a' });
  await appendFile(join(madeFolder, 'pages-1'), '["b.txt",1,');
  await writeFile(join(madeFolder, 'pages-2'), '');
  assert.deepEqual(
    [...readMadeFiles(madeFolder)].map(({ path }) => path),
    ['a.txt'],
  );
});
