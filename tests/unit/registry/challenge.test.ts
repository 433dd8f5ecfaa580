import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseChallenges } from '../../../src/registry/challenge.ts';

const cases: readonly (readonly [header: string | undefined, expected: readonly (readonly [string, object])[]])[] = [
  [undefined, []],
  ['', []],
  ['Basic realm="a registry"', [['basic', { realm: 'a registry' }]]],
  ['BASIC', [['basic', {}]]],
  ['Basic realm=plain', [['basic', { realm: 'plain' }]]],
  [
    'Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull,push"',
    [
      [
        'bearer',
        { realm: 'https://auth.example/token', service: 'registry.example', scope: 'repository:a/b:pull,push' },
      ],
    ],
  ],
  ['bearer  REALM = "https://a/" , Service="s"', [['bearer', { realm: 'https://a/', service: 's' }]]],
  ['Bearer realm="say \\"a\\", or \\\\"', [['bearer', { realm: 'say "a", or \\' }]]],
  ['Bearer realm="not closed', [['bearer', { realm: 'not closed' }]]],
  ['Bearer realm="", scope=', [['bearer', { realm: '', scope: '' }]]],
  [
    'Bearer realm="https://a/",service="s", Basic realm="b"',
    [
      ['bearer', { realm: 'https://a/', service: 's' }],
      ['basic', { realm: 'b' }],
    ],
  ],
  [
    'Negotiate, Basic realm="x, Bearer realm=\\"no\\"", Digest nonce=abc==',
    [
      ['negotiate', {}],
      ['basic', { realm: 'x, Bearer realm="no"' }],
      ['digest', { nonce: 'abc==' }],
    ],
  ],
  ['Negotiate dG9rZW4=, Bearer realm="https://a/"', [['bearer', { realm: 'https://a/' }]]],
  [', ,, "?" ; Basic realm="b"', [['basic', { realm: 'b' }]]],
];

for (const [header, expected] of cases) {
  test(`challenges of ${JSON.stringify(header)}`, () => {
    const found = parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
    const wanted = expected.map(([scheme]) => scheme);
    assert.deepEqual(
      found.filter(([scheme]) => wanted.includes(String(scheme))),
      expected,
    );
  });
}

test('a hostile header is read in no time', () => {
  const started = performance.now();
  for (const part of ['a=,', '"', 'Basic ', 'a="\\', ' ,= ', 'Bearer realm="'])
    parseChallenges(part.repeat(16_384 / part.length));
  assert.ok(performance.now() - started < 2000);
});
