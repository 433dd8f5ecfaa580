import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeSettings, type Settings } from '../../../src/settings/settings.ts';
import type { SettingsError } from '../../../src/settings/settings-error.ts';

const folder = '/etc/registry-homepage';
const url = 'http://localhost:5000';

function decode(value: Readonly<Record<string, unknown>>): Settings {
  return decodeSettings({ sources: [{ url }], ...value }, folder);
}

/** The lines of the error that `value` is answered with. */
function problemsOf(value: unknown): readonly string[] {
  try {
    decodeSettings(value, folder);
  } catch (error) {
    const { name, code, hint, message } = error as SettingsError;
    assert.deepEqual([name, code], ['SettingsError', 'INVALID_SETTINGS'], String((error as Error).stack));
    assert.notEqual(hint, '');
    return message.split('\n');
  }
  return assert.fail('the settings were taken');
}

describe('defaults', () => {
  it('one address is enough', () => {
    const settings = decode({});
    assert.equal(settings.publicHost, 'localhost:5000');
    assert.equal(settings.title, 'localhost:5000');
    assert.equal(settings.siteDir, '/etc/registry-homepage/site');
    assert.equal(settings.stateDir, '/etc/registry-homepage/site-state');
    assert.equal(settings.base, '/');
    assert.deepEqual(settings.movingTags, ['latest']);
    assert.deepEqual([settings.include, settings.exclude], [['**'], []]);
    assert.equal(settings.publishEnvironment, false);
    assert.equal(settings.confirmRuns, 2);
    const [source] = settings.sources;
    assert.deepEqual([source?.name, source?.pageSize, source?.listingTimeoutSeconds], ['main', 1000, 600]);
  });

  it('an address may end as it does in calls of curl', () => {
    const ends = ['', '/v2', '/v2/', '/', '/mirror/v2/', '/v2/mirror'];
    const { sources } = decode({ sources: ends.map((end, at) => ({ name: `s${at}`, url: url + end })) });
    const roots = ['', '', '', '/', '/mirror', '/v2/mirror'].map((end) => url + end);
    assert.deepEqual(
      sources.map((source) => source.url),
      roots,
    );
  });

  it('the public host names the site', () => {
    const { title, publicHost } = decode({ publicHost: 'registry.example.org' });
    assert.deepEqual([title, publicHost], ['registry.example.org', 'registry.example.org']);
  });

  it('the state stands beside the site', () => {
    assert.equal(decode({ siteDir: '/srv/homepage/' }).stateDir, '/srv/homepage-state');
    assert.equal(decode({ siteDir: '.' }).stateDir, '/etc/registry-homepage-state');
  });
});

describe('paths', () => {
  it('are taken from the folder of the settings', () => {
    const settings = decode({
      sources: [
        {
          url,
          repositories: 'names.txt',
          credentials: { usernameVariable: 'REGISTRY_USER', passwordFile: 'secrets/password', tokenFile: '/run/token' },
        },
      ],
      siteDir: '../www',
      stateDir: 'state',
    });
    assert.equal(settings.siteDir, '/etc/www');
    assert.equal(settings.stateDir, '/etc/registry-homepage/state');
    const [source] = settings.sources;
    assert.equal(source?.repositories, '/etc/registry-homepage/names.txt');
    assert.deepEqual(source?.credentials, {
      usernameVariable: 'REGISTRY_USER',
      passwordFile: '/etc/registry-homepage/secrets/password',
      tokenFile: '/run/token',
    });
  });

  it('a list of names is no path', () => {
    const names = ['a/b', 'c'];
    assert.deepEqual(decode({ sources: [{ url, repositories: names }] }).sources[0]?.repositories, names);
  });
});

