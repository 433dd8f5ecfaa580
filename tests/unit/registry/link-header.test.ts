import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNextLink, resolveNextLink } from '../../../src/registry/link-header.ts';

const next = '/v2/_catalog?last=a&n=2';

const headers: readonly (readonly [name: string, header: string | undefined, target: string | null])[] = [
  ['none', undefined, null],
  ['empty', '', null],
  ['plain', `<${next}>; rel="next"`, next],
  ['without quotes', `<${next}>; rel=next`, next],
  ['in single quotes', `<${next}>; rel='next'`, next],
  ['in capitals', `<${next}>; REL="Next"`, next],
  ['without spaces', `<${next}>;rel="next"`, next],
  ['several rels', `<${next}>; rel="last next"`, next],
  ['other parameters before and after', `<${next}>; title="a, b; c"; rel="next"; type="application/json"`, next],
  ['the second of several links', `</v2/_catalog>; rel="first", <${next}>; rel="next"`, next],
  ['the first of several links', `<${next}>; rel="next", </v2/_catalog>; rel="prev"`, next],
  ['a comma in the address', '</v2/_catalog?last=a,b>; rel="next"', '/v2/_catalog?last=a,b'],
  ['un-encoded', '</v2/_catalog?last=team/a b&n=2>; rel="next"', '/v2/_catalog?last=team/a b&n=2'],
  ['without angle brackets', `${next}; rel="next"`, next],
  ['another rel', `<${next}>; rel="prev"`, null],
  ['a rel that begins so', `<${next}>; rel="nextish"`, null],
  ['no rel', `<${next}>`, null],
  ['not closed', `<${next}; rel="next"`, 'unreadable'],
  ['no address', 'rel="next"', 'unreadable'],
];

for (const [name, header, target] of headers) {
  test(`Link header: ${name}`, () => {
    const found = parseNextLink(header);
    assert.equal(found === null || found === 'unreadable' ? found : found.uri, target);
  });
}

interface Resolution {
  readonly target: string;
  readonly base?: string;
  readonly leadsTo: string | null;
  readonly reanchored?: boolean;
}

const origin = 'https://registry.example';
const resolutions: readonly Resolution[] = [
  { target: next, leadsTo: `${origin}${next}` },
  { target: `${origin}${next}`, leadsTo: `${origin}${next}` },
  { target: '?last=a', leadsTo: `${origin}/v2/_catalog?last=a` },
  { target: '_catalog?last=a', leadsTo: `${origin}/v2/_catalog?last=a` },
  { target: `http://registry.example${next}`, leadsTo: `${origin}${next}`, reanchored: true },
  { target: `http://10.0.0.7:5000${next}`, leadsTo: `${origin}${next}`, reanchored: true },
  { target: `//internal:5000${next}`, leadsTo: `${origin}${next}`, reanchored: true },
  { target: 'http://169.254.169.254/latest/meta-data', leadsTo: `${origin}/latest/meta-data`, reanchored: true },
  { target: `http://user:secret@internal${next}`, leadsTo: `${origin}${next}`, reanchored: true },
  { target: next, base: `${origin}/docker/`, leadsTo: `${origin}/docker${next}` },
  { target: `/docker${next}`, base: `${origin}/docker`, leadsTo: `${origin}/docker${next}` },
  {
    target: `http://internal/api/docker/local${next}`,
    base: `${origin}/docker`,
    leadsTo: `${origin}/docker${next}`,
    reanchored: true,
  },
  { target: '/v2/_catalog?last=team/a b', leadsTo: `${origin}/v2/_catalog?last=team/a%20b` },
  { target: '/v2/_catalog?last=a&n=0', leadsTo: `${origin}/v2/_catalog?last=a` },
  { target: '/v2/_catalog?last=a&n=', leadsTo: `${origin}/v2/_catalog?last=a` },
  { target: '/v2/_catalog?last=a&n=50', leadsTo: `${origin}/v2/_catalog?last=a&n=50` },
  { target: 'http://[', leadsTo: null },
];

for (const { target, base = origin, leadsTo, reanchored = false } of resolutions) {
  test(`next page: ${target}${base === origin ? '' : ` beneath ${base}`}`, () => {
    const listing = new URL(`${base.replace(/\/$/, '')}/v2/_catalog?n=2`);
    const found = resolveNextLink(target, listing, listing, new URL(base));
    assert.equal(found?.url.href ?? null, leadsTo);
    assert.equal(found?.reanchored ?? false, reanchored);
  });
}

test('a hostile header is read in no time', () => {
  const started = performance.now();
  for (const part of ['<', '<>;', '<a>; a=', '<a>; rel="', ';a ', ' rel= next', 'a b'])
    parseNextLink(part.repeat(16_384 / part.length));
  assert.ok(performance.now() - started < 2000);
});
