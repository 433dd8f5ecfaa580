import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import type { Credentials } from '../../../src/registry/credentials.ts';
import { CredentialsError } from '../../../src/registry/credentials-error.ts';
import { readDockerCredentials } from '../../../src/registry/docker-credentials.ts';
import { useFolder } from '../../support/run-program.ts';

const host = 'registry.example:5000';
const encode = (text: string) => Buffer.from(text).toString('base64');
const reader: Credentials = { kind: 'password', username: 'reader', password: 'p:w-secret' };

/** A home with `~/.docker/config.json`, and credential helpers (shell scripts) on its own PATH. */
async function useHome(t: TestContext, config: unknown, helpers: Readonly<Record<string, string>> = {}) {
  const home = await useFolder(t);
  await mkdir(join(home, '.docker'));
  await mkdir(join(home, 'bin'));
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  if (config !== null) await writeFile(join(home, '.docker', 'config.json'), text);
  for (const [name, script] of Object.entries(helpers)) {
    const file = join(home, 'bin', `docker-credential-${name}`);
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
  }
  return { HOME: home, PATH: [join(home, 'bin'), '/usr/bin', '/bin'].join(delimiter) };
}

const entries: readonly (readonly [name: string, config: object, expected: Credentials])[] = [
  ['an entry', { auths: { [host]: { auth: encode('reader:p:w-secret') } } }, reader],
  ['an address', { auths: { [`https://${host}/v2/`]: { auth: encode('reader:p:w-secret') } } }, reader],
  ['an address of the first API', { auths: { [`http://${host}/v1/`]: { auth: encode('reader:p:w-secret') } } }, reader],
  ['an entry that ends in NULs', { auths: { [host]: { auth: encode('reader:p:w-secret\0\0') } } }, reader],
  ['user and password apart', { auths: { [host]: { username: 'reader', password: 'p:w-secret' } } }, reader],
  [
    'an identity token',
    { auths: { [host]: { auth: encode('0:'), identitytoken: 'I-secret' } } },
    { kind: 'identity', refreshToken: 'I-secret' },
  ],
  ['a registry token', { auths: { [host]: { registrytoken: 'R-secret' } } }, { kind: 'token', token: 'R-secret' }],
  ['an empty entry', { auths: { [host]: {} } }, { kind: 'anonymous' }],
  ['another host', { auths: { 'registry.example': { auth: encode('a:b') } } }, { kind: 'anonymous' }],
  ['nothing of use', { credHelpers: null, auths: null, HttpHeaders: { 'User-Agent': 'x' } }, { kind: 'anonymous' }],
  ['nothing', {}, { kind: 'anonymous' }],
];

describe('~/.docker/config.json', () => {
  for (const [name, config, expected] of entries) {
    it(name, async (t) => assert.deepEqual(await readDockerCredentials(host, await useHome(t, config)), expected));
  }

  it('may name the port that goes without saying, and the plain host wins', async (t) => {
    const entry = (user: string) => ({ auth: encode(`${user}:p:w-secret`) });
    const environment = await useHome(t, { auths: { 'https://registry.example:443': entry('reader') } });
    assert.deepEqual(await readDockerCredentials('registry.example', environment), reader);
    assert.deepEqual(await readDockerCredentials('registry.example', environment, 80), { kind: 'anonymous' });
    const auths = { 'registry.example:443': entry('other'), 'registry.example': entry('reader') };
    assert.deepEqual(await readDockerCredentials('registry.example', await useHome(t, { auths })), reader);
  });

  it('is not needed', async (t) => {
    assert.deepEqual(await readDockerCredentials(host, await useHome(t, null)), { kind: 'anonymous' });
    assert.deepEqual(await readDockerCredentials(host, {}), { kind: 'anonymous' });
  });

  it('has Docker Hub under its old address', async (t) => {
    const environment = await useHome(t, {
      auths: { 'https://index.docker.io/v1/': { auth: encode('reader:p:w-secret') } },
    });
    assert.deepEqual(await readDockerCredentials('registry-1.docker.io', environment), reader);
  });

  for (const config of [
    '{',
    '[]',
    '{"auths": {"registry.example:5000": {"auth": 7}}}',
    '"P-secret"',
    '{"auths": P-secret',
  ]) {
    it(`is refused when it is ${config}, without a word of what it holds`, async (t) => {
      const error = await readDockerCredentials(host, await useHome(t, config)).catch((reason: unknown) => reason);
      assert.ok(error instanceof CredentialsError);
      assert.match(error.message, /config\.json is not a credentials file/);
      assert.doesNotMatch(inspect(error, { depth: null, showHidden: true }), /P-secret/);
    });
  }

  it('names the entry that is broken', async (t) => {
    const environment = await useHome(t, { auths: { [host]: { auth: encode('no-colon-secret') } } });
    const error = await readDockerCredentials(host, environment).catch((reason: unknown) => reason);
    assert.ok(error instanceof CredentialsError);
    assert.match(error.message, /registry\.example:5000 is broken/);
    assert.doesNotMatch(inspect(error, { depth: null, showHidden: true }), /no-colon/);
  });
});

