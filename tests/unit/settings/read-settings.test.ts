import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readSettings, type SettingsOverrides } from '../../../src/settings/read-settings.ts';
import type { SettingsError } from '../../../src/settings/settings-error.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settings-'));
  await mkdir(join(folder, 'etc'));
});
after(() => rm(folder, { recursive: true }));

const sources = 'sources:\n  - url: http://localhost:5000\n';

/** Reads `text` as the file `etc/homepage.yaml` of a working folder. */
async function read(text: string, overrides: SettingsOverrides = {}) {
  await writeFile(join(folder, 'etc', 'homepage.yaml'), text);
  return readSettings({ configFile: 'etc/homepage.yaml', ...overrides }, folder);
}

async function messageOf(reading: Promise<unknown>): Promise<string> {
  const error: unknown = await reading.then(
    () => assert.fail('the settings were taken'),
    (reason) => reason,
  );
  const { name, code, hint, message } = error as SettingsError;
  assert.deepEqual([name, code], ['SettingsError', 'INVALID_SETTINGS'], String((error as Error).stack));
  assert.notEqual(hint, '');
  return message;
}

describe('the file', () => {
  it('is YAML', async () => {
    const settings = await read(`title: Example images\n${sources}exclude: ["restricted/**"] # private\n`);
    assert.equal(settings.title, 'Example images');
    assert.deepEqual(settings.exclude, ['restricted/**']);
  });

  it('may be saved by an editor of Windows', async () => {
    const settings = await read(`\uFEFF${sources}title: Büro\n`.replaceAll('\n', '\r\n'));
    assert.equal(settings.title, 'Büro');
  });

  it('may be JSON', async () => {
    const settings = await read('{"sources": [{"url": "http://localhost:5000"}], "base": "/images/"}');
    assert.equal(settings.base, '/images/');
  });

  it('is where its paths begin', async () => {
    const settings = await read(`${sources}siteDir: www\nstateDir: ../state\n`);
    assert.equal(settings.siteDir, join(folder, 'etc', 'www'));
    assert.equal(settings.stateDir, join(folder, 'state'));
  });

  it('may be left out', async () => {
    const settings = await readSettings({ registries: ['http://localhost:5000'] }, folder);
    assert.equal(settings.sources[0]?.url, 'http://localhost:5000');
    assert.equal(settings.siteDir, join(folder, 'site'));
  });
});

describe('the command line wins over the file', () => {
  it('for folders, which it takes from the working folder', async () => {
    const settings = await read(`${sources}siteDir: www\nstateDir: state\ndeadlineMinutes: 5\n`, {
      siteDir: 'out/site',
      stateDir: '/var/lib/homepage',
      deadlineMinutes: 7,
    });
    assert.equal(settings.siteDir, join(folder, 'out', 'site'));
    assert.equal(settings.stateDir, '/var/lib/homepage');
    assert.equal(settings.deadlineMinutes, 7);
  });

  it('for registries, which replace the sources', async () => {
    const registries = ['http://127.0.0.1:5000/v2/', 'https://registry.example.org', 'r.example.org/v2'];
    const settings = await read(`${sources}title: T\n`, { registries });
    assert.deepEqual(
      settings.sources.map(({ name, url }) => [name, url]),
      [
        ['main', 'http://127.0.0.1:5000'],
        ['main-2', 'https://registry.example.org'],
        ['main-3', 'https://r.example.org'],
      ],
    );
    assert.equal(settings.title, 'T');
  });

  it('for the address of a source that it names, of which all else stays', async () => {
    const two =
      'sources:\n  - {url: "http://a:1", concurrency: 2}\n  - {name: ml, url: "http://b:2", routes: ["ml/**"]}\n';
    const settings = await read(two, { registries: ['ml=http://127.0.0.1:5000/v2/'] });
    assert.deepEqual(
      settings.sources.map(({ name, url, concurrency, routes }) => [name, url, concurrency, routes]),
      [
        ['main', 'http://a:1', 2, undefined],
        ['ml', 'http://127.0.0.1:5000', 8, ['ml/**']],
      ],
    );
    const both = await read(two, { registries: ['main=x.example', 'ml=http://c:3'] });
    assert.deepEqual(
      both.sources.map(({ url }) => url),
      ['https://x.example', 'http://c:3'],
    );
    for (const [registries, problem] of [
      [['mll=http://c:3'], /--registry mll=…: no source of the settings is called so/],
      [['ml=http://c:3', 'http://d:4'], /names a source of the settings here, and none there/],
      [['ml='], /url/],
    ] as const) {
      await assert.rejects(read(two, { registries }), problem);
    }
    await assert.rejects(readSettings({ registries: ['main=http://c:3'] }, folder), /no source of the settings/);
  });

  it('unless it names none', async () => {
    const settings = await read(sources, { registries: [] });
    assert.equal(settings.sources[0]?.url, 'http://localhost:5000');
  });
});

describe('what cannot be read is one error that says where', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['a pattern of stars without quotes', `${sources}include: [**]\n`, /Unresolved alias/],
    ['a star without quotes', `${sources}include:\n  - *\n`, /Alias cannot be an empty string at line 4/],
    [
      'an exclamation mark without quotes',
      `${sources}include: ["**", !ml/**]\n`,
      /Unresolved tag: !ml\/\*\* at line 3/,
    ],
    ['a key twice', `${sources}base: /\nbase: /a/\n`, /Map keys must be unique at line 4/],
    ['tabs', 'sources:\n\t- url: x\n', /line 2/],
    ['two documents', `${sources}---\ntitle: x\n`, /multiple documents/],
    ['an open bracket', 'sources: [', /line 1/],
    ['a list', '- a\n', /expected keys and values/],
    ['a text', 'hello\n', /expected keys and values/],
    [
      'a bomb of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(50)}]\nc: &c [${'*b,'.repeat(50)}]\nd: [${'*c,'.repeat(50)}]\n`,
      /Excessive alias count/,
    ],
    ['nothing at all', '', /^sources: missing/],
    ['comments only', '# title: x\n', /^sources: missing/],
    ['a key that is none', `${sources}sitedir: x\n`, /^sitedir: unknown key; did you mean "siteDir"\?$/],
  ];
  for (const [name, text, problem] of cases) {
    it(name, async () => assert.match(await messageOf(read(text)), problem));
  }

  it('a file that is not there', async () => {
    const message = await messageOf(readSettings({ configFile: 'missing.yaml' }, folder));
    assert.equal(message, `${join(folder, 'missing.yaml')}: cannot be read: there is no such file`);
  });

  it('a file of another encoding', async () => {
    await writeFile(join(folder, 'latin-1.yaml'), Buffer.from(`${sources}title: Büro\n`, 'latin1'));
    const message = await messageOf(readSettings({ configFile: 'latin-1.yaml' }, folder));
    assert.equal(message, `${join(folder, 'latin-1.yaml')}: is not UTF-8`);
  });

  it('a folder', async () => {
    assert.match(await messageOf(readSettings({ configFile: 'etc' }, folder)), /etc: cannot be read: .*EISDIR/);
  });
});
