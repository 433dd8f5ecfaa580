/** nginx for one test: its own configuration, on loopback ports that were free a moment ago. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { findTool, requireTool } from './require-tool.ts';
import { useFolder } from './run-program.ts';

/**
 * Starts nginx with the `server` blocks that `toServers` gives for so many free ports, and resolves to the ports. Null when
 * the test was skipped because nginx is not installed: then return from it.
 */
export async function useNginx(
  t: TestContext,
  portCount: number,
  toServers: (ports: readonly number[]) => string | Promise<string>,
): Promise<readonly number[] | null> {
  if (!requireTool(t, 'nginx')) return null;
  const folder = await useFolder(t);
  const ports = await Promise.all(Array.from({ length: portCount }, takeFreePort));
  const config = join(folder, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (what) => `${what}_temp_path ${folder}/${what};`,
  );
  await writeFile(
    config,
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; events {}
     http { access_log off; ${temporary.join(' ')} ${await toServers(ports)} }`,
  );
  const child = spawn(findTool('nginx') ?? 'nginx', ['-c', config, '-e', join(folder, 'error.log')], {
    stdio: 'inherit',
  });
  t.after(async () => {
    if (child.exitCode === null && child.kill()) await once(child, 'exit');
  });
  await Promise.all(ports.map((port) => waitUntilOpen(port, () => child.exitCode !== null)));
  return ports;
}

async function takeFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function waitUntilOpen(port: number, hasEnded: () => boolean): Promise<void> {
  for (;;) {
    if (hasEnded()) throw new Error('nginx ended before it listened');
    const socket = connect(port, '127.0.0.1');
    const opened = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (opened) return;
  }
}
