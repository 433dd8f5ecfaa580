import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readSiteExtras } from '../../../src/run/read-site-extras.ts';
import type { SettingsError } from '../../../src/settings/settings-error.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-homepage-extras-'));
});
after(() => rm(folder, { recursive: true }));

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

const problemOf = (settings: { logo?: string; overlay?: string; exclude?: string[] }) =>
  readSiteExtras({ logo: undefined, overlay: undefined, exclude: [], ...settings }).then(
    () => assert.fail('it was taken'),
    (error: SettingsError) => {
      assert.equal(error.code, 'INVALID_SETTINGS', error.stack ?? '');
      assert.notEqual(error.hint, '');
      return error.message.replaceAll(`${folder}/`, '');
    },
  );

const svg = (content: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 32">${content}</svg>`;
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('the logo', () => {
  it('is named after its content, and says how large it is', async () => {
    const logo = await write('logo.svg', svg('<path d="M0 0h64v32z"/>'));
    const { extras, logoBytes } = await readSiteExtras({ logo, overlay: undefined, exclude: [] });
    assert.match(extras.logo?.address ?? '', /^-\/assets\/logo\.[0-9a-f]{8}\.svg$/);
    assert.deepEqual([extras.logo?.width, extras.logo?.height], [64, 32]);
    assert.ok(logoBytes !== null && logoBytes.length > 0);
    const png = await readSiteExtras({ logo: await write('logo.png', pixel), overlay: undefined, exclude: [] });
    assert.match(png.extras.logo?.address ?? '', /\.png$/);
  });

  for (const [name, content] of [
    ['a script', '<script>alert(1)</script>'],
    ['a script of another namespace', '<svg:script xmlns:svg="http://www.w3.org/2000/svg">alert(1)</svg:script>'],
    ['a handler', '<path onload="alert(1)"/>'],
    ['a handler on its own line', '<path\nonclick=alert(1)/>'],
    ['a link that runs', '<a href="javascript:alert(1)"/>'],
    ['something from elsewhere', '<image href="https://example.org/x.png"/>'],
    ['a style from elsewhere', '<style>@import "https://example.org/x.css"</style>'],
    ['another document', '<foreignObject/>'],
  ] as const) {
    it(`may not hold ${name}`, async () => {
      const logo = await write('bad.svg', svg(content));
      assert.match(await problemOf({ logo }), /^logo: bad\.svg: it holds a script/);
    });
  }

  it('may use its own gradients', async () => {
    const logo = await write('gradient.svg', svg('<use href="#a"/><path fill="url(#a)"/>'));
    assert.ok((await readSiteExtras({ logo, overlay: undefined, exclude: [] })).extras.logo);
  });

  it('must be there, be a picture, and be small', async () => {
    assert.equal(await problemOf({ logo: join(folder, 'none.svg') }), 'logo: none.svg: there is no such file');
    const text = await write('logo.txt', 'hello');
    assert.equal(await problemOf({ logo: text }), 'logo: logo.txt: it is no picture of a known kind');
    const large = await write('large.svg', svg(' '.repeat(200_000)));
    assert.match(await problemOf({ logo: large }), /at most 200000 are taken/);
  });
});

describe('the overlay', () => {
  for (const [text, problem] of [
    ['releng/a: {describtion: x}', 'overlay.yaml: releng/a.describtion: unknown key; did you mean "description"?'],
    ['releng/a: {docs: "javascript:alert(1)"}', 'overlay.yaml: releng/a.docs: expected an http:// or https:// address'],
    [
      'releng/a: {docs: "https://ada:secret@example.org/"}',
      'overlay.yaml: releng/a.docs: expected an address without user and password',
    ],
    ['releng/a: {deprecatedSince: 2026-02-30}', 'overlay.yaml: releng/a.deprecatedSince: expected a day that exists'],
    ['releng/a: {deprecatedSince: soon}', 'overlay.yaml: releng/a.deprecatedSince: expected a day, such as 2026-04-30'],
    ['"/[/": {owner: x}', 'overlay.yaml: /[/: not a valid pattern'],
    ['releng/a: {owner: "a\u202eb"}', 'overlay.yaml: releng/a.owner: expected plain text without control characters'],
    ['- a', 'overlay.yaml: expected keys and values'],
    [
      'releng/a: {replacement: restricted/b}',
      'overlay.yaml: releng/a.replacement: it names a repository that `exclude` keeps off the site',
    ],
    [
      'releng/a: {description: "Like registry.example.org/restricted/b:1."}',
      'overlay.yaml: releng/a.description: it names a repository that `exclude` keeps off the site',
    ],
  ] as const) {
    it(`${text} -> ${problem.slice(14)}`, async () => {
      const overlay = await write('overlay.yaml', text);
      const problems = (await problemOf({ overlay, exclude: ['restricted/**'] })).split('\n');
      assert.ok(problems.includes(problem), problems.join('\n'));
    });
  }

  for (const [keys, remark] of [
    [['releng/a', 'releng/**', '!releng/b', '/^Team/'], null],
    [['Team/App'], '"Team/App" holds "T", and the names of repositories are in lower case'],
    [['releng/a', 'host:5000/x', 'Team/App'], '"host:5000/x" holds ":", as no name of a repository does, and 1 more'],
    [['releng/'], '"releng/" ends with a slash, as no name does; expected "releng/**"'],
    [['restricted/b', 'Restricted/b'], 'a key'],
    [['host:5000/restricted/b', 'x/'], '"x/" ends with a slash, as no name does; expected "x/**", and 1 more'],
  ] as const) {
    it(`of ${keys.join(' and ')} ${remark === null ? 'is all of use' : 'is remarked on, and taken'}`, async () => {
      const overlay = await write('overlay.yaml', JSON.stringify(Object.fromEntries(keys.map((key) => [key, {}]))));
      const read = await readSiteExtras({ logo: undefined, overlay, exclude: ['restricted/**'] });
      const expected = remark === null ? null : `${overlay}: notes that no repository gets: ${remark}`;
      assert.equal(read.remark, expected);
    });
  }

  it('keeps what it says of excluded repositories to itself', async () => {
    const overlay = await write('overlay.yaml', 'restricted/b: {owner: secret}\nreleng/a: {owner: x}\n');
    const { extras } = await readSiteExtras({ logo: undefined, overlay, exclude: ['restricted/**'] });
    assert.deepEqual(extras.overlay, { 'releng/a': { owner: 'x' } });
  });
});
