import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { toHeaders } from '../../../src/publish/site-headers.ts';
import { programDir } from '../../../src/run/program-version.ts';

test('the nginx example calls every kind of file what `serve` calls it', async () => {
  const text = await readFile(join(programDir, 'scripts/nginx/site-location.conf'), 'utf8');
  const [, block = ''] = /^types \{\n([^}]*)\}/m.exec(text) ?? [];
  const types = new Map(
    block
      .trim()
      .split(/;\s*/)
      .filter((line) => line !== '')
      .flatMap((line) => {
        const [type = '', ...endings] = line.split(/\s+/);
        return endings.map((ending) => [ending, type] as const);
      }),
  );
  assert.ok(types.size > 10);
  for (const [ending, type] of types) {
    assert.equal(toHeaders(`a/file.${ending}`, 200)['content-type']?.split(';')[0], type, ending);
  }
});

for (const ending of ['svg', 'png', 'webp', 'avif', 'jpg', 'jpeg', 'gif']) {
  test(`a logo may be ${ending}, and is sent as an image for ever`, () => {
    const headers = toHeaders(`-/assets/logo.d2437ddf.${ending}`, 200);
    assert.match(headers['content-type'] ?? '', /^image\//);
    assert.match(headers['cache-control'] ?? '', /immutable/);
  });
}
