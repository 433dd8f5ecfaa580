/** What `npm ci` makes ahead: that a program runs from it, whoever runs it, and no longer than it is this program. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, copyFile, cp, mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { listFiles } from '../../../src/publish/list-files.ts';
import { programDir } from '../../../src/run/program-version.ts';
import { runTool, useFolder } from '../../support/run-program.ts';

const parts = ['package.json', 'package-lock.json', 'astro.config.mjs', 'public', 'scripts', 'src'];

/** The program in another place, with nothing made ahead; and what it is run with there. */
async function useCopy(t: TestContext) {
  const folder = await useFolder(t);
  for (const part of parts)
    await cp(join(programDir, part), join(folder, part), { recursive: true, preserveTimestamps: true });
  await mkdir(join(folder, 'node_modules'));
  for (const name of await readdir(join(programDir, 'node_modules'))) {
    if (name !== '.cache') await symlink(join(programDir, 'node_modules', name), join(folder, 'node_modules', name));
  }
  const source = join(folder, 'scripts', 'command-line.ts');
  const { atime, mtime } = await stat(source);
  const run = (...words: readonly string[]) => runTool(process.execPath, words);
  return {
    folder,
    installed: join(folder, 'node_modules', '.cache', 'registry-homepage'),
    help: (...options: readonly string[]) =>
      run(join(folder, 'scripts', 'registry-homepage.ts'), 'refresh', '--help', ...options),
    prepare: () => run(join(folder, 'scripts', 'prepare.ts')),
    /** Whatever runs from the sources fails, and nothing shows that they are others. */
    async breakSources() {
      const text = await readFile(source, 'utf8');
      await writeFile(source, 'throw new Error("from the sources");'.padEnd(Buffer.byteLength(text)));
      await utimes(source, atime, mtime);
    },
    /** As a new version would. */
    ageSources: (byMs: number) => utimes(source, atime, new Date(mtime.getTime() + byMs)),
  };
}

test('npm makes it, and an image is built with it', async () => {
  const { scripts } = JSON.parse(await readFile(join(programDir, 'package.json'), 'utf8'));
  assert.equal(scripts.prepare, 'node scripts/prepare.ts || exit 0', 'an installation is good without');
  const lines = (await readFile(join(programDir, 'Containerfile'), 'utf8')).split('\n');
  const madeAt = lines.indexOf('RUN node scripts/prepare.ts');
  assert.ok(madeAt > lines.findLastIndex((line) => line.startsWith('COPY ')), 'from all that it is made from');
});

