import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { encodeSettingsJsonSchema, formatSettingsReference } from '../../../src/settings/settings-reference.ts';

const folder = new URL('../../../src/settings/', import.meta.url);

test('the reference page and the JSON Schema are those of the schema (npm run settings-reference)', async () => {
  assert.equal(await readFile(new URL('README.md', folder), 'utf8'), formatSettingsReference());
  assert.equal(await readFile(new URL('settings.schema.json', folder), 'utf8'), encodeSettingsJsonSchema());
});

/** Every key of an object, and of the objects within it, whatever they are kept in. */
function listKeys(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {} } = schema as { properties?: Readonly<Record<string, unknown>> };
  const within = Object.entries(schema).flatMap(([word, value]) => {
    if (word === 'default' || word === 'properties') return [];
    return listKeys(value);
  });
  return [...Object.entries(properties).flatMap(([key, value]) => [key, ...listKeys(value)]), ...within];
}

test('every key of the schema stands in the reference, however deep it is', () => {
  const keys = listKeys(JSON.parse(encodeSettingsJsonSchema()));
  assert.ok(keys.includes('everyHours') && keys.includes('untouchedForDays') && keys.length > 55, keys.join(' '));
  const rows = formatSettingsReference()
    .split('\n')
    .map((line) => /^\| `(\w+)`/.exec(line)?.[1])
    .filter((key) => key !== undefined);
  const left = [...rows];
  for (const key of keys) {
    const place = left.indexOf(key);
    assert.notEqual(place, -1, key);
    left.splice(place, 1);
  }
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
