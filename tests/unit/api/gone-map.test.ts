import assert from 'node:assert/strict';
import { it, test } from 'node:test';
import { encodeGoneMap } from '../../../src/api/gone-map.ts';
import type { Repository } from '../../../src/catalogue/model.ts';
import { parseRepositoryName } from '../../../src/oci/reference.ts';
import { createSite } from '../../../src/view/site.ts';
import { useNginx } from '../../support/use-nginx.ts';

function encode(states: Readonly<Record<string, Repository['state']>>, base = '/') {
  const entries = Object.entries(states).map(([name, state]) => ({
    name: parseRepositoryName(name),
    state: state as 'listed' | 'removed',
  }));
  const settings = { title: 'Images', publicHost: 'registry.example', alternateHosts: [], base, movingTags: [] };
  return encodeGoneMap(entries, createSite(settings, entries));
}

it('names the pages of what is removed, and nothing else', () => {
  const { path, text } = encode({ a: 'listed', 'b/old': 'removed', b: 'removed', 'v2/x': 'removed' }, '/images/');
  assert.equal(path, '-/gone.map');
  assert.equal(
    text,
    [
      '# What is gone: $uri -> 1',
      '"/images/-/repositories/v2/x/tags/" 1;',
      '"/images/b/old/" 1;',
      '"/images/b/old/tags/" 1;',
      '"/images/b/tags/" 1;',
      '',
    ].join('\n'),
  );
});

it('is never empty: a file that says nothing is there to be included', () => {
  assert.equal(encode({ a: 'listed' }).text, '# What is gone: $uri -> 1\n');
});

test('nginx reads it, names at their longest', async (t) => {
  const longest = `${'long/'.repeat(50)}longs`;
  const { text } = encode({ [longest]: 'removed', 'b/old': 'removed', a: 'listed' }, '/images/');
  const ports = await useNginx(
    t,
    1,
    ([port]) => `map_hash_bucket_size 512; map $uri $gone { default 0; ${text}\n }
      server { listen 127.0.0.1:${port}; location / { if ($gone) { return 410; } return 204; } }`,
  );
  if (ports === null) return;
  const ask = async (path: string) => (await fetch(`http://127.0.0.1:${ports[0]}${path}`)).status;
  for (const name of [longest, 'b/old']) assert.equal(await ask(`/images/${name}/tags/`), 410);
  assert.equal(await ask('/images/a/tags/'), 204);
});
