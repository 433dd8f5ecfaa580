/**
 * Credentials as Docker, Podman and skopeo keep them.
 *
 * @see https://github.com/containers/image/blob/v5.36.0/docs/containers-auth.json.5.md
 * @see https://github.com/docker/docker-credential-helpers/blob/v0.9.3/README.md#development
 */
import { spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { anonymous, type Credentials } from './credentials.ts';
import { CredentialsError, HelperFailedError } from './credentials-error.ts';
import {
  type DockerConfig,
  dockerConfigSchema,
  type HelperAnswer,
  helperAnswerSchema,
} from './docker-config.schema.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const helperTimeoutMs = 30_000;

/**
 * The credentials for `host` from `REGISTRY_AUTH_FILE`, or else `$DOCKER_CONFIG/config.json`, or else from the first that has
 * some of Podman's two files (what a login wrote, which goes when the machine stops, and what somebody keeps in
 * `~/.config/containers/auth.json`) and `~/.docker/config.json`. Helper programs win over what a file itself holds. Anonymous
 * where nothing names the host. A host without a port may be named with `defaultPort`, too, which is that of its scheme.
 *
 * Throws a `CredentialsError` when a file or a helper that should know cannot be used, a `HelperFailedError` when a helper can be
 * and fails; they never quote a value.
 */
export async function readDockerCredentials(
  host: string,
  environment: Environment,
  defaultPort = 443,
): Promise<Credentials> {
  const keys = listKeys(host, defaultPort);
  for (const file of listConfigFiles(environment)) {
    const text = await readIfThere(file.path);
    if (text === null) {
      if (file.required) throw new CredentialsError(`${file.path} cannot be read`, 'REGISTRY_AUTH_FILE names it.');
      continue;
    }
    const found = await fromConfig(decodeConfig(text, file.path), keys, file.path, environment);
    if (found.kind !== 'anonymous') return found;
  }
  return anonymous;
}

function listConfigFiles(environment: Environment): readonly { path: string; required: boolean }[] {
  const { REGISTRY_AUTH_FILE, DOCKER_CONFIG, XDG_RUNTIME_DIR, XDG_CONFIG_HOME, HOME } = environment;
  if (REGISTRY_AUTH_FILE) return [{ path: REGISTRY_AUTH_FILE, required: true }];
  if (DOCKER_CONFIG) return [{ path: join(DOCKER_CONFIG, 'config.json'), required: false }];
  const uid = process.getuid?.();
  const configHome = XDG_CONFIG_HOME || (HOME ? join(HOME, '.config') : null);
  const paths = [
    // Where nobody is logged in, as for root and in cron, Podman writes into a folder by the user's number.
    ...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, 'containers')] : uid === undefined ? [] : [`/run/containers/${uid}`]),
    ...(configHome === null ? [] : [join(configHome, 'containers')]),
  ].map((folder) => join(folder, 'auth.json'));
  if (HOME) paths.push(join(HOME, '.docker', 'config.json'));
  return paths.map((path) => ({ path, required: false }));
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    // Where even the folder is another user's, as the one that Podman made for root, there is nothing of ours.
    if (code === 'EACCES' && !(await canBeSeen(path))) return null;
    throw new CredentialsError(`${path} cannot be read (${code})`, 'Check the rights of the file.', { cause });
  }
}

