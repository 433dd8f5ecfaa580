/** The units: what systemd thinks of them, what `install` makes of them, and a run as they would run it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { listFiles } from '../../src/publish/list-files.ts';
import { programDir } from '../../src/run/program-version.ts';
import { requireTool } from '../support/require-tool.ts';
import { runAsUnit } from '../support/run-as-unit.ts';
import { runProgram, runTool, useFolder } from '../support/run-program.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { useDemoRegistry } from '../support/use-server.ts';

const units = join(programDir, 'scripts', 'systemd');

function analyze(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync('systemd-analyze', words, { encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** The lines of a unit that say something, without those that name the instance. */
async function readDirectives(file: string): Promise<readonly string[]> {
  const lines = (await readFile(join(units, file), 'utf8')).split('\n').filter((line) => /^[A-Z[]/.test(line));
  assert.ok(lines.length > 5, file);
  return lines.filter((line) => !/^(?:Description|ExecStart|StateDirectory|ReadWritePaths)=/.test(line));
}

const names = ['registry-homepage', 'registry-homepage-verify'];

for (const service of names.flatMap((name) => [`${name}.service`, `${name}@.service`])) {
  test(`${service} is exposed by 1.5 at most`, (t) => {
    if (!requireTool(t, 'systemd-analyze')) return;
    const { status, stdout, stderr } = analyze('security', '--offline=true', '--threshold=15', join(units, service));
    const score = /Overall exposure level for .*: (\d+\.\d)/.exec(stdout)?.[1];
    assert.ok(score !== undefined && Number(score) <= 1.5, stdout + stderr);
    assert.equal(status, 0);
  });
}

test('the templates say the same as the units', async () => {
  for (const name of names) {
    for (const kind of ['service', 'timer']) {
      assert.deepEqual(await readDirectives(`${name}@.${kind}`), await readDirectives(`${name}.${kind}`));
    }
  }
});

test('the audit runs as the hourly run does, once a week, and fails where something is not sound', async () => {
  const [hourly, weekly] = await Promise.all(names.map((name) => readDirectives(`${name}.service`)));
  const own = /^(?:SuccessExitStatus|TimeoutStartSec)=/;
  assert.deepEqual(
    weekly?.filter((line) => !own.test(line)),
    hourly?.filter((line) => !own.test(line)),
  );
  assert.ok(!weekly?.some((line) => line.startsWith('SuccessExitStatus=')));
  const unit = await readFile(join(units, 'registry-homepage-verify.service'), 'utf8');
  const [, hours] =
    /^ExecStart=.* verify --config \/etc\/registry-homepage\.yaml --max-bytes \S+ --max-duration (\d)h$/m.exec(unit) ??
    [];
  assert.ok(unit.includes(`\nTimeoutStartSec=${Number(hours) + 1}h\n`), 'it ends by itself before it is ended');
  assert.ok((await readDirectives('registry-homepage-verify.timer')).includes('OnCalendar=weekly'));
});

test('the timer is hourly, makes up for what was missed, and has a minute of its own on each host', async (t) => {
  const timer = await readFile(join(units, 'registry-homepage.timer'), 'utf8');
  for (const line of ['OnCalendar=hourly', 'Persistent=true', 'FixedRandomDelay=true', 'RandomizedDelaySec=30min']) {
    assert.ok(timer.split('\n').includes(line), line);
  }
  if (!requireTool(t, 'systemd-analyze')) return;
  assert.equal(analyze('calendar', 'hourly').status, 0);
});

/** A settings file in a folder with spaces, a percent and a dollar sign, and what `install` says and writes. */
async function install(t: TestContext, settings: object, name: string, ...words: readonly string[]) {
  const folder = join(await useFolder(t), 'odd 100% $HOME folder');
  const config = join(folder, `${name}.yaml`);
  await mkdir(folder);
  await writeFile(config, JSON.stringify(settings));
  const output = join(folder, 'units');
  const result = await runProgram(['install', '--systemd', '--config', config, '--output', output, ...words]);
  return { folder, output, result, read: (file: string) => readFile(join(output, file), 'utf8') };
}

const sources = [
  {
    url: 'http://127.0.0.1:5000',
    credentials: { passwordFile: '/run/credentials/registry-homepage.service/password', usernameVariable: 'U' },
  },
];

test('install writes units for a settings file, which systemd finds nothing wrong with', async (t) => {
  const settings = { sources, siteDir: '/srv/images', stateDir: '/var/lib/images' };
  const metrics = '/var/lib/prometheus/node-exporter/images.prom';
  const { folder, output, result, read } = await install(t, settings, 'images', '--metrics-file', metrics);
  assert.equal(result.exitCode, 0, result.stderr);
  assert.match(result.stdout, /systemctl enable --now registry-homepage\.timer/);
  const service = await read('registry-homepage.service');
  const escaped = folder.replaceAll('%', '%%').replaceAll('$', '$$$$');
  assert.match(service, /^ExecStart=.*\/scripts\/registry-homepage\.ts"? refresh --config ".*"? --metrics-file \S+$/m);
  assert.ok(service.includes(`--config "${escaped}/images.yaml"`), 'spaces, percent and dollar signs are escaped');
  assert.match(service, /^ReadWritePaths=\/srv\/images \/var\/lib\/prometheus\/node-exporter$/m);
  assert.match(service, /^StateDirectory=images$/m);
  assert.match(service, /^LoadCredential=password:/m);
  const audit = await read('registry-homepage-verify.service');
  assert.match(audit, /registry-homepage\.ts"? verify --config ".*\/images\.yaml" --max-bytes \S+ --max-duration 6h$/m);
  assert.match(audit, /^ReadWritePaths=$|^StateDirectory=images$/m);
  assert.doesNotMatch(audit, /\/srv\/images|node-exporter/, 'it writes no page');
  assert.match(audit, /^LoadCredential=password:/m);
  assert.match(result.stdout, /systemctl enable --now registry-homepage-verify\.timer/);
  assert.match(await read('tmpfiles.conf'), /^d \/srv\/images 0755 registry-homepage registry-homepage -$/m);
  assert.match(await read('registry-homepage-reload.path'), /^PathChanged=\/srv\/images$/m);
  if (!requireTool(t, 'systemd-analyze')) return;
  const files = (await readdir(output)).filter((file) => /\.(?:service|timer|path)$/.test(file));
  assert.equal(files.length, 7);
  const checked = analyze('verify', ...files.map((file) => join(output, file.replace('failed@', 'failed@x'))));
  assert.deepEqual([checked.status, checked.stderr], [0, '']);
});

test('folders with spaces, percent and dollar signs are theirs in every unit, in tmpfiles.d, and in the lines to type', async (t) => {
  const settings = { sources, siteDir: '/srv/our 100% $HOME images', stateDir: '/var/lib/our $HOME' };
  const { folder, output, result, read } = await install(t, settings, 'images');
  assert.equal(result.exitCode, 0, result.stderr);
  assert.ok(result.stdout.includes(`cp '${output}'/*.service `), result.stdout);
  assert.match(await read('registry-homepage-reload.path'), /^PathChanged=\/srv\/our 100%% \$HOME images$/m);
  const service = await read('registry-homepage.service');
  assert.ok(service.includes('/odd 100%% $$HOME folder/images.yaml"\n'), 'only commands have variables');
  assert.ok(service.includes('\nReadWritePaths="/srv/our 100%% $HOME images"\n'), service);
  assert.ok(service.includes('\nStateDirectory="our $HOME"\n'), service);
  assert.ok(
    (await read('registry-homepage.service')).includes(`\nLoadCredential=password:${folder.replaceAll('%', '%%')}/`),
  );
  if (!requireTool(t, 'systemd-analyze', 'systemd-tmpfiles')) return;
  const files = (await readdir(output)).filter((file) => /\.(?:service|timer|path)$/.test(file));
  const checked = analyze('verify', ...files.map((file) => join(output, file.replace('failed@', 'failed@x'))));
  assert.deepEqual([checked.status, checked.stderr], [0, '']);
  if (process.getuid?.() !== 0) return;
  const root = join(folder, 'root');
  for (const name of ['etc', 'srv']) await mkdir(join(root, name), { recursive: true });
  await writeFile(join(root, 'etc/passwd'), 'registry-homepage:x:990:990::/:/usr/sbin/nologin\n');
  await writeFile(join(root, 'etc/group'), 'registry-homepage:x:990:\n');
  const made = await runTool('systemd-tmpfiles', [`--root=${root}`, '--create', join(output, 'tmpfiles.conf')]);
  assert.deepEqual([made.exitCode, made.stderr], [0, '']);
  assert.ok((await stat(join(root, settings.siteDir))).isDirectory());
});

test('a run may take as long as its settings say, and then has time to publish', async (t) => {
  for (const [deadlineMinutes, timeout] of [
    [45, '75min'],
    [120, '145min'],
  ]) {
    const { read } = await install(t, { sources, deadlineMinutes }, 'images');
    assert.match(await read('registry-homepage.service'), new RegExp(`^TimeoutStartSec=${timeout}$`, 'm'));
  }
});

test('install refuses a user that systemd would not make, and an instance that it would not find', async (t) => {
  for (const option of ['--user', '--instance']) {
    const { result } = await install(t, { sources }, 'images', option, 'two words');
    assert.equal(result.exitCode, 64, result.stderr);
  }
});

test('install writes templates that several registries share', async (t) => {
  const settings = { sources, siteDir: '/srv/homepage/ml', stateDir: '/var/lib/registry-homepage/ml' };
  const { output, result, read } = await install(t, settings, 'ml', '--instance', 'ml');
  assert.equal(result.exitCode, 0, result.stderr);
  const service = await read('registry-homepage@.service');
  assert.match(service, /^ExecStart=.*\/%i\.yaml"?$/m);
  assert.match(service, /^StateDirectory=registry-homepage\/%i$/m);
  assert.match(service, /^ReadWritePaths=\/srv\/homepage\/%i$/m);
  // The unit is that of all instances: a password in it would be handed to every registry.
  assert.doesNotMatch(service, /^LoadCredential=/m);
  for (const unit of ['registry-homepage@ml', 'registry-homepage-verify@ml']) {
    const lines = await read(`${unit}.service.d/10-settings.conf`);
    assert.match(lines, /^\[Service\]\n(?:TimeoutStartSec=75min\n)?LoadCredential=password:\/.*\/ml\.password\n$/);
  }
  assert.ok(result.stdout.includes(`cp -r '${output}'/*.service.d /etc/systemd/system/`), result.stdout);
  assert.match(result.stdout, /Put what the registry asks for into .*\/ml\.password first/);
  // A folder's own entries are watched, and no folder below it: each instance needs a path unit of its own.
  assert.match(await read('registry-homepage-reload@.path'), /^PathChanged=\/srv\/homepage\/%i$/m);
  assert.match(result.stdout, /systemctl enable --now registry-homepage-reload@ml\.path/);
  const shared = await install(t, { ...settings, siteDir: '/srv/homepage' }, 'ml', '--instance', 'ml');
  assert.equal(shared.result.exitCode, 78);
  assert.match(shared.result.stderr, /\/srv\/homepage has no part called ml/);
  if (!requireTool(t, 'systemd-analyze')) return;
  const checked = analyze(
    'verify',
    join(output, 'registry-homepage@ml.service'),
    join(output, 'registry-homepage@ml.timer'),
    join(output, 'registry-homepage-verify@ml.service'),
    join(output, 'registry-homepage-verify@ml.timer'),
    join(output, 'registry-homepage-reload@ml.path'),
  );
  assert.deepEqual([checked.status, checked.stderr], [0, '']);
});

test('a run as the unit would run it: a user without rights, all but two folders read-only', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('only root can take the place of systemd');
  if (!requireTool(t, 'unshare', 'setpriv', 'mount')) return;
  const folder = await useFolder(t);
  await chmod(folder, 0o755);
  const store = createSmallStore(2);
  const registry = await useDemoRegistry(t, { store });
  const [siteDir, stateDir] = [join(folder, 'site'), join(folder, 'state')];
  for (const one of [siteDir, stateDir]) await mkdir(one);
  const config = join(folder, 'settings.yaml');
  await writeFile(config, JSON.stringify({ sources: [{ url: registry.url }], siteDir, stateDir }));
  const unit = await readFile(join(units, 'registry-homepage.service'), 'utf8');
  const [, line = ''] = /^ExecStart=(.*)$/m.exec(unit) ?? [];
  const words = line
    .replaceAll('/opt/registry-homepage/node_modules/.bin/node', process.execPath)
    .replaceAll('/opt/registry-homepage', programDir)
    .replaceAll('/etc/registry-homepage.yaml', config)
    .split(' ');
  for (const expected of [/4 new.*pages written/, /4 unchanged.*site unchanged/]) {
    const result = await runAsUnit(words, { siteDir, stateDir, programDir });
    assert.equal(result.exitCode, 0, result.stderr);
    assert.match(result.stdout, expected);
    assert.equal(result.stderr, '', 'quiet when all is well');
  }
  putSmallImage(store, 'base', '1.2', '2026-08-17T00:00:00Z');
  const third = await runAsUnit(words, { siteDir, stateDir, programDir });
  assert.equal(third.exitCode, 0, third.stderr);
  const files = await listFiles(join(siteDir, 'current'));
  assert.ok(files.length > 10);
  for (const file of files) {
    const { mode } = await stat(join(siteDir, 'current', file));
    assert.equal(mode & 0o444, 0o444, `the web server may read ${file}`);
  }
});

test('a run makes no system call that the unit forbids', async (t) => {
  if (!requireTool(t, 'systemd-analyze', 'strace')) return;
  const folder = await useFolder(t);
  const registry = await useDemoRegistry(t, { store: createSmallStore() });
  const summary = join(folder, 'calls');
  const program = [process.execPath, join(programDir, 'scripts', 'registry-homepage.ts'), 'refresh'];
  const words = ['--registry', registry.url, '--site-dir', join(folder, 'site')];
  const { exitCode, stderr } = await runTool('strace', ['-f', '-qq', '-c', '-o', summary, ...program, ...words]);
  assert.equal(exitCode, 0, stderr);
  const calls = (await readFile(summary, 'utf8'))
    .split('\n')
    .filter((line) => /^\s*\d/.test(line))
    .map((line) => line.trim().split(/\s+/).at(-1) ?? '')
    .filter((name) => name !== 'total');
  assert.ok(calls.includes('syncfs') && calls.includes('execve') && calls.length > 30, calls.join(' '));
  const forbidden = calls.filter((name) => !readAllowedCalls().has(name));
  // It asks for these, and does without them where they are refused; `fchown` is SQLite's, and for root only.
  const optional = ['fchown', 'io_uring_setup', 'io_uring_register', 'io_uring_enter', 'pidfd_open'];
  assert.deepEqual(
    forbidden.filter((name) => !optional.includes(name)),
    [],
  );
});

/** What `SystemCallFilter=@system-service` and `~@privileged @resources` leave. */
function readAllowedCalls(): ReadonlySet<string> {
  const groups = new Map<string, string[]>();
  let group = '';
  for (const line of stripVTControlCharacters(analyze('syscall-filter').stdout).split('\n')) {
    if (line.startsWith('@')) group = line.trimEnd();
    else if (/^\s+[@a-z_]/.test(line)) groups.set(group, [...(groups.get(group) ?? []), line.trim()]);
  }
  const expand = (name: string): readonly string[] =>
    name.startsWith('@') ? (groups.get(name) ?? []).flatMap(expand) : [name];
  const refused = new Set(['@privileged', '@resources'].flatMap(expand));
  const allowed = new Set(['@system-service', '@default'].flatMap(expand).filter((name) => !refused.has(name)));
  assert.ok(allowed.size > 200, 'the groups could be read');
  return allowed;
}
