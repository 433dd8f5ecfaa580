import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { encodeSettingsJsonSchema, formatSettingsReference } from '../../../src/settings/settings-reference.ts';

const folder = new URL('../../../src/settings/', import.meta.url);

test('the reference page and the JSON Schema are those of the schema (npm run settings-reference)', async () => {
  assert.equal(await readFile(new URL('README.md', folder), 'utf8'), formatSettingsReference());
  assert.equal(await readFile(new URL('settings.schema.json', folder), 'utf8'), encodeSettingsJsonSchema());
});

test('every key is described', () => {
  const rows = formatSettingsReference()
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  assert.ok(rows.length > 30);
  assert.deepEqual(
    rows.filter((row) => / \| {2}\|$/.test(row)),
    [],
  );
});
