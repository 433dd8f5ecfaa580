import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { closeSources } from '../../../src/crawl/crawl-source.ts';
import { openSources } from '../../../src/run/open-sources.ts';
import { programVersion } from '../../../src/run/program-version.ts';
import { decodeSettings } from '../../../src/settings/settings.ts';
import { useFolder } from '../../support/run-program.ts';
import { app, never, readListing, rejection } from '../../support/use-client.ts';
import { useScriptedServer } from '../../support/use-server.ts';

type Environment = Readonly<Record<string, string>>;

async function open(t: TestContext, settings: object, environment: Environment = {}, folder = '/nonexistent') {
  const sources = await openSources(decodeSettings(settings, folder), { environment, clock: () => 0, firstWaitMs: 1 });
  t.after(() => closeSources(sources));
  return sources;
}

/** The `Authorization` that a source sends when it is asked for some. */
async function readAuthorization(t: TestContext, credentials: object | undefined, environment: Environment = {}) {
  const server = await useScriptedServer(t);
  const path = '/v2/team/app/tags/list';
  server.script(
    { path, respond: { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="r"' } } },
    { path: () => true, times: 'always', respond: { json: { name: 'team/app', tags: [] } } },
  );
  const own = { url: server.url, ...(credentials === undefined ? {} : { credentials }) };
  const named = { ...environment };
  if ('DOCKER_CONFIG' in named) await writeDockerConfig(named['DOCKER_CONFIG'] ?? '', new URL(server.url).host);
  const [source] = await open(t, { sources: [own] }, named);
  await readListing(source?.client.listTags(app, never) ?? assert.fail()).catch(() => undefined);
  await fetch(`${server.url}/done`);
  return server.requests.filter((request) => request.path === path).at(-1)?.headers.authorization;
}

async function writeDockerConfig(folder: string, host: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'config.json'),
    JSON.stringify({ auths: { [host]: { username: 'docker', password: 'd' } } }),
  );
}

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('credentials', () => {
  it('come from variables', async (t) => {
    const names = { usernameVariable: 'A', passwordVariable: 'B' };
    assert.equal(await readAuthorization(t, names, { A: 'user', B: 'p:w ' }), basic('user:p:w '));
  });

  it('come from files, as systemd hands them over, one line break at their end or none', async (t) => {
    const folder = await useFolder(t);
    const [user, password] = [join(folder, 'user'), join(folder, 'password')];
    await writeFile(user, 'user\n');
    await writeFile(password, ' p w \r\n');
    assert.equal(await readAuthorization(t, { usernameFile: user, passwordFile: password }), basic('user: p w '));
    await writeFile(password, 'pw');
    assert.equal(
      await readAuthorization(t, { usernameFile: user, passwordVariable: 'P' }, { P: 'x' }),
      basic('user:x'),
    );
  });

  it('come from the folder of the unit that runs, whichever unit the settings name', async (t) => {
    const CREDENTIALS_DIRECTORY = await useFolder(t);
    await writeFile(join(CREDENTIALS_DIRECTORY, 'password'), 'pw');
    const names = { usernameVariable: 'U', passwordFile: '/run/credentials/registry-homepage.service/password' };
    assert.equal(await readAuthorization(t, names, { U: 'user', CREDENTIALS_DIRECTORY }), basic('user:pw'));
    const sources = [{ url: 'http://localhost:1', credentials: names }];
    await assert.rejects(open(t, { sources }, { U: 'user' }), /registry-homepage\.service\/password cannot be read/);
  });

  it('that a helper does not give this time leave their source unasked, and no other', async (t) => {
    const [closed, open_] = [await useScriptedServer(t), await useScriptedServer(t)];
    open_.script({ path: () => true, times: 'always', respond: { json: { name: 'team/app', tags: ['1.0'] } } });
    const folder = await useFolder(t);
    const helper = join(folder, 'docker-credential-ours');
    await writeFile(helper, '#!/bin/sh\necho "S-secret: no network"; exit 1\n', { mode: 0o755 });
    const host = new URL(closed.url).host;
    await writeFile(join(folder, 'config.json'), JSON.stringify({ credHelpers: { [host]: 'ours' } }));
    const sources = [
      { name: 'closed', url: closed.url },
      { name: 'open', url: open_.url },
    ];
    const environment = { DOCKER_CONFIG: folder, PATH: `${folder}:${process.env['PATH']}` };
    const [first, second] = await open(t, { sources }, environment);
    const listing = readListing(first?.client.listTags(app, never) ?? assert.fail());
    const error = await rejection(listing, 'NO_CREDENTIALS');
    assert.match(
      error.message,
      /docker-credential-ours failed \(exit 1\)\. Try: echo .* \| docker-credential-ours get/,
    );
    assert.doesNotMatch(inspect(error), /S-secret/);
    assert.equal(closed.requests.length, 0);
    assert.deepEqual((await readListing(second?.client.listTags(app, never) ?? assert.fail())).entries, ['1.0']);
  });

  it('may be a token', async (t) => {
    const file = join(await useFolder(t), 'token');
    await writeFile(file, 'T-1\n');
    assert.equal(await readAuthorization(t, { tokenFile: file }), 'Bearer T-1');
    assert.equal(await readAuthorization(t, { tokenVariable: 'T' }, { T: 'T-2' }), 'Bearer T-2');
  });

  it("are Docker's own where settings say nothing, and nobody's where they say so", async (t) => {
    const DOCKER_CONFIG = join(await useFolder(t), 'docker');
    assert.equal(await readAuthorization(t, undefined, { DOCKER_CONFIG }), basic('docker:d'));
    assert.equal(await readAuthorization(t, {}, { DOCKER_CONFIG }), undefined);
  });

  const problems: readonly (readonly [name: string, credentials: object, problem: RegExp])[] = [
    ['a variable that is not set', { tokenVariable: 'NOWHERE' }, /the variable NOWHERE is not set/],
    ['a variable that is empty', { tokenVariable: 'EMPTY' }, /the variable EMPTY is not set/],
    ['a file that is not there', { tokenFile: '/nonexistent/token' }, /\/nonexistent\/token cannot be read \(ENOENT\)/],
    ['a user without a password', { usernameVariable: 'SET' }, /need a user name and a password/],
    ['a password without a user', { passwordVariable: 'SET' }, /need a user name and a password/],
  ];
  for (const [name, credentials, problem] of problems) {
    it(`${name} is an error, and no value stands in it`, async (t) => {
      const settings = { sources: [{ url: 'http://localhost:1', credentials }] };
      const error = await open(t, settings, { EMPTY: '', SET: 'S-secret' }).catch((reason: unknown) => reason);
      assert.ok(error instanceof Error);
      assert.match(error.message, problem);
      assert.doesNotMatch(inspect(error, { depth: null }), /S-secret/);
    });
  }

  it('in a file that is empty are an error', async (t) => {
    const file = join(await useFolder(t), 'token');
    await writeFile(file, '\n');
    await assert.rejects(
      open(t, { sources: [{ url: 'http://localhost:1', credentials: { tokenFile: file } }] }),
      /is empty/,
    );
  });
});

