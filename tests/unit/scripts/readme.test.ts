/** The README's steps, as far as they can be followed without a machine of one's own. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join, matchesGlob } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { listFiles } from '../../../src/publish/list-files.ts';
import { programDir } from '../../../src/run/program-version.ts';
import { decodeSettings } from '../../../src/settings/settings.ts';
import { requireTool } from '../../support/require-tool.ts';
import { runTool, useFolder } from '../../support/run-program.ts';

const readme = await readFile(join(programDir, 'README.md'), 'utf8');
const steps = /## Install on a server[\s\S]*?```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';

test('the settings of the steps are settings, for the folders that the units name', async () => {
  const yaml = /<<'END'\n([\s\S]*?)\nEND/.exec(steps)?.[1] ?? '';
  const { siteDir, stateDir, sources } = decodeSettings(parse(yaml), '/');
  assert.deepEqual(
    sources.map(({ url }) => url),
    ['http://127.0.0.1:5000'],
  );
  const unit = await readFile(join(programDir, 'scripts/systemd/registry-homepage.service'), 'utf8');
  assert.ok(unit.includes(`\nReadWritePaths=${siteDir}\n`));
  assert.ok(unit.includes(`\nStateDirectory=${stateDir.replace('/var/lib/', '')}\n`));
  assert.ok(unit.includes('--config /etc/registry-homepage.yaml\n'));
});

test('every file that the steps and the guide name is there', async () => {
  const files = (await listFiles(join(programDir, 'scripts'))).map((file) => `scripts/${file}`);
  const named = [...steps.matchAll(/(?:\/opt\/registry-homepage\/|\s)(scripts\/\S+)/g)].map(([, file = '']) => file);
  assert.ok(named.length > 6, named.join(' '));
  for (const pattern of named)
    assert.ok(
      files.some((file) => matchesGlob(file, pattern)),
      pattern,
    );
  const guide = await readFile(join(programDir, 'scripts/README.md'), 'utf8');
  const links = [...guide.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
  assert.ok(links.length > 5);
  for (const link of links) assert.ok(existsSync(join(programDir, 'scripts', link.replace(/#.*$/, ''))), link);
});

test('the user and the folder are what systemd makes of them', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('only root makes users, even elsewhere');
  if (!requireTool(t, 'systemd-sysusers', 'systemd-tmpfiles')) return;
  const root = await useFolder(t);
  for (const folder of ['etc', 'srv']) await mkdir(join(root, folder));
  const units = join(programDir, 'scripts', 'systemd');
  const users = await runTool('systemd-sysusers', [`--root=${root}`, join(units, 'sysusers.conf')]);
  assert.equal(users.exitCode, 0, users.stderr);
  const made = /^registry-homepage:x:(\d+):.*:\/usr\/sbin\/nologin$/m.exec(
    await readFile(join(root, 'etc/passwd'), 'utf8'),
  );
  assert.ok(made !== null && Number(made[1]) < 1000, 'a system user');
  const folders = await runTool('systemd-tmpfiles', [`--root=${root}`, '--create', join(units, 'tmpfiles.conf')]);
  assert.equal(folders.exitCode, 0, folders.stderr);
  const shown = await runTool('stat', ['-c', '%a %u', join(root, 'srv/homepage')]);
  assert.equal(shown.stdout, `755 ${made[1]}\n`);
});
