import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseQuery } from '../../../src/search/parse-query.ts';
import { isEmptyQuery, type Query } from '../../../src/search/query.ts';

const nothing: Omit<Query, 'text'> = {
  words: [],
  tag: null,
  digest: null,
  platforms: [],
  kinds: [],
  states: [],
  bases: [],
  labels: [],
};

function words(...texts: string[]): Pick<Query, 'words'> {
  return { words: texts.map((text) => ({ text, isQuoted: false })) };
}

function check(cases: readonly (readonly [string, Partial<Query>])[], hosts: readonly string[] = []): void {
  for (const [text, expected] of cases) {
    it(text === '' ? '(nothing)' : text, () => {
      const { text: _, ...query } = parseQuery(text, { hosts });
      assert.deepEqual(query, { ...nothing, ...expected });
    });
  }
}

describe('words and tags', () => {
  check([
    ['', {}],
    ['   ', {}],
    ['node24', words('node24')],
    ['Node  TEST', words('node', 'test')],
    ['releng/node24', words('releng/node24')],
    ['/releng/', words('releng/')],
    [
      '"node test" slim',
      {
        words: [
          { text: 'node test', isQuoted: true },
          { text: 'slim', isQuoted: false },
        ],
      },
    ],
    ['"unclosed one', { words: [{ text: 'unclosed one', isQuoted: true }] }],
    ['“curly quotes”', { words: [{ text: 'curly quotes', isQuoted: true }] }],
    ['node24:1.0', { ...words('node24'), tag: '1.0' }],
    ['releng/node24:24.18.0-s1', { ...words('releng/node24'), tag: '24.18.0-s1' }],
    ['node24:RC1', { ...words('node24'), tag: 'RC1' }],
    [':1.0', { tag: '1.0' }],
    ['node24:', { ...words('node24'), tag: '' }],
    [':', {}],
    ['a:1 b:2', { ...words('a', '2', 'b'), tag: '1' }],
    ['localhost:5000/a/b:1', { ...words('a/b'), tag: '1' }],
    ['registry.test:443/a', words('a')],
    ['node\u201124', words('node-24')],
    ['no\u200bde\u202e24', words('node24')],
    ['ｎｏｄｅ', words('node')],
  ]);
});

describe('digests', () => {
  const hex = 'ab12'.repeat(16);
  check([
    ['sha256:AB12', { digest: 'ab12' }],
    ['sha256:', { digest: '' }],
    ['sha512:ab', { digest: 'ab' }],
    ['sha256:xyz', { ...words('sha256'), tag: 'xyz' }],
    [hex, { digest: hex }],
    ['3f2a9c81b2d4', { digest: '3f2a9c81b2d4' }],
    ['123456789012', words('123456789012')],
    ['4f3a9b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f70', words('4f3a9b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f70')],
    [`releng/node24@sha256:${hex}`, { ...words('releng/node24'), digest: hex }],
    [`releng/node24:1.0@sha256:${hex}`, { ...words('releng/node24'), digest: hex }],
  ]);
});

describe('filters', () => {
  check([
    ['arch:arm64', { platforms: ['arm64'] }],
    ['ARCH:Arm64 platform:linux/amd64', { platforms: ['arm64', 'linux/amd64'] }],
    ['is:outdated is:Stale arch:arm64', { states: ['outdated', 'stale'], platforms: ['arm64'] }],
    ['base:bookworm kind:helm-chart', { bases: ['bookworm'], kinds: ['helm-chart'] }],
    ['label:Version', { labels: [{ key: 'version', value: null }] }],
    ['label:a.b=C=d', { labels: [{ key: 'a.b', value: 'c=d' }] }],
    ['label:owner="Team A"', { labels: [{ key: 'owner', value: 'team a' }] }],
    ['arch: node', words('node')],
    ['colour:red', { ...words('colour'), tag: 'red' }],
    ['constructor:x', { ...words('constructor'), tag: 'x' }],
    ['__proto__:x', { ...words('__proto__'), tag: 'x' }],
  ]);

  it('can be read as names', () => {
    const query = parseQuery('base:bookworm', { withoutFilters: true });
    assert.deepEqual([query.words[0]?.text, query.tag, query.bases], ['base', 'bookworm', []]);
  });
});

