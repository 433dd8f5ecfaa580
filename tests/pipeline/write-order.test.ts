/** What a power cut can lose, read from the system calls of a run: nothing is named before it is on the disk. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { programDir } from '../../src/run/program-version.ts';
import { requireTool } from '../support/require-tool.ts';
import { runTool, useFolder } from '../support/run-program.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { useDemoRegistry } from '../support/use-server.ts';

interface Call {
  readonly name: string;
  /** The paths that it names, as arguments or behind descriptors. */
  readonly paths: readonly string[];
  readonly isWriting: boolean;
}

const traced =
  'open,openat,creat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,fsync,fdatasync,syncfs,unlink,unlinkat,ftruncate';

/** The calls that succeeded, in their order. `-y` shows the path behind each descriptor. */
function decodeTrace(text: string): readonly Call[] {
  const pending = new Map<string, string>();
  const calls: Call[] = [];
  for (const line of text.split('\n')) {
    const [, pid = '', rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const unfinished = /^(.*) <unfinished \.\.\.>$/.exec(rest)?.[1];
    if (unfinished !== undefined) {
      pending.set(pid, unfinished);
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest)?.[1];
    const whole = resumed === undefined ? rest : `${pending.get(pid) ?? ''}${resumed}`;
    const [, name = '', words = '', result = ''] = /^(\w+)\((.*)\)\s+= (.*)$/.exec(whole) ?? [];
    if (name === '' || result.startsWith('-1')) continue;
    const paths = [...words.matchAll(/"([^"]*)"|\d+<([^>]*)>/g)].map(([, path, behind]) => path ?? behind ?? '');
    calls.push({ name, paths, isWriting: name === 'creat' || /O_(?:WRONLY|RDWR|CREAT)/.test(words) });
  }
  return calls;
}

for (const shareFolders of [false, true]) {
  test(`files are flushed before they are named: the snapshot before its index, a release before \`current\`; ${shareFolders ? 'with' : 'without'} shared folders`, async (t) => {
    if (!requireTool(t, 'strace')) return;
    const folder = await useFolder(t);
    const store = createSmallStore();
    const registry = await useDemoRegistry(t, { store });
    const [siteDir, stateDir] = [join(folder, 'site'), join(folder, 'state')];
    const program = [process.execPath, join(programDir, 'scripts', 'registry-homepage.ts'), 'refresh'];
    const config = join(folder, 'settings.json');
    const settings = { sources: [{ name: 'main', url: registry.url }], siteDir, stateDir, shareFolders };
    await writeFile(config, JSON.stringify(settings));
    const words = [...program, '--config', config];
    const trace = async (name: string) => {
      const file = join(folder, name);
      const { exitCode, stderr } = await runTool('strace', [
        '-f',
        '-y',
        '-qq',
        '-s',
        '4096',
        '-e',
        `trace=${traced}`,
        '-o',
        file,
        ...words,
      ]);
      assert.equal(exitCode, 0, stderr);
      return decodeTrace(await readFile(file, 'utf8'));
    };
    await trace('first');
    putSmallImage(store, 'base', '1.2', '2026-08-17T00:00:00Z');
    const calls = await trace('second');
    const isBelow = (root: string) => (path: string) => path.startsWith(`${root}/`);
    const find = (what: string, matches: (call: Call) => boolean, from = 0) => {
      const at = calls.findIndex((call, place) => place >= from && matches(call));
      assert.ok(at >= 0, what);
      return at;
    };
    const last = (matches: (call: Call) => boolean) => calls.findLastIndex(matches);
    const renamesTo = (target: string | RegExp) => (call: Call) =>
      call.name.startsWith('rename') &&
      (typeof target === 'string' ? call.paths.at(-1) === target : target.test(call.paths.at(-1) ?? ''));
    const flushes = (path: string) => (call: Call) => call.name === 'fsync' && call.paths[0] === path;

    const snapshot = join(stateDir, 'snapshot');
    const index = find('the index is renamed into place', renamesTo(join(snapshot, 'catalogue.json')));
    const temporary = calls[index]?.paths[0] ?? '';
    const repositories = isBelow(join(snapshot, 'repositories'));
    const written = last((call) => (call.isWriting || call.name.startsWith('rename')) && call.paths.some(repositories));
    assert.ok(written >= 0 && written < index, 'a repository was written, before the index');
    const flushed = find('the snapshot is flushed', (call) => call.name === 'syncfs', written);
    assert.ok(flushed < index, 'all repositories are flushed before the index is renamed');
    assert.ok(find('the index is flushed', flushes(temporary)) < index);
    find('the folder of the index is flushed', flushes(snapshot), index);
    const removed = calls.findIndex((call) => call.name.startsWith('unlink') && call.paths.some(repositories));
    assert.ok(removed > index, 'nothing that the old index names goes before the new one stands');

    const releases = join(siteDir, 'releases');
    const current = find('the switch', renamesTo(join(siteDir, 'current')));
    const release = find('the release gets its name', renamesTo(/\/releases\/\d{8}T\d{6}Z(?:-\d+)?$/));
    const staged = calls[release]?.paths[0] ?? '';
    assert.match(staged, /\.staging-/);
    const lastWritten = last(
      (call) => call.paths.some(isBelow(staged)) && (call.isWriting || /link|rename|truncate/.test(call.name)),
    );
    const siteFlushed = find('the release is flushed', (call) => call.name === 'syncfs', lastWritten);
    assert.ok(lastWritten >= 0 && lastWritten < siteFlushed && siteFlushed < release && release < current);
    const record = find('the record is renamed', renamesTo(/\/releases\/\d{8}T\d{6}Z(?:-\d+)?\.json$/));
    assert.ok(record < release, 'a release has its record before it has its name');
    assert.ok(find('the name of the release is flushed', flushes(releases), release) < current);
    find('the switch is flushed', flushes(siteDir), current);
    const folderOf = calls[release]?.paths.at(-1) ?? '';
    assert.equal(
      last((call) => call.isWriting && call.paths.some(isBelow(folderOf))),
      -1,
      'nothing is written into it later',
    );
  });
}
