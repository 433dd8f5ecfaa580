/** A real registry for tests: Debian's `docker-registry` 2.8 on a loopback port, with its own configuration and storage. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTool } from './require-tool.ts';

export interface DockerRegistryOptions {
  /** Where it keeps its content; default: a new folder, which goes when the registry is closed. */
  readonly storageDir?: string;
  /** Settings as the registry reads them from its environment, such as `REGISTRY_STORAGE_MAINTENANCE_READONLY`. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface DockerRegistry {
  readonly url: string;
  readonly storageDir: string;
  /** For other commands of the program: `docker-registry garbage-collect <configFile>`. */
  readonly configFile: string;
  close(): Promise<void>;
}

/** Starts it and resolves when it listens. Rejects with the end of its log when it does not; null when it is not installed. */
export async function startDockerRegistry(options: DockerRegistryOptions = {}): Promise<DockerRegistry | null> {
  const program = findTool('docker-registry');
  if (program === null) return null;

  const folder = await mkdtemp(join(tmpdir(), 'docker-registry-'));
  const storageDir = options.storageDir ?? join(folder, 'storage');
  const configFile = join(folder, 'config.yml');
  await mkdir(storageDir, { recursive: true });
  await writeFile(configFile, toConfig(storageDir));

  const child = spawn(program, ['serve', configFile], {
    env: { PATH: process.env['PATH'], ...options.environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const killWithUs = (): boolean => child.kill('SIGKILL');
  process.once('exit', killWithUs);

  const close = async (): Promise<void> => {
    process.off('exit', killWithUs);
    if (child.exitCode === null && child.signalCode === null && child.kill()) await once(child, 'exit');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { url: await readAddress(child), storageDir, configFile, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** JSON is YAML. Foreign layers may name any address: the program refuses all unless told. */
function toConfig(storageDir: string): string {
  return JSON.stringify({
    version: 0.1,
    log: { level: 'info', formatter: 'json', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: storageDir },
      delete: { enabled: true },
      cache: { blobdescriptor: 'inmemory' },
    },
    http: { addr: '127.0.0.1:0' },
    validation: { manifests: { urls: { allow: ['^https?://'] } } },
  });
}

/** The system picks the port, and the program's log says which. */
function readAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      reject(new Error(`docker-registry ended with ${code ?? signal} before it listened:\n${log.slice(-2000)}`));
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      // It goes on logging every request; only what comes before the address matters.
      if (log.length < 100_000) log += text;
      const address = /listening on (127\.0\.0\.1:\d+)/.exec(log)?.[1];
      if (address) resolve(`http://${address}`);
    });
  });
}