describe('what is pasted', () => {
  const hex = 'ab12'.repeat(16);
  const reference = { ...words('releng/node24'), tag: '1.0' };
  check(
    [
      ['docker-registry.example.org/releng/node24:1.0', reference],
      ['Docker-Registry.example.org/releng/node24:1.0', reference],
      ['docker pull docker-registry.example.org/releng/node24:1.0', reference],
      ['$ sudo podman pull releng/node24:1.0', reference],
      ['# nerdctl image pull docker-registry.example.org/releng/node24:1.0', reference],
      ['docker run --rm -it -v /a:/b -p 80:80 docker-registry.example.org/releng/node24:1.0 bash -c ls', reference],
      ['crictl pull docker-registry.example.org/releng/node24:1.0', reference],
      ['skopeo copy docker://docker-registry.example.org/releng/node24:1.0 docker-archive:node.tar', reference],
      ['FROM docker-registry.example.org/releng/node24:1.0 AS build', reference],
      ['FROM --platform=linux/arm64 releng/node24:1.0', reference],
      ['- image: docker-registry.example.org/releng/node24:1.0', reference],
      ['https://docker-registry.example.org/releng/node24/tags/', words('releng/node24')],
      ['https://docker-registry.example.org/images/releng/node24/tags/?x=1#tag:1', words('releng/node24')],
      ['https://docker-registry.example.org/releng/node24/-/tags/2/#tag:1', words('releng/node24')],
      ['https://docker-registry.example.org/v2/releng/node24/manifests/1.0', reference],
      [
        `https://docker-registry.example.org/releng/node24/-/sha256/${hex}/`,
        { ...words('releng/node24'), digest: hex },
      ],
      [`https://docker-registry.example.org/v2/a/blobs/sha256:${hex}`, { ...words('a'), digest: hex }],
      ['docker-registry.example.org/a arch:arm64', { ...words('a'), platforms: ['arm64'] }],
      ['- image: "docker-registry.example.org/releng/node24:1.0"', reference],
      ["image: 'docker-registry.example.org/releng/node24:1.0'", reference],
      ['image: "releng/node24:1.0"', reference],
      ['"image": "docker-registry.example.org/releng/node24:1.0",', reference],
      ['image = "docker-registry.example.org/releng/node24:1.0"', reference],
      ['COPY --from=docker-registry.example.org/releng/node24:1.0 /a /b', reference],
      ['kubectl run x --image=docker-registry.example.org/releng/node24:1.0 -- sh', reference],
      ['kubectl set image deployment/x node=docker-registry.example.org/releng/node24:1.0', reference],
      ['see `docker-registry.example.org/releng/node24:1.0`.', reference],
      ['"docker-registry.example.org/releng/node24:1.0"', reference],
      ['is:stale docker-registry.example.org/a', { ...words('a'), states: ['stale'] }],
      ['docker pull docker-registry.example.org/images/a:1', { ...words('images/a'), tag: '1' }],
      ['docker-registry.example.org/images/a', words('images/a')],
      ['http://docker-registry.example.org/v2/releng/node24/tags/list?n=5', words('releng/node24')],
      ['https://docker-registry.example.org/images/-/repositories/v2/a/tags/', words('v2/a')],
      ['https://docker-registry.example.org/images/-/repositories/a/-index.html/tags/', words('a/index.html')],
      ['https://docker-registry.example.org/images/-/paths/404/', words('404')],
      [`https://docker-registry.example.org/-/repositories/v2/a/-/sha256/${hex}/`, { ...words('v2/a'), digest: hex }],
      ['https://docker-registry.example.org/releng/node24/-/recommended.txt', words('releng/node24')],
      [
        'https://docker-registry.example.org/-/api/v1/repositories/releng/node24/-/repository.json',
        words('releng/node24'),
      ],
      ['docker.io/library/nginx:1', { ...words('docker.io/library/nginx'), tag: '1' }],
      ['helm chart', words('helm', 'chart')],
      ['docker pull', words('docker', 'pull')],
      ['from scratch', words('from', 'scratch')],
      ['$', words('$')],
    ],
    ['docker-registry.example.org', 'docker-registry.example.org/images'],
  );
});

it('knows when there is nothing to search for', () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['', true],
    [' : ', true],
    ['arch:', true],
    ['x', false],
    [':1', false],
    ['sha256:', false],
    ['arch:arm64', false],
  ];
  for (const [text, expected] of cases) assert.equal(isEmptyQuery(parseQuery(text)), expected, text);
});

it('takes no more than a reference can be long', () => {
  assert.ok(parseQuery('a'.repeat(100_000)).text.length <= 512);
  assert.ok(parseQuery('\ufdfa'.repeat(600)).text.length <= 512);
});
