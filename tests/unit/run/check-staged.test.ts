import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { access, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { createStagedCheck, prepareCheck, type StagedFolder } from '../../../src/run/check-staged.ts';
import { writeExpected } from '../../../src/run/expected-files.ts';
import { RunError } from '../../../src/run/run-error.ts';
import { createSideProcess, type SideProcess } from '../../../src/run/work-process.ts';
import { useFolder } from '../../support/run-program.ts';
import { counts, page, smallestSite } from '../../support/smallest-site.ts';

const inFolder: Readonly<Record<string, string>> = {
  'index.html': page('b', '<a href="/b/facts.json">facts</a><a href="/">home</a>'),
  'facts.json': '{}',
  'feed.csv': 'b',
};

const places = [
  ['in a process of its own', 0, null],
  ['here', Number.POSITIVE_INFINITY, null],
  ['here, beside no process', Number.POSITIVE_INFINITY, 'none'],
  ['in the process that is there', Number.POSITIVE_INFINITY, 'one'],
] as const;

for (const [where, filesWorthAProcess, beside] of places) {
  test(`what stands and was checked is not looked at again, ${where}`, async (t) => {
    await using one = createSideProcess();
    if (beside === 'one') one.begin();
    const found = new Set<unknown>();
    const side: SideProcess = {
      ...one,
      find() {
        found.add(one.find());
        return one.find();
      },
    };
    const [site, aside, stateDir] = [await useFolder(t), await useFolder(t), await useFolder(t)];
    const write = async (path: string, text: string) => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    };
    for (const [file, text] of Object.entries(smallestSite)) await write(join(site, file), text);
    for (const [file, text] of Object.entries(inFolder)) await write(join(aside, file), text);
    await symlink(aside, join(site, 'b'));
    const files = Object.keys(inFolder).map((file) => `b/${file}`);
    const lines: string[] = [];
    const check = async (isStanding: boolean) => {
      const folder: StagedFolder = { folder: 'b', id: '1', fileCount: 3, listFiles: () => files, isStanding };
      const expectations = {
        ...{ base: '/', hiddenNames: new Set<string>(), shownNames: new Set(['a', 'b']), counts },
        ...{ expectedFiles: ['a/tags/index.html'], folders: [folder], fileCount: 4 },
      };
      const options = {
        signal: new AbortController().signal,
        log: { write: (_level: string, _event: string, message: string) => void lines.push(message) },
      };
      const madeFolder = join(stateDir, 'made');
      await mkdir(madeFolder);
      try {
        const { run } = await prepareCheck(expectations, {
          ...{ stateDir, filesWorthAProcess },
          ...(beside === null ? {} : { side }),
        });
        // Where another process is to look, what must be there is written down for it.
        const isWritten = existsSync(join(stateDir, 'cache/expected.txt'));
        assert.equal(isWritten, filesWorthAProcess === 0 || beside === 'one');
        const { filesChecked, remember } = await run(site, madeFolder, options);
        await remember();
        return filesChecked;
      } finally {
        await assert.rejects(access(join(stateDir, 'cache/expected.txt')), { code: 'ENOENT' });
      }
    };
    const all = Object.keys(smallestSite).length + files.length;
    const isMissing = (file: string) => (error: unknown) =>
      error instanceof RunError && error.code === 'SITE_INVALID' && error.message.includes(`${file} is missing`);

    assert.equal(await check(false), all);
    assert.equal(
      [...found].some((each) => each !== null),
      beside === 'one',
      'who looked',
    );
    assert.equal(await check(true), 1, 'the catalogue is held against the counts each time');
    assert.equal(await check(false), 1 + files.length, 'what was just made is looked at, whatever its id');

    await rm(join(aside, 'feed.csv'));
    assert.equal(await check(true), 1, 'nothing leads there');
    await rm(join(stateDir, 'cache/checked.txt'));
    await assert.rejects(check(true), isMissing('b/feed.csv'), 'where nothing is known, all of it is looked for');
    await write(join(aside, 'feed.csv'), 'b');
    assert.equal(await check(true), all);
    const cache = join(stateDir, 'cache/checked.txt');
    const kept = await readFile(cache, 'utf8');
    for (const damaged of [kept.slice(0, -10), `other rules${kept}`, '']) {
      await writeFile(cache, damaged);
      assert.equal(await check(true), all, 'what is kept is damaged');
    }
    assert.deepEqual(lines, ['b/feed.csv is missing'], 'no process failed');
  });
}

test('what was learnt may be read ahead, is used once, and only under the same rules', async (t) => {
  const [staged, stateDir] = [await useFolder(t), await useFolder(t)];
  for (const [file, text] of Object.entries(smallestSite)) {
    await mkdir(dirname(join(staged, file)), { recursive: true });
    await writeFile(join(staged, file), text);
  }
  const [cacheDir, madeFolder] = [join(stateDir, 'cache'), join(stateDir, 'made')];
  const rules = { base: '/', hiddenNames: new Set<string>(), shownNames: new Set(['a']), counts };
  const expectedFiles = ['a/tags/index.html'];
  const check = createStagedCheck();
  check.readAhead({ stateDir });
  const look = async (over: Partial<typeof rules> = {}) => {
    await mkdir(madeFolder, { recursive: true });
    const expectedFile = join(cacheDir, 'expected.txt');
    writeExpected(expectedFile, expectedFiles, []);
    const orders = { staged, madeFolder, cacheDir, expectedFile, expectations: { ...rules, ...over } };
    const looked = await check.look(orders);
    assert.deepEqual(looked?.problems, []);
    await rename(looked.learntFile, looked.knownFile);
    return looked.filesChecked;
  };
  const all = Object.keys(smallestSite).length;
  const forget = () => rm(join(cacheDir, 'checked.txt'));
  await mkdir(cacheDir);
  assert.equal(await look(), all, 'there was nothing to read');

  check.readAhead({ stateDir });
  await forget();
  assert.equal(await look(), 1, 'the catalogue is held against the counts each time');
  await forget();
  assert.equal(await look(), all, 'it was used up');
  check.readAhead({ stateDir });
  assert.equal(await look({ hiddenNames: new Set(['restricted/a']) }), all, 'other rules');
});