describe('a key is never silently ignored', () => {
  const cases: readonly (readonly [unknown, readonly string[]])[] = [
    [{ sources: [{ url }], titel: 'x' }, ['titel: unknown key; did you mean "title"?']],
    [{ sources: [{ url }], exclud: [] }, ['exclud: unknown key; did you mean "exclude"?']],
    [{ sources: [{ url }], colour: 'red' }, ['colour: unknown key']],
    [{ sources: [{ url, pagesize: 50 }] }, ['sources.0.pagesize: unknown key; did you mean "pageSize"?']],
    [
      { sources: [{ url }, { name: 'b', url, route: ['a'] }] },
      ['sources.1.route: unknown key; did you mean "routes"?'],
    ],
    [
      { sources: [{ url, credentials: { passwordfile: 'x' } }] },
      ['sources.0.credentials.passwordfile: unknown key; did you mean "passwordFile"?'],
    ],
    [{ sources: [{ url, credentials: { password: 'hunter2' } }] }, ['sources.0.credentials.password: unknown key']],
    [
      { source: [{ url }] },
      [
        'sources: missing; name at least one registry, such as --registry http://localhost:5000',
        'source: unknown key; did you mean "sources"?',
      ],
    ],
    [JSON.parse(`{"sources":[{"url":"${url}"}],"__proto__":{"title":"x"}}`), ['__proto__: unknown key']],
    [{ sources: [{ url }], constructor: 1 }, ['constructor: unknown key']],
    [
      { sources: [{ url }], titel: 1, bass: 2 },
      ['titel: unknown key; did you mean "title"?', 'bass: unknown key; did you mean "base"?'],
    ],
  ];
  for (const [value, problems] of cases) {
    it(problems.join(', '), () => assert.deepEqual(problemsOf(value), problems));
  }
});