async function canBeSeen(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function decodeConfig(text: string, path: string): DockerConfig {
  try {
    return dockerConfigSchema.parse(JSON.parse(text));
  } catch {
    throw new CredentialsError(`${path} is not a credentials file`, 'It should be what `docker login` writes.');
  }
}

async function fromConfig(
  config: DockerConfig,
  keys: readonly [string, ...string[]],
  path: string,
  environment: Environment,
): Promise<Credentials> {
  const [host] = keys;
  const helperKey = keys.find((key) => config.credHelpers?.[key]);
  const helper = helperKey === undefined ? config.credsStore : config.credHelpers?.[helperKey];
  const entries = Object.entries(config.auths ?? {});
  const [entryKey, entry] = keys.flatMap((key) => entries.filter(([name]) => toHostKey(name) === key))[0] ?? [];
  if (helper) {
    const found = await askHelper(helper, entryKey ?? helperKey ?? host, environment);
    if (found !== null) return found;
  }
  if (!entry) return anonymous;
  if (entry.registrytoken) return { kind: 'token', token: entry.registrytoken };
  if (entry.identitytoken) return { kind: 'identity', refreshToken: entry.identitytoken };
  if (entry.username && entry.password) return { kind: 'password', username: entry.username, password: entry.password };
  if (!entry.auth) return anonymous;
  const decoded = Buffer.from(entry.auth, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 1)
    throw new CredentialsError(`${path}: the entry for ${host} is broken`, 'Log in again to write it anew.');
  return {
    kind: 'password',
    username: decoded.slice(0, colon),
    password: decoded.slice(colon + 1).replace(/\0+$/, ''),
  };
}

/** By what names a host stands there, the best first. Docker Hub's entry stands under the address of its first API. */
function listKeys(host: string, defaultPort: number): readonly [string, ...string[]] {
  if (host === 'registry-1.docker.io' || host === 'docker.io') return [host, 'docker.io', 'index.docker.io'];
  return /:\d+$/.test(host) ? [host] : [host, `${host}:${defaultPort}`];
}

function toHostKey(key: string): string {
  return key
    .replace(/^https?:\/\//, '')
    .replace(/\/v[12]\/?$/, '')
    .replace(/\/$/, '');
}

/** Asks `docker-credential-<helper> get`. Null where it does not know the host: some say so by a user and a secret that are empty. */
async function askHelper(helper: string, serverUrl: string, environment: Environment): Promise<Credentials | null> {
  if (!/^[A-Za-z0-9._-]+$/.test(helper)) {
    throw new CredentialsError('the credential helper has an impossible name', 'Check credsStore and credHelpers.');
  }
  const program = `docker-credential-${helper}`;
  const { exitCode, output } = await runHelper(program, serverUrl, environment);
  if (exitCode !== 0) {
    if (/credentials not found/i.test(output)) return null;
    throw new HelperFailedError(`${program} failed (exit ${exitCode})`, `Try: echo ${serverUrl} | ${program} get`);
  }
  let answer: HelperAnswer;
  try {
    answer = helperAnswerSchema.parse(JSON.parse(output));
  } catch {
    throw new HelperFailedError(`${program} answered something unreadable`, `Try: echo ${serverUrl} | ${program} get`);
  }
  if (answer.Username === '' && answer.Secret === '') return null;
  return answer.Username === '<token>'
    ? { kind: 'identity', refreshToken: answer.Secret }
    : { kind: 'password', username: answer.Username, password: answer.Secret };
}

function runHelper(program: string, input: string, environment: Environment) {
  return new Promise<{ exitCode: number | null; output: string }>((resolve, reject) => {
    // Not spawn's own time-out: after a failed start its timer would hold the process for all that time.
    const signal = AbortSignal.timeout(helperTimeoutMs);
    const child = spawn(program, ['get'], { env: { ...environment }, stdio: ['pipe', 'pipe', 'ignore'], signal });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output = (output + chunk).slice(0, 65_536);
    });
    child.on('error', (cause) => {
      if (signal.aborted) {
        const problem = `${program} does not answer within ${helperTimeoutMs / 1000} s`;
        reject(new HelperFailedError(problem, `Try: echo ${input} | ${program} get`, { cause }));
      } else {
        reject(new CredentialsError(`${program} cannot be run`, 'Is it installed and on the PATH?', { cause }));
      }
    });
    child.on('close', (exitCode) => resolve({ exitCode, output }));
    child.stdin.on('error', () => undefined).end(input);
  });
}