test('what is made when the program is installed is run from, as long as it is this program', async (t) => {
  const { folder, installed, help, prepare, breakSources, ageSources } = await useCopy(t);
  const useState = async (name: string) => {
    await mkdir(join(folder, name));
    return join(folder, name);
  };
  const listKept = async (stateDir: string) =>
    (await readdir(join(stateDir, 'cache', 'compiled'))).filter((name) => name.startsWith('program-'));
  const [early, late, spoilt] = [await useState('early'), await useState('late'), await useState('spoilt')];
  const plain = await help('--state-dir', early);
  assert.match(plain.stdout, /^Usage: registry-homepage refresh /);
  assert.equal((await listKept(early)).length, 1, 'where none is installed a run makes its own');
  await writeFile(join(spoilt, 'cache'), '');
  assert.deepEqual(await help('--state-dir', spoilt), plain, 'where it can make none it runs from the sources');

  const { exitCode, stderr } = await prepare();
  assert.deepEqual([exitCode, stderr], [0, '']);
  const [bundle = '', ...others] = await readdir(installed);
  assert.match(bundle, /^program-[0-9a-f]{16}$/);
  assert.deepEqual(others, []);
  assert.deepEqual(await help('--state-dir', late), plain);
  assert.deepEqual(await listKept(late), []);
  const old = new Date(Date.now() - 49 * 3_600_000);
  for (const name of await listKept(early)) await utimes(join(early, 'cache', 'compiled', name), old, old);
  assert.deepEqual(await help('--state-dir', early), plain);
  assert.deepEqual(await listKept(early), [], 'what runs made before goes when nobody runs from it any more');

  await breakSources();
  assert.deepEqual(await help(), plain);
  await chmod(installed, 0o777);
  assert.match((await help()).stderr, /from the sources/, 'others may write there');
  await chmod(installed, 0o755);
  assert.deepEqual(await help(), plain);
  await ageSources(1000);
  assert.match((await help()).stderr, /from the sources/, 'the program is another');

  const left = join(installed, 'making-abc');
  await mkdir(left);
  for (const ageMs of [2000, 3000]) {
    await ageSources(ageMs);
    assert.equal((await prepare()).exitCode, 0);
  }
  const all = await readdir(installed);
  assert.deepEqual([all.length, all.includes(bundle)], [4, true], 'who runs from one has not loaded all of it yet');
  // As if all this had been three days ago, and the first one a month.
  for (const name of all) {
    const at = new Date(Date.now() - (name === bundle ? 30 : 3) * 24 * 3_600_000);
    await utimes(join(installed, name), at, at);
  }
  await ageSources(4000);
  assert.equal((await prepare()).exitCode, 0);
  const rest = await readdir(installed);
  assert.equal(rest.length, 2, 'the one before was of use until now');
  assert.ok(!rest.includes(bundle) && !rest.includes('making-abc'));
});

for (const umask of ['000', '077']) {
  test(`whoever runs the program runs from it, and may not change it, installed with umask ${umask}`, async (t) => {
    const { folder, installed, help, breakSources } = await useCopy(t);
    const plain = await help();
    const script = join(folder, 'scripts', 'prepare.ts');
    const prepared = await runTool('sh', ['-c', `umask ${umask} && exec "$0" "$1"`, process.execPath, script]);
    assert.deepEqual([prepared.exitCode, prepared.stderr], [0, '']);
    const files = (await listFiles(installed)).map((file) => join(installed, file));
    const above = new Set(files.flatMap((file) => [join(file, '..'), join(file, '../..')]));
    assert.ok(files.length > 5);
    for (const file of files) assert.equal((await stat(file)).mode & 0o777, 0o644, file);
    for (const each of above)
      if (each.startsWith(installed)) assert.equal((await stat(each)).mode & 0o777, 0o755, each);
    await breakSources();
    assert.deepEqual(await help(), plain);
    if (process.getuid?.() !== 0) return t.diagnostic('only root can run it as somebody else');
    await chmod(folder, 0o755);
    for (const each of ['node_modules', 'node_modules/.cache']) await chmod(join(folder, each), 0o755);
    // That which runs this may lie where nobody else may look.
    const node = join(folder, 'node');
    await copyFile(process.execPath, node);
    const words = [join(folder, 'scripts', 'registry-homepage.ts'), 'refresh', '--help'];
    const other = spawnSync(node, words, { uid: 65534, gid: 65534, cwd: '/', encoding: 'utf8' });
    assert.deepEqual([other.status, other.stdout, other.stderr], [0, plain.stdout, '']);
  });
}

test('who installs is told where nothing can be made, or nothing that runs would use', async (t) => {
  const { installed, prepare } = await useCopy(t);
  await writeFile(join(installed, '..'), '');
  const refused = await prepare();
  assert.deepEqual([refused.exitCode, refused.stdout], [1, '']);
  assert.match(refused.stderr, /^No bundle was made that runs can use, so that they begin more slowly: ENOTDIR/);
  await rm(join(installed, '..'));
  await mkdir(installed, { recursive: true });
  await chmod(installed, 0o777);
  const open = await prepare();
  assert.equal(open.exitCode, 1);
  assert.match(open.stderr, /others may write to .*registry-homepage, or it is theirs$/m);
});