describe('a value that is not what was expected', () => {
  const address = 'expected an http:// or https:// address';
  const noCredentials =
    'expected an address without user, password, query or fragment: credentials never stand in the settings';
  const missing = 'sources: missing; name at least one registry, such as --registry http://localhost:5000';
  const withSource = (source: object) => ({ sources: [{ url, ...source }] });
  const cases: readonly (readonly [unknown, string])[] = [
    [null, missing],
    [{}, missing],
    [{ sources: { url } }, 'sources: expected array, received object'],
    [{ sources: null }, 'sources: expected array, received null'],
    [{ sources: [] }, 'sources: Too small: expected array to have >=1 items'],
    ['a text', 'settings: expected object, received string'],
    [{ sources: [{}] }, `sources.0.url: ${address}`],
    [withSource({ url: 'localhost:5000' }), `sources.0.url: ${address}`],
    [withSource({ url: 'not an address' }), `sources.0.url: ${address}`],
    [withSource({ url: 'ftp://registry.example.org' }), `sources.0.url: ${address}`],
    [withSource({ url: 5000 }), `sources.0.url: ${address}`],
    [withSource({ url: 'http://ada:secret@registry.example.org' }), `sources.0.url: ${noCredentials}`],
    [withSource({ url: 'http://ada@registry.example.org' }), `sources.0.url: ${noCredentials}`],
    [withSource({ url: 'http://registry.example.org/?token=secret' }), `sources.0.url: ${noCredentials}`],
    [withSource({ name: 'Main' }), 'sources.0.name: expected lower-case letters, digits and hyphens'],
    [withSource({ concurrency: 0 }), 'sources.0.concurrency: Too small: expected number to be >=1'],
    [withSource({ concurrency: '8' }), 'sources.0.concurrency: expected number, received string'],
    [withSource({ pageSize: 0 }), 'sources.0.pageSize: Too small: expected number to be >=1'],
    [withSource({ followRedirects: 'no' }), 'sources.0.followRedirects: expected boolean, received string'],
    [withSource({ repositories: 7 }), 'sources.0.repositories: expected a list of names, or the path of a file'],
    [withSource({ repositories: [1.5] }), 'sources.0.repositories: expected a list of names, or the path of a file'],
    [withSource({ routes: ['/(/'] }), 'sources.0.routes.0: not a valid pattern'],
    [{ sources: [{ url }], include: 'a/**' }, 'include: expected array, received string'],
    [{ sources: [{ url }], exclude: null }, 'exclude: expected array, received null'],
    [{ sources: [{ url }], exclude: ['a', '/[/'] }, 'exclude.1: not a valid pattern'],
    [{ sources: [{ url }], exclude: ['!'] }, 'exclude.0: not a valid pattern'],
    [
      { sources: [{ url }], publicHost: 'https://registry.example.org' },
      'publicHost: expected a host name, with a port where it needs one',
    ],
    [
      { sources: [{ url }], publicHost: 'registry.example.org/path' },
      'publicHost: expected a host name, with a port where it needs one',
    ],
    [{ sources: [{ url }], siteUrl: 'registry.example.org' }, `siteUrl: ${address}`],
    [
      { sources: [{ url }], base: 'images' },
      'base: expected a path that begins and ends with a slash, such as /images/',
    ],
    [
      { sources: [{ url }], base: '/images' },
      'base: expected a path that begins and ends with a slash, such as /images/',
    ],
    [
      { sources: [{ url }], base: '/a b/' },
      'base: expected a path that begins and ends with a slash, such as /images/',
    ],
    [
      { sources: [{ url }], base: '/a/../b/' },
      'base: browsers take . and .. out of addresses: expected a path such as /images/',
    ],
    [
      { sources: [{ url }], base: '/./' },
      'base: browsers take . and .. out of addresses: expected a path such as /images/',
    ],
    [{ sources: [{ url }], base: '/v2/' }, "base: what lies beneath /v2/ is the registry's"],
    [{ sources: [{ url }], base: '/v2/images/' }, "base: what lies beneath /v2/ is the registry's"],
    [
      { sources: [{ url }], publicHost: 'registry.example.org:99999' },
      'publicHost: expected a host name, with a port of at most 65535 where it needs one',
    ],
    [
      { sources: [{ url }], publicHost: 'registry.1' },
      'publicHost: expected the name or the address of a host, and this is neither',
    ],
    [
      { sources: [{ url }], exclude: ['a', 'restricted/'] },
      'exclude.1: ends with a slash, as no name does; expected "restricted/**"',
    ],
    [{ sources: [{ url }], excludeTags: ['app:1.0'] }, 'excludeTags.0: holds ":", as no name of a tag does'],
    [
      { sources: [{ url }], siteDir: '/srv/homepage', stateDir: '/srv/homepage/current/state' },
      "stateDir: /srv/homepage/current/state lies in the site's current, which readers see",
    ],
    [
      { sources: [{ url }], siteDir: '/srv/homepage', stateDir: '/srv/homepage/releases' },
      "stateDir: /srv/homepage/releases lies in the site's releases, which readers see",
    ],
    [
      { sources: [{ url }], siteDir: 'state/cache/site', stateDir: 'state' },
      "siteDir: /etc/registry-homepage/state/cache/site lies in the state's cache",
    ],
    [{ sources: [{ url }], title: '   ' }, 'title: Too small: expected string to have >=1 characters'],
    [
      { sources: [{ url }], title: 'Images\u0001' },
      'title: expected one line of plain text without control characters',
    ],
    [{ sources: [{ url }], title: 'Our\nimages' }, 'title: expected one line of plain text without control characters'],
    [{ sources: [{ url }], intro: 'Our\u0001images' }, 'intro: expected plain text without control characters'],
    [{ sources: [{ url }], confirmRuns: 1.5 }, 'confirmRuns: expected int, received number'],
    [{ sources: [{ url }], deadlineMinutes: 100_000 }, 'deadlineMinutes: Too big: expected number to be <=1440'],
    [{ sources: [{ url }, { url }] }, 'sources: two of them are called "main"'],
  ];
  for (const [value, problem] of cases) {
    it(`${JSON.stringify(value).slice(0, 100)} -> ${problem.slice(0, 60)}`, () => {
      assert.deepEqual(problemsOf(value), [problem]);
    });
  }

  it('never quotes a password', () => {
    const [problem] = problemsOf(withSource({ url: 'http://ada:hunter2@registry.example.org' }));
    assert.doesNotMatch(problem ?? '', /hunter2|ada/);
  });
});

describe('values that are fine', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['a path before /v2/', { sources: [{ url: 'https://registry.example.org/registry/' }] }],
    ['IPv6', { sources: [{ url: 'http://[::1]:5000' }], publicHost: '[2001:db8::1]:5000' }],
    ['a base of several parts', { base: '/a/b-c/' }],
    ['a base with dots in its parts', { base: '/.a/b..c/v2/' }],
    ['the site in a folder of the state', { siteDir: '/srv/homepage/site', stateDir: '/srv/homepage' }],
    ['the state beside releases', { siteDir: '/srv/homepage', stateDir: '/srv/homepage/releases-state' }],
    ['expressions and what is taken back', { include: ['/^a/', '!**/tmp'], exclude: ['x/**', '!x/y'] }],
    ['tag patterns', { includeTags: ['**', '!*-dev'], excludeTags: ['/^pr-/'] }],
  ];
  for (const [name, value] of cases) it(name, () => assert.ok(decode(value)));
});