describe('other places', () => {
  it('REGISTRY_AUTH_FILE wins, and has to be there', async (t) => {
    const environment = await useHome(t, { auths: { [host]: { auth: encode('wrong:wrong') } } });
    const file = join(environment.HOME, 'auth.json');
    const named = { ...environment, REGISTRY_AUTH_FILE: file };
    await assert.rejects(readDockerCredentials(host, named), { code: 'CREDENTIALS_UNREADABLE' });
    await writeFile(file, JSON.stringify({ auths: { [host]: { auth: encode('reader:p:w-secret') } } }));
    assert.deepEqual(await readDockerCredentials(host, named), reader);
  });

  it('DOCKER_CONFIG names the folder', async (t) => {
    const environment = await useHome(t, { auths: { [host]: { auth: encode('reader:p:w-secret') } } });
    const elsewhere = { DOCKER_CONFIG: join(environment.HOME, '.docker') };
    assert.deepEqual(await readDockerCredentials(host, elsewhere), reader);
  });

  it("Podman's file comes before Docker's, which is read for the hosts that it does not have", async (t) => {
    const environment = await useHome(t, { auths: { [host]: { auth: encode('reader:p:w-secret') } } });
    const runtime = join(environment.HOME, 'run');
    await mkdir(join(runtime, 'containers'), { recursive: true });
    const file = join(runtime, 'containers', 'auth.json');
    await writeFile(file, JSON.stringify({ auths: { 'other.example': { auth: encode('a:b') } } }));
    const both = { ...environment, XDG_RUNTIME_DIR: runtime };
    assert.deepEqual(await readDockerCredentials(host, both), reader);
    assert.deepEqual(await readDockerCredentials('other.example', both), {
      kind: 'password',
      username: 'a',
      password: 'b',
    });
  });

  it("Podman's lasting file is read after the one of its logins, and before Docker's", async (t) => {
    const named = (username: string) => ({ auths: { [host]: { auth: encode(`${username}:p:w-secret`) } } });
    const environment = await useHome(t, named('docker'));
    const folders = {
      XDG_CONFIG_HOME: join(environment.HOME, 'config'),
      XDG_RUNTIME_DIR: join(environment.HOME, 'run'),
    };
    const places: readonly (readonly [folder: string, more: Readonly<Record<string, string>>])[] = [
      [join(environment.HOME, '.config'), {}],
      [folders.XDG_CONFIG_HOME, folders],
      [folders.XDG_RUNTIME_DIR, folders],
    ];
    for (const [folder, more] of places) {
      await mkdir(join(folder, 'containers'), { recursive: true });
      await writeFile(join(folder, 'containers', 'auth.json'), JSON.stringify(named(folder)));
      const found = await readDockerCredentials(host, { ...environment, ...more });
      assert.deepEqual(found, { ...reader, username: folder });
    }
  });

  it('a file that may not be read is an error that says so', async (t) => {
    const environment = await useHome(t, null);
    await mkdir(join(environment.HOME, '.docker', 'config.json'));
    await assert.rejects(readDockerCredentials(host, environment), /config\.json cannot be read \(EISDIR\)/);
  });
});

