/** One of the adopters' examples: its own command, run in its own folder, and its web server's file. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { listFiles } from '../../src/publish/list-files.ts';
import { programDir } from '../../src/run/program-version.ts';
import type { ProgramResult } from './run-program.ts';
import { useFolder } from './run-program.ts';
import { useNginx } from './use-nginx.ts';

export interface Example {
  /** Where its files are. */
  readonly folder: string;
  readonly siteDir: string;
  readonly stateDir: string;
  /** Runs the command of its guide as it stands there, but for the two folders that it writes. `registries` is the guide's variable. */
  refresh(registries: string): Promise<ProgramResult>;
  /** A file of nginx's with other texts in place of its own, each of which has to be there. */
  readNginx(file: string, replacements: Readonly<Record<string, string>>): Promise<string>;
  readPage(path: string): Promise<string>;
  /** The files of the site, all its releases, and the state that hold the text. */
  listFilesWith(text: string): Promise<readonly string[]>;
}

/** Takes an example as it is shipped; what it writes goes into a folder that goes when the test ends. */
export async function useExample(t: TestContext, name: string): Promise<Example> {
  const folder = join(programDir, 'scripts', 'examples', name);
  const written = await useFolder(t);
  await chmod(written, 0o755);
  const [siteDir, stateDir, home] = [join(written, 'site'), join(written, 'state'), join(written, 'home')];
  await mkdir(home);
  const guide = await readFile(join(folder, 'README.md'), 'utf8');
  const [command = ''] = [...guide.matchAll(/^npx registry-homepage refresh .*$/gm)].map(([line]) => line);
  assert.ok(
    command?.endsWith(' --config settings.yaml --site-dir ./site --state-dir ./state'),
    'the guide has a command',
  );

  return {
    folder,
    siteDir,
    stateDir,
    refresh: (registries) =>
      runShell(command.replace('./site', siteDir).replace('./state', stateDir), folder, {
        HOME: home,
        REGISTRY_HOMEPAGE_REGISTRY: registries,
      }),
    readNginx: async (file, replacements) => {
      let text = await readFile(join(folder, file), 'utf8');
      for (const [from, to] of Object.entries(replacements)) {
        assert.ok(text.includes(from), `${file} has ${from}`);
        text = text.replaceAll(from, to);
      }
      return text;
    },
    readPage: async (path) => (await readFile(join(siteDir, 'current', path), 'utf8')).replaceAll('\u00a0', ' '),
    listFilesWith: async (text) => {
      const found: string[] = [];
      let read = 0;
      for (const root of [siteDir, stateDir]) {
        for (const file of await listFiles(root)) {
          if (!(await lstat(join(root, file))).isFile()) continue;
          read++;
          if (file.includes(text) || (await readFile(join(root, file))).includes(text)) found.push(file);
        }
      }
      assert.ok(read > 20, `${read} files were looked into`);
      return found;
    },
  };
}

/** What belongs into nginx's http block, for a site at this place. */
export async function readNginxMaps(siteDir: string): Promise<string> {
  const text = await readFile(join(programDir, 'scripts', 'nginx', 'registry-homepage.conf'), 'utf8');
  return text.replaceAll('/srv/homepage', siteDir);
}

/**
 * Serves the example with its own `nginx.conf`, moved to a free port and to the site that was built; `replacements` are what else
 * has to be another's. Resolves to its address; null where there is no nginx.
 */
export async function useExampleServer(
  t: TestContext,
  example: Example,
  replacements: Readonly<Record<string, string>>,
): Promise<string | null> {
  const maps = await readNginxMaps(example.siteDir);
  const ports = await useNginx(t, 1, async ([port]) => {
    const server = await example.readNginx('nginx.conf', {
      'listen 80;': `listen 127.0.0.1:${port};`,
      'listen [::]:80;': '',
      ...replacements,
      '/srv/homepage': example.siteDir,
      '/opt/registry-homepage/scripts/': `${example.folder}/../../`,
    });
    return `${maps}\n${server}`;
  });
  return ports === null ? null : `http://127.0.0.1:${ports[0]}`;
}

/** Follows an address to its end, and says what it led to. */
export async function follow(
  address: string,
): Promise<{ readonly status: number; readonly path: string; readonly text: string }> {
  const response = await fetch(address, { redirect: 'follow' });
  const { pathname } = new URL(response.url);
  return { status: response.status, path: pathname, text: await response.text() };
}

/** Runs a line of a guide. */
export async function runShell(
  line: string,
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<ProgramResult> {
  const child = spawn('sh', ['-c', line], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  }
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, ...texts };
}
