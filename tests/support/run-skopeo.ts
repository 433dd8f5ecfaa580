/** Debian's `skopeo`: a client that is not ours, to read back what ours says. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const insecure: Readonly<Record<string, readonly string[]>> = {
  copy: ['--src-tls-verify=false', '--dest-tls-verify=false'],
  delete: ['--tls-verify=false'],
  inspect: ['--tls-verify=false'],
  'list-tags': ['--tls-verify=false'],
};

/** Runs a skopeo command against registries without TLS and resolves to its standard output, byte for byte. */
export async function runSkopeo(command: keyof typeof insecure & string, ...args: readonly string[]): Promise<string> {
  const flags = ['--insecure-policy', command, ...(insecure[command] ?? []), ...args];
  const { stdout } = await promisify(execFile)('skopeo', flags, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** How skopeo names what a registry at `url` holds; `reference` is a tag or a digest. */
export function toSkopeoReference(url: string, name: string, reference: string): string {
  return `docker://${new URL(url).host}/${name}${reference.includes(':') ? '@' : ':'}${reference}`;
}
