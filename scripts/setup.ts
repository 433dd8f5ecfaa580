/**
 * Installs what the tests need besides npm packages: a real registry, a real browser, and the tools that check one with the
 * other. Says first what it will do; where it may not, it prints the one command that does it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from './launch-browser.ts';

interface Tool {
  readonly name: string;
  readonly why: string;
  readonly isThere: () => boolean;
  readonly debian: string;
}

const tools: readonly Tool[] = [
  {
    name: 'docker-registry',
    why: 'the real registry that the tests crawl',
    isThere: () => isOnPath('docker-registry'),
    debian: 'docker-registry',
  },
  {
    name: 'skopeo',
    why: 'an independent reader, to compare with what the site says',
    isThere: () => isOnPath('skopeo'),
    debian: 'skopeo',
  },
  {
    name: 'podman',
    why: 'a tool that pulls, to run the commands of the pages',
    isThere: () => isOnPath('podman'),
    debian: 'podman',
  },
  {
    name: 'nginx',
    why: 'the web server that registries stand behind',
    isThere: () => isOnPath('nginx') || existsSync('/usr/sbin/nginx'),
    debian: 'nginx-light',
  },
  {
    name: 'rsync',
    why: 'how the example of two hosts brings the one what the other learnt',
    isThere: () => isOnPath('rsync'),
    debian: 'rsync',
  },
  {
    name: 'curl',
    why: 'what the example check for monitors asks with',
    isThere: () => isOnPath('curl'),
    debian: 'curl',
  },
  {
    name: 'systemd-analyze',
    why: 'what systemd says of the units that it is to run',
    isThere: () => isOnPath('systemd-analyze'),
    debian: 'systemd',
  },
  {
    name: 'strace',
    why: 'in which order a run writes, flushes and renames',
    isThere: () => isOnPath('strace'),
    debian: 'strace',
  },
  {
    name: 'chromium',
    why: 'the real browser that the tests open the site in',
    isThere: () => findChromium() !== null,
    debian: 'chromium',
  },
];

const missing = tools.filter((tool) => !tool.isThere());
for (const tool of tools) {
  console.log(`${missing.includes(tool) ? 'missing ' : 'present '} ${tool.name}: ${tool.why}`);
}
if (missing.length === 0) console.log('Nothing to install.');
else install(missing);

function install(wanted: readonly Tool[]): void {
  const packages = wanted.map(({ debian }) => debian);
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const isRoot = process.getuid?.() === 0;
  if (!isOnPath('apt-get') || !isRoot) {
    const line = isOnPath('apt-get') ? `sudo apt-get update && sudo ${command}` : describeElsewhere(wanted);
    console.log(
      `Not installed, for want of ${isOnPath('apt-get') ? 'root rights' : 'apt'}. Run this once:\n\n  ${line}\n`,
    );
    console.log('Without them the tests that need them are skipped, each with a line that says so.');
    return;
  }
  console.log(`Installing with apt: ${packages.join(', ')}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const [program, ...words] of [['apt-get', 'update', '-q'], command.split(' ')]) {
    const { status } = spawnSync(program ?? '', words, { stdio: 'inherit', env: environment });
    if (status !== 0) {
      console.error(`${program} ${words.join(' ')} failed (exit ${status}).`);
      process.exit(1);
    }
  }
  const still = wanted.filter((tool) => !tool.isThere()).map(({ name }) => name);
  if (still.length > 0) {
    console.error(`Installed, and still not found: ${still.join(', ')}.`);
    process.exit(1);
  }
}

function describeElsewhere(wanted: readonly Tool[]): string {
  const brewed = wanted.filter(({ name }) => !['chromium', 'systemd-analyze', 'strace'].includes(name));
  const lines = brewed.map(({ name }) => `brew install ${name}`);
  if (wanted.some(({ name }) => name === 'chromium')) lines.push('npx playwright install chromium');
  return lines.join(' && ');
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => folder !== '' && existsSync(`${folder}/${program}`));
}
