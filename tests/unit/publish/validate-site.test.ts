import assert from 'node:assert/strict';
import { link, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { nothingChecked, readCheckedFiles, writeCheckedFiles } from '../../../src/publish/checked-files.ts';
import { createFinisher } from '../../../src/publish/finish-files.ts';
import { readMadeFiles } from '../../../src/publish/made-files.ts';
import { toRulesFingerprint } from '../../../src/publish/site-rules.ts';
import { type SiteExpectations, validateSite } from '../../../src/publish/validate-site.ts';
import { useFolder } from '../../support/run-program.ts';
import { catalogue, counts, smallestSite as good, page } from '../../support/smallest-site.ts';

async function validate(
  t: TestContext,
  changes: Readonly<Record<string, string | null>>,
  hidden: readonly string[] = [],
  into?: string,
) {
  const folder = into ?? (await useFolder(t));
  for (const [file, text] of Object.entries({ ...good, ...changes })) {
    if (text === null) continue;
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  return (await validateSite(folder, expect(hidden))).problems;
}

function expect(hidden: readonly string[] = [], shown: readonly string[] = ['a', 'team/tool/part']): SiteExpectations {
  return {
    base: '/',
    expectedFiles: ['a/tags/index.html'],
    folders: [],
    counts,
    hiddenNames: new Set(hidden),
    shownNames: new Set(shown),
  };
}

/** A sound site, and what writes further files of it. */
async function useGoodSite(t: TestContext) {
  const folder = await useFolder(t);
  const write = async (file: string, text: string) => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  };
  for (const [file, text] of Object.entries(good)) await write(file, text);
  return { folder, write };
}

test('a sound site has no fault', async (t) => {
  assert.deepEqual(await validate(t, {}), []);
});

const faults: readonly (readonly [what: string, changes: Readonly<Record<string, string | null>>, says: RegExp])[] = [
  ['a missing page', { 'a/tags/index.html': null }, /a\/tags\/index\.html is missing/],
  ['an empty file', { 'b.txt': '' }, /b\.txt is empty/],
  [
    'a link that leads nowhere',
    { 'b.html': page('b', '<a href="/nowhere/">x</a>') },
    /b\.html links to nowhere\/index\.html/,
  ],
  ['a link outside the base', { 'b.html': page('b', '<a href="images/">x</a>') }, /outside/],
  ['a part of the page that is not there', { 'b.html': page('b', '<a href="#c">x</a>') }, /#c, which is not there/],
  ['a form that leads nowhere', { 'b.html': page('b', '<form action="/find/">') }, /links to find\/index\.html/],
  ['a status that breaks its schema', { '-/status.json': '{}' }, /status\.json breaks its schema: schemaVersion/],
  [
    'a repository that breaks its schema',
    { '-/api/v1/repositories/a/-/repository.json': '{"schemaVersion": 1}' },
    /repository\.json breaks its schema: name/,
  ],
  ['a file that is no JSON', { '-/status.json': '{"half' }, /-\/status\.json is not JSON/],
  ['a catalogue that breaks its schema', { '-/api/v1/catalogue.json': '{}' }, /breaks its schema/],
  [
    'other counts than the snapshot',
    { '-/api/v1/catalogue.json': JSON.stringify({ ...catalogue, counts: { ...counts, tags: 7 } }) },
    /counts 7 tags, the snapshot 0/,
  ],
  ['two pages of one title', { 'b.html': page('a', '<a href="/">x</a>') }, /the same title/],
  ['a page without a title', { 'b.html': '<a href="/">x</a>' }, /has no title/],
];
for (const [what, changes, says] of faults) {
  test(`${what} is a fault`, async (t) => {
    const problems = await validate(t, changes);
    assert.ok(
      problems.some((problem) => says.test(problem)),
      problems.join('\n'),
    );
  });
}

test('a check that inspected nothing is a fault', async (t) => {
  const bare = {
    'index.html': page('Images', ''),
    '404.html': page('Not found', ''),
    'a/tags/index.html': page('a', ''),
    '-/status/index.html': page('Status', ''),
  };
  assert.match((await validate(t, bare)).join('\n'), /no page has a link to check/);
});

const mentions: readonly (readonly [text: string, isFault: boolean])[] = [
  ['see restricted/secret-thing:1', true],
  ['FROM registry.example.org/restricted/secret-thing@sha256:00', true],
  ['<a href="https://example.org/restricted/secret-thing/tags/">', true],
  ['not restricted/secret-things', false],
  ['nor unrestricted/secret-thing', false],
  ['the path /team/tool/ of team/tool/part', false],
];
for (const [text, isFault] of mentions) {
  test(`"${text}" ${isFault ? 'names' : 'does not name'} what is hidden`, async (t) => {
    const folder = await useFolder(t);
    const hidden = ['restricted/secret-thing', 'team/tool'];
    assert.deepEqual(await validate(t, { 'b.txt': text }, hidden, folder), []);
    const written = await readFile(join(folder, 'b.txt'), 'utf8');
    assert.equal(written.includes('withheld'), isFault);
    if (isFault) assert.doesNotMatch(written, /secret-thing/);
    else assert.equal(written, text);
    assert.deepEqual(await validate(t, { 'b.txt': null, '-/search/names.json': JSON.stringify(text) }, hidden), [
      ...(isFault ? ['-/search/names.json holds a name that may not be shown'] : []),
    ]);
  });
}

test('a name is replaced in a file that the release before has too, and not in that', async (t) => {
  const [before, folder] = [await useFolder(t), await useFolder(t)];
  await writeFile(join(before, 'b.txt'), 'restricted/secret-thing');
  await link(join(before, 'b.txt'), join(folder, 'b.txt'));
  assert.deepEqual(await validate(t, {}, ['restricted/secret-thing'], folder), []);
  assert.equal(await readFile(join(folder, 'b.txt'), 'utf8'), 'withheld');
  assert.equal(await readFile(join(before, 'b.txt'), 'utf8'), 'restricted/secret-thing');
});

test('the words of our own addresses and of the specification are no names', async (t) => {
  const words = { 'b.txt': 'linux/amd64 -/api/v1/index.json application/json image/svg+xml' };
  const folder = await useFolder(t);
  assert.deepEqual(await validate(t, words, ['linux/amd64', 'api/v1', 'application/json', 'image/svg'], folder), []);
  assert.equal(await readFile(join(folder, 'b.txt'), 'utf8'), words['b.txt']);
});

test('the end of a shown name may be a hidden one', async (t) => {
  const files = { 'b.txt': 'r.example/team/tool/part', '-/search/names.json': '"0team/tool/part\\n:tool/part"' };
  const folder = await useFolder(t);
  assert.deepEqual(await validate(t, files, ['tool/part'], folder), []);
  assert.equal(await readFile(join(folder, 'b.txt'), 'utf8'), files['b.txt']);
});

test('a hidden name in the name of a file is a fault that does not repeat it', async (t) => {
  const problems = await validate(t, { 'restricted/secret-thing/tags/x.txt': 'x' }, ['restricted/secret-thing']);
  assert.deepEqual(problems, ['the name of a file holds a name that may not be shown']);
});

test('what was checked before is not read again, and what it links to is looked for all the same', async (t) => {
  const { folder, write } = await useGoodSite(t);
  await write('b.html', page('b', '<a href="/c.html">c</a>'));
  await write('c.html', page('c', '<a href="/">home</a>'));
  const first = await validateSite(folder, expect());
  assert.deepEqual([first.problems, first.filesChecked], [[], 9]);

  const cache = join(await useFolder(t), 'checked.txt');
  await writeCheckedFiles(cache, 'rules', first.checked);
  const known = await readCheckedFiles(cache, 'rules');
  assert.deepEqual(known, first.checked);
  assert.equal((await readCheckedFiles(cache, 'other rules')).files.size, 0);

  const second = await validateSite(folder, expect(), known);
  assert.deepEqual(
    [second.problems, second.filesChecked],
    [[], 1],
    'the catalogue is held against the counts each time',
  );
  await write('a/tags/index.html', page('another c', '<a href="/">home</a>'));
  assert.equal((await validateSite(folder, expect(), known)).filesChecked, 2);
  await write('a/tags/index.html', page('c', '<a href="/">home</a>'));
  assert.match((await validateSite(folder, expect(), known)).problems.join('\n'), /same title/);
  await write('a/tags/index.html', page('a', ''));
  await rm(join(folder, 'c.html'));
  assert.deepEqual((await validateSite(folder, expect(), known)).problems, [
    'b.html links to c.html, which is not there',
  ]);
});

test('other hidden names, or other shown ones beside them, are other rules', () => {
  const rules = toRulesFingerprint(expect(['restricted/secret']));
  assert.equal(toRulesFingerprint(expect(['restricted/secret'], ['a', 'team/tool/part', 'new'])), rules);
  assert.notEqual(toRulesFingerprint(expect([])), rules);
  assert.notEqual(toRulesFingerprint(expect(['restricted/secret'], ['a/restricted/secret'])), rules);
});

test('a folder that was checked under its id is not read again, and what it links to is looked for all the same', async (t) => {
  const { folder, write } = await useGoodSite(t);
  await write('b/one/index.html', page('one', '<a href="/b/two/">two</a><a href="/c.html">c</a>'));
  await write('b/two/index.html', page('two', '<a href="/">home</a>'));
  await write('c.html', page('c', '<a href="/">home</a>'));
  const files = ['b/one/index.html', 'b/two/index.html'];
  const given = (id: string) => ({ ...expect(), folders: [{ folder: 'b', id, listFiles: () => files }] });
  const withId = (id: string) => ({ ...expect(), folders: [{ folder: 'b', id, listFiles: null }] });
  const first = await validateSite(folder, given('1'));
  assert.deepEqual(first.problems, []);
  assert.deepEqual(first.checked.folders.get('1')?.targets, ['c.html', 'index.html'], 'those outside of it');

  const cache = join(await useFolder(t), 'checked.txt');
  await writeCheckedFiles(cache, 'rules', first.checked);
  const known = await readCheckedFiles(cache, 'rules');
  assert.deepEqual(known, first.checked);
  await rm(join(folder, 'b'), { recursive: true });
  const second = await validateSite(folder, withId('1'), known);
  assert.deepEqual([second.problems, second.filesChecked], [[], 1], 'only the catalogue is read');
  await assert.rejects(validateSite(folder, withId('2'), known), /nothing is known of b\//);
  assert.deepEqual(
    (await validateSite(folder, given('1'), known)).problems,
    ['b/one/index.html is missing', 'b/two/index.html is missing'],
    'what was just made is looked at',
  );
  await rm(join(folder, 'c.html'));
  assert.deepEqual((await validateSite(folder, withId('1'), known)).problems, [
    'b/ links to c.html, which is not there',
  ]);
  await write('d.html', page('two', '<a href="/">home</a>'));
  assert.match((await validateSite(folder, withId('1'), known)).problems.join('\n'), /same title/);
});

test('of the files beside those of a folder that is to be shared nothing is remembered, and all is looked at', async (t) => {
  const { folder, write } = await useGoodSite(t);
  await write('b/one/index.html', page('one', '<a href="/">home</a>'));
  await write('b/one/index.html.gz', 'its twin');
  await write('c.txt.gz', 'another');
  const expectations = { ...expect(), folders: [{ folder: 'b', id: '1', listFiles: () => ['b/one/index.html'] }] };
  const { problems, checked } = await validateSite(folder, expectations);
  assert.deepEqual(problems, []);
  assert.deepEqual([checked.files.has('c.txt.gz'), checked.files.has('b/one/index.html.gz')], [true, false]);
  await write('b/one/index.html.gz', '');
  await write('b/two.html', page('stray', '<a href="/nowhere/">nowhere</a>'));
  assert.deepEqual((await validateSite(folder, expectations)).problems, [
    'b/one/index.html.gz is empty',
    'b/two.html links to nowhere/index.html, which is not there',
  ]);
});

test('what was checked is not asked again what it links to in folders that are the same; all else is', async (t) => {
  const { folder, write } = await useGoodSite(t);
  const [own, other] = ['b/index.html', 'c/index.html'];
  await write(own, page('b', '<a href="/c/">c</a>'));
  await write(other, page('c', '<a href="/">home</a>'));
  await write('d.html', page('d', '<a href="/c/">c</a>'));
  const folderOf = (file: string, id: string, isListed: boolean) => {
    return { folder: dirname(file), id, listFiles: isListed ? () => [file] : null };
  };
  const expecting = (isOwnListed: boolean, isOtherListed: boolean) => {
    return { ...expect(), folders: [folderOf(own, '1', isOwnListed), folderOf(other, '2', isOtherListed)] };
  };
  const { checked, problems } = await validateSite(folder, expecting(true, true));
  assert.deepEqual(problems, []);
  // What stands lies behind a link, and is not listed.
  for (const file of [own, other]) await rm(join(folder, dirname(file)), { recursive: true });
  const look = async (isOwnListed: boolean, isOtherListed: boolean) =>
    (await validateSite(folder, expecting(isOwnListed, isOtherListed), checked)).problems;
  assert.deepEqual(await look(false, false), []);
  await write('d.html', page('d', '<a href="/c/">as before</a><a href="/b/">too</a>'));
  assert.deepEqual(await look(false, false), ['d.html links to b/index.html, which is not there'], 'it did not before');
  await write('d.html', page('d', '<a href="/c/">as before, once more</a>'));
  const dead = 'b/ links to c/index.html, which is not there';
  assert.deepEqual(await look(false, true), ['c/index.html is missing'], 'the folder is new');
  await write('c/other.html', page('other', '<a href="/">home</a>'));
  const another = { folder: dirname(other), id: '3', listFiles: () => ['c/other.html'] };
  const besides = { ...expect(), folders: [folderOf(own, '1', false), another] };
  const deadToo = 'd.html links to c/index.html, which is not there';
  assert.deepEqual((await validateSite(folder, besides, checked)).problems, [deadToo, dead], 'the folder is another');
  await rm(join(folder, 'd.html'));
  await rm(join(folder, dirname(other)), { recursive: true });
  await write(own, page('b', '<a href="/c/">c</a>'));
  assert.deepEqual(await look(true, false), [dead], 'the page is new');
});

test('a folder behind a link is not listed: what leads into it is looked for there', async (t) => {
  const [folder, kept] = [await useFolder(t), await useFolder(t)];
  const write = async (path: string, text: string) => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  };
  for (const [file, text] of Object.entries(good)) await write(join(folder, file), text);
  await write(join(kept, 'one/index.html'), page('one', '<a href="/b/two/">two</a><a href="/a/tags/">a</a>'));
  await write(join(kept, 'two/index.html'), page('two', '<a href="/">home</a>'));
  await symlink(kept, join(folder, 'b'));
  const files = ['b/one/index.html', 'b/two/index.html'];
  const first = await validateSite(folder, {
    ...expect(),
    folders: [{ folder: 'b', id: '1', listFiles: () => files }],
  });
  assert.deepEqual([first.problems, first.filesChecked], [[], Object.keys(good).length + 2]);
  const expectations = { ...expect(), folders: [{ folder: 'b', id: '1', listFiles: null }] };
  assert.deepEqual(first.checked.folders.get('1')?.targets, ['a/tags/index.html', 'index.html'], 'those outside of it');
  const look = async () => (await validateSite(folder, expectations, first.checked)).problems;
  assert.deepEqual(await look(), []);

  const rows: readonly (readonly [href: string, target: string | null])[] = [
    ['/b/two/', null],
    ['/b/one', 'b/one'],
    ['/b/three/', 'b/three/index.html'],
    ['/b/two/index.html/', 'b/two/index.html/index.html'],
    [`/b/${'x'.repeat(300)}/`, `b/${'x'.repeat(300)}/index.html`],
  ];
  for (const [href, target] of rows) {
    await write(join(folder, 'c.html'), page('c', `<a href="${href}">c</a>`));
    assert.deepEqual(await look(), target === null ? [] : [`c.html links to ${target}, which is not there`]);
  }
  await rm(join(folder, 'c.html'));
  await write(join(folder, 'd.html'), page('two', '<a href="/">home</a>'));
  assert.match((await look()).join('\n'), /same title/);
});

test('what was found in a file as it was written holds for as long as it is that file', async (t) => {
  const [folder, madeFolder, aside] = [await useFolder(t), await useFolder(t), await useFolder(t)];
  const finisher = createFinisher(folder, 'one', { rules: expect(), madeFolder });
  for (const [file, text] of Object.entries(good)) finisher.write(file, text);
  finisher.write('b/index.html', page('b', '<a href="/b/c.html">c</a><a href="/d.html">d</a>'));
  finisher.write('b/c.html', page('c', ''));
  finisher.write('d.html', page('d', ''));
  finisher.close();
  const files = ['b/index.html', 'b/c.html'];
  const expectations = { ...expect(), folders: [{ folder: 'b', id: '1', listFiles: () => files }] };
  const look = () => validateSite(folder, expectations, nothingChecked, readMadeFiles(madeFolder));
  const all = Object.keys(good).length + 3;

  const whole = await look();
  assert.deepEqual([whole.problems, whole.filesChecked], [[], all]);
  const read = await validateSite(folder, expectations);
  assert.deepEqual(new Map([...whole.checked.files].sort()), new Map([...read.checked.files].sort()));
  assert.deepEqual(whole.checked.folders, read.checked.folders, 'as if they had been read');

  const faults: readonly (readonly [file: string, text: string | null, problem: string])[] = [
    ['d.html', null, 'b/ links to d.html, which is not there'],
    ['d.html', page('d', '<a href="/e.html">e</a>'), 'd.html links to e.html, which is not there'],
    ['b/c.html', page('', ''), 'b/c.html has no title'],
    ['b/c.html', page('b', ''), 'b/ and b/ have the same title'],
    ['b/c.html', null, 'b/c.html is missing'],
    ['a/tags/index.html', '', 'a/tags/index.html is empty'],
    ['-/api/v1/catalogue.json', JSON.stringify({ ...catalogue, counts: { ...counts, tags: 1 } }), 'counts 1 tags'],
  ];
  for (const [file, text, problem] of faults) {
    const [path, kept] = [join(folder, file), join(aside, 'kept')];
    await rename(path, kept);
    if (text !== null) await writeFile(path, text);
    const { problems } = await look();
    assert.ok(problems.join('\n').includes(problem), `${file}: ${problems.join('; ')}`);
    await rename(kept, path);
  }
  assert.deepEqual((await look()).problems, []);
});

test('a fault that was found as a file was written is one of the site', async (t) => {
  const [folder, madeFolder] = [await useFolder(t), await useFolder(t)];
  const finisher = createFinisher(folder, 'one', { rules: expect(['restricted/secret']), madeFolder });
  for (const [file, text] of Object.entries(good)) finisher.write(file, text);
  finisher.write('b.html', page('', 'restricted/secret'));
  finisher.close();
  const verdict = await validateSite(folder, expect(['restricted/secret']), nothingChecked, readMadeFiles(madeFolder));
  assert.deepEqual([verdict.problems, verdict.filesRedacted], [['b.html has no title'], 1]);
});

test('a file that is neither a page nor JSON may not be empty either', async (t) => {
  const folder = await useFolder(t);
  for (const [file, text] of Object.entries(good)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  await writeFile(join(folder, 'lines.txt'), 'line\n');
  await writeFile(join(folder, 'none.csv'), '');
  assert.deepEqual((await validateSite(folder, expect())).problems, ['none.csv is empty']);
  const hidden = await validateSite(folder, expect(['restricted/secret']));
  assert.ok(hidden.problems.includes('none.csv is empty'));
});

test('a site that lacks nearly everything is told so, file by file', async (t) => {
  const folder = await useFolder(t);
  const expectedFiles = Array.from({ length: 300_000 }, (_, at) => `${at}.html`);
  const { problems } = await validateSite(folder, { ...expect(), expectedFiles });
  assert.ok(problems.length > expectedFiles.length);
});