describe('names instead of a catalog', () => {
  it('are a list', async (t) => {
    const [source] = await open(t, { sources: [{ url: 'http://localhost:1', repositories: ['a', 'b/c'] }] });
    assert.deepEqual(source?.fixedNames, ['a', 'b/c']);
  });

  it('are a file beside the settings, with comments', async (t) => {
    const folder = await useFolder(t);
    await writeFile(join(folder, 'names.txt'), '# ours\n\na  # the first\r\n b/c \n#d\n');
    const [source] = await open(t, { sources: [{ url: 'http://localhost:1', repositories: 'names.txt' }] }, {}, folder);
    assert.deepEqual(source?.fixedNames, ['a', 'b/c']);
  });

  it('that are none at all are a mistake, and not a wish to remove everything', async (t) => {
    const folder = await useFolder(t);
    await writeFile(join(folder, 'names.txt'), '# nothing left\n');
    for (const repositories of [[], 'names.txt']) {
      const opened = open(t, { sources: [{ name: 'one', url: 'http://localhost:1', repositories }] }, {}, folder);
      await assert.rejects(opened, { code: 'INVALID_SETTINGS', message: 'the source one has no repositories' });
    }
  });

  it('in a file that is not there are an error', async (t) => {
    const opened = open(t, { sources: [{ url: 'http://localhost:1', repositories: 'nowhere.txt' }] });
    await assert.rejects(opened, { code: 'INVALID_SETTINGS', message: /nowhere\.txt cannot be read \(ENOENT\)/ });
  });
});

test('routes say what a source serves; without any it serves everything', async (t) => {
  const [some, all] = await open(t, {
    sources: [
      { name: 'some', url: 'http://localhost:1', routes: ['**', '!ml/**', '/^ml/public/'] },
      { name: 'all', url: 'http://localhost:2' },
    ],
  });
  const names = ['web', 'ml/a', 'ml/public/a'];
  assert.deepEqual(
    names.map((name) => some?.serves(name)),
    [true, false, true],
  );
  assert.deepEqual(
    names.map((name) => all?.serves(name)),
    [true, true, true],
  );
});

for (const [settings, contact] of [
  [{ siteUrl: 'https://images.example/' }, 'https://images.example/'],
  [{ publicHost: 'registry.example' }, 'https://registry.example/'],
] as const) {
  test(`registries are told who asks, and whom to write to: ${contact}`, async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path: '/v2/', respond: { json: {} } });
    const [source] = await open(t, { ...settings, sources: [{ url: server.url }] });
    await source?.client.checkApi(never);
    assert.equal(server.requests[0]?.headers['user-agent'], `registry-homepage/${programVersion} (+${contact})`);
  });
}
