import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { formatApiReference } from '../../../src/api/api-reference.ts';
import { publishedFiles, publishedSchemas } from '../../../src/api/published.schema.ts';

const reference = formatApiReference();

test('the reference page is that of the schemas (npm run api-reference)', async () => {
  assert.equal(await readFile(new URL('../../../src/api/README.md', import.meta.url), 'utf8'), reference);
});

test('it has every file with its fields, down to the innermost', () => {
  assert.ok(publishedFiles.length > 9);
  for (const { name, path } of publishedFiles) assert.ok(reference.includes(`## ${name}\n\n\`/${path}\`\n`), name);
  for (const field of [
    'repositories[].recommended.reason.code` | `same-digest`',
    'manifests.*.platforms[].compressedSizeBytes` | whole number or null | What a pull transfers',
    'integrity.faults[].images[].tags` | list of texts |',
    'links.cleanup` | text | Absent where the settings leave the clean-up out. May be absent.',
  ]) {
    assert.ok(reference.includes(`| \`${field}`), field);
  }
  assert.ok(reference.includes('| `events[].tag` | text or null | Null where'));
  assert.doesNotMatch(reference, /undefined|of any type|\[object|string|,null/);
});

test('a published schema refuses no field that a later release adds', () => {
  assert.doesNotMatch(JSON.stringify(publishedSchemas), /"additionalProperties":false/);
});