describe('credential helpers', () => {
  const answer = (username: string) =>
    `[ "$1" = get ] && server=$(cat) && echo '{"ServerURL":"'$server'","Username":"${username}","Secret":"p:w-secret"}'`;

  it('credHelpers names one for a host', async (t) => {
    const environment = await useHome(t, { credHelpers: { [host]: 'fake' } }, { fake: answer('reader') });
    assert.deepEqual(await readDockerCredentials(host, environment), reader);
  });

  it('is asked by the name that it stands there for', async (t) => {
    const script = `[ "$(cat)" = registry.example:443 ] && echo '{"Username":"reader","Secret":"p:w-secret"}'`;
    const environment = await useHome(t, { credHelpers: { 'registry.example:443': 'fake' } }, { fake: script });
    assert.deepEqual(await readDockerCredentials('registry.example', environment), reader);
  });

  it('one that answers with nothing does not know the host', async (t) => {
    const config = { credsStore: 'fake', auths: { [host]: { auth: encode('reader:p:w-secret') } } };
    const fake = `echo '{"ServerURL":"","Username":"","Secret":""}'`;
    assert.deepEqual(await readDockerCredentials(host, await useHome(t, config, { fake })), reader);
    const environment = await useHome(t, { credsStore: 'fake' }, { fake });
    assert.deepEqual(await readDockerCredentials(host, environment), { kind: 'anonymous' });
  });

  it('credsStore names one for all, and wins over the entry', async (t) => {
    const config = { credsStore: 'fake', auths: { [`https://${host}`]: { auth: encode('old:old') } } };
    const script = `server=$(cat); [ "$server" = "https://${host}" ] && echo '{"Username":"reader","Secret":"p:w-secret"}'`;
    assert.deepEqual(await readDockerCredentials(host, await useHome(t, config, { fake: script })), reader);
  });

  it('the one for the host wins over the one for all', async (t) => {
    const config = { credsStore: 'broken', credHelpers: { [host]: 'fake' } };
    const environment = await useHome(t, config, { fake: answer('reader'), broken: 'exit 3' });
    assert.deepEqual(await readDockerCredentials(host, environment), reader);
  });

  it('a secret of the user <token> is an identity token', async (t) => {
    const environment = await useHome(t, { credsStore: 'fake' }, { fake: answer('<token>') });
    assert.deepEqual(await readDockerCredentials(host, environment), { kind: 'identity', refreshToken: 'p:w-secret' });
  });

  it('one that does not know the host leaves the entry', async (t) => {
    const config = { credsStore: 'fake', auths: { [host]: { auth: encode('reader:p:w-secret') } } };
    const script = 'echo "credentials not found in native keychain"; exit 1';
    assert.deepEqual(await readDockerCredentials(host, await useHome(t, config, { fake: script })), reader);
    const environment = await useHome(t, { credsStore: 'fake' }, { fake: script });
    assert.deepEqual(await readDockerCredentials(host, environment), { kind: 'anonymous' });
  });

  const failures: readonly (readonly [name: string, script: string | null, problem: RegExp])[] = [
    ['is not installed', null, /docker-credential-fake cannot be run/],
    ['fails', 'echo "S-secret trouble"; echo S-secret >&2; exit 2', /docker-credential-fake failed \(exit 2\)/],
    ['answers something else', 'echo S-secret', /docker-credential-fake answered something unreadable/],
    ['answers half', `echo '{"Username": "S-secret"'`, /docker-credential-fake answered something unreadable/],
    ['does not read what it is asked', 'exec 0<&-; exit 4', /docker-credential-fake failed \(exit 4\)/],
  ];
  for (const [name, script, problem] of failures) {
    it(`one that ${name} is an error, without a word of what it said`, async (t) => {
      const environment = await useHome(t, { credsStore: 'fake' }, script === null ? {} : { fake: script });
      const error = await readDockerCredentials(host, environment).catch((reason: unknown) => reason);
      assert.ok(error instanceof CredentialsError);
      assert.match(error.message, problem);
      assert.doesNotMatch(inspect(error, { depth: null, showHidden: true }), /S-secret/);
    });
  }

  it('one whose name is a path is not run', async (t) => {
    const environment = await useHome(t, { credsStore: '../../tmp/evil' });
    await assert.rejects(readDockerCredentials(host, environment), /impossible name/);
  });
});
