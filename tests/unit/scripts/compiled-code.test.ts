import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { guessStateDir } from '../../../scripts/compiled-code.ts';
import { runProgram, useFolder } from '../../support/run-program.ts';

describe('the state folder is guessed as the settings will say it', () => {
  const words: readonly [what: string, words: readonly string[], environment: Record<string, string>, string | null][] =
    [
      ['nothing is said', ['refresh'], {}, null],
      ['a word of its own', ['refresh', '--state-dir', 'state'], {}, '/here/state'],
      ['one word', ['refresh', '--state-dir=/srv/state'], {}, '/srv/state'],
      ['the environment', ['refresh'], { REGISTRY_HOMEPAGE_STATE_DIR: '/srv/state' }, '/srv/state'],
      ['the words win', ['--state-dir', '/a'], { REGISTRY_HOMEPAGE_STATE_DIR: '/b' }, '/a'],
      ['beside the site', ['refresh', '--site-dir', 'site'], {}, '/here/site-state'],
      ['the demo has its own', ['demo'], { REGISTRY_HOMEPAGE_STATE_DIR: '/srv/state' }, null],
      ['a word without its value', ['refresh', '--state-dir'], {}, null],
    ];
  for (const [what, given, environment, expected] of words) {
    it(what, () => assert.equal(guessStateDir(given, environment, '/here'), expected));
  }

  const files: readonly [what: string, text: string, name: string | null][] = [
    ['YAML', 'title: Images\nstateDir: /srv/state # ours\nsiteDir: /srv/site\n', '/srv/state'],
    ['quoted', 'stateDir: "/srv/the state"\n', '/srv/the state'],
    ['relative to the file', "stateDir: 'state'\n", 'state'],
    ['JSON in one line', '{"title":"Images","stateDir":"/srv/state","siteDir":"/srv/site"}', '/srv/state'],
    ['beside the site', 'siteDir: /srv/site\n', '/srv/site-state'],
    ['a comment says nothing', '# stateDir: /srv/state\n', null],
    ['nor does a longer key', 'anotherstateDir: /srv/state\n', null],
  ];
  for (const [what, text, expected] of files) {
    it(`settings: ${what}`, async (t) => {
      const folder = await useFolder(t);
      const config = join(folder, 'settings.yaml');
      await writeFile(config, text);
      const found = guessStateDir(['refresh', '--config', 'settings.yaml'], {}, folder);
      assert.equal(found, expected === null || expected.startsWith('/') ? expected : join(folder, expected));
    });
  }
});

test('what was compiled is kept in a state folder that is ours alone, and nowhere else', async (t) => {
  const folder = await useFolder(t);
  const cases: readonly [what: string, make: (dir: string) => Promise<unknown>, isKept: boolean][] = [
    ['ours', (dir) => mkdir(dir, { mode: 0o755 }), true],
    ['with a cache', (dir) => mkdir(join(dir, 'cache'), { recursive: true, mode: 0o755 }), true],
    ['for all to write', (dir) => mkdir(dir).then(() => chmod(dir, 0o777)), false],
    [
      'whose cache is',
      (dir) => mkdir(join(dir, 'cache'), { recursive: true }).then(() => chmod(join(dir, 'cache'), 0o777)),
      false,
    ],
    ['not there', async () => undefined, false],
    ['a file', (dir) => writeFile(dir, ''), false],
  ];
  for (const [what, make, isKept] of cases) {
    const stateDir = join(folder, what.replaceAll(' ', '-'));
    await make(stateDir);
    for (const round of ['first', 'next']) {
      const { exitCode, stdout, stderr } = await runProgram(['--help', '--state-dir', stateDir]);
      assert.deepEqual([exitCode, stderr], [0, ''], `${what}, ${round}`);
      assert.match(stdout, /^Usage: registry-homepage /);
    }
    const kept = await readdir(join(stateDir, 'cache', 'compiled'), { recursive: true }).catch(() => []);
    assert.equal(kept.length > 5, isKept, `${what}: ${kept.length} files`);
  }
});

test('the first crawl keeps it too, for the folder is made before', async (t) => {
  const folder = await useFolder(t);
  const stateDir = join(folder, 'state');
  const words = ['--state-dir', stateDir, '--registry', 'http://127.0.0.1:1', '--site-dir', join(folder, 'site')];
  for (const [command, isMade] of [
    [['build', ...words], false],
    [['crawl', '--help', ...words], false],
    [['crawl', '--state-dir', join(folder, 'missing', 'state')], false],
    [['crawl', ...words], true],
  ] as const) {
    await rm(stateDir, { recursive: true, force: true });
    await runProgram([...command]);
    assert.equal(existsSync(join(stateDir, 'cache', 'compiled')), isMade, command.join(' '));
  }
  assert.ok(!existsSync(join(folder, 'missing')));
});

test('a folder that the first crawl made goes again where nothing was done, and one that was there stays', async (t) => {
  const folder = await useFolder(t);
  const stateDir = join(folder, 'state');
  const words = ['--state-dir', stateDir, '--site-dir', join(folder, 'site')];
  const config = join(folder, 'settings.yaml');
  await writeFile(config, 'sources: [{url: "http://127.0.0.1:1"}]\ntitel: Images\n');
  for (const [wrong, expected] of [
    [['refresh', '--config', config], 78],
    [['crawl', '--registry', 'http://127.0.0.1:1', '--bogus'], 64],
    [['refresh'], 78],
  ] as const) {
    await rm(stateDir, { recursive: true, force: true });
    for (const isThere of [false, true]) {
      if (isThere) await mkdir(stateDir);
      const { exitCode } = await runProgram([...wrong, ...words]);
      assert.deepEqual([exitCode, existsSync(stateDir)], [expected, isThere], wrong.join(' '));
    }
  }
});
