/** A real nginx for tests, on loopback ports, with a configuration of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { findTool, requireTool } from './require-tool.ts';

export interface Nginx {
  /** The addresses of its servers, in the order of the configuration. */
  readonly urls: readonly string[];
}

/**
 * Starts nginx with `servers(ports, folder)` as the inside of its `http` block, and resolves when it listens. Null when the test was
 * skipped because nginx is not installed: then return from it.
 */
export async function useNginx(
  t: TestContext,
  serverCount: number,
  servers: (ports: readonly number[], folder: string) => string | Promise<string>,
): Promise<Nginx | null> {
  if (!requireTool(t, 'nginx')) return null;
  const folder = await mkdtemp(join(tmpdir(), 'nginx-'));
  const ports = await pickFreePorts(serverCount);
  const config = join(folder, 'nginx.conf');
  await writeFile(config, toConfig(folder, await servers(ports, folder)));
  const child = spawn(findTool('nginx') ?? 'nginx', ['-p', folder, '-c', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  t.after(async () => {
    if (child.exitCode === null && child.kill('SIGQUIT')) await once(child, 'exit');
    await rm(folder, { recursive: true, force: true });
  });
  await untilReady(child, folder);
  return { urls: ports.map((port) => `http://127.0.0.1:${port}`) };
}

function toConfig(folder: string, servers: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `  ${kind}_temp_path ${folder}/${kind};`)
    .join('\n');
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr notice;
events { worker_connections 256; }
http {
  access_log off;
  types { text/html html; application/json json; text/css css; application/javascript js; image/svg+xml svg; }
${temporary}
${servers}
}
`;
}

/** nginx says on its error log when it has begun; by then it listens. */
async function untilReady(child: ChildProcess, folder: string): Promise<void> {
  let log = '';
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`nginx in ${folder} ended with ${code}:\n${log}`)));
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      log += chunk;
      if (/start worker process|OS: Linux|built by/.test(log)) resolve();
    });
  });
}

async function pickFreePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(async (server) => {
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : 0;
    }),
  );
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
