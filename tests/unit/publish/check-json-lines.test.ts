import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'astro/zod';
import { encodeJson } from '../../../src/api/encode-json.ts';
import { findJsonFault } from '../../../src/publish/check-json-lines.ts';

const schema = z.object({
  count: z.int().nonnegative(),
  note: z.string().nullable(),
  images: z.array(z.object({ name: z.string(), tags: z.array(z.string()) })).describe('Sorted.'),
  sums: z.object({ bytes: z.int() }).optional(),
});
const good = {
  count: 2,
  note: null,
  images: [
    { name: 'a', tags: ['1'] },
    { name: 'b, "c": [', tags: [] },
  ],
};

describe('a file that is checked line by line', () => {
  for (const [what, value] of [
    ['has all that it should', good],
    ['has an empty list', { ...good, images: [] }],
    ['has a map', { ...good, sums: { bytes: 1, more: [2] } }],
    ['ends with a map', { sums: { bytes: 1 }, ...good, images: [], more: { a: {} } }],
    ['ends with its list', { note: 'x', count: 0, images: good.images }],
    ['has what the schema does not know, lists too', { ...good, more: { a: 1 }, others: [1, { b: 2 }] }],
  ] as const) {
    it(`is fine where it ${what}`, () => assert.equal(findJsonFault(encodeJson(value), schema), null));
  }

  for (const [what, value, fault] of [
    ['a number is none', { ...good, count: -1 }, /^breaks its schema: count: /],
    ['an entry is another', { ...good, images: [...good.images, { name: 1, tags: [] }] }, /: images\.2\.name: /],
    ['a map is another', { ...good, sums: { bytes: '1' } }, /^breaks its schema: sums\.bytes: /],
    ['something is missing', { count: 1, images: [] }, /^breaks its schema: note: /],
    ['a list is none', { ...good, images: 'none' }, /^breaks its schema: images: /],
    ['what is a list should be none', { ...good, note: ['x'] }, /^breaks its schema: note: /],
  ] as const) {
    it(`breaks its schema where ${what}`, () => assert.match(findJsonFault(encodeJson(value), schema) ?? '', fault));
  }

  const text = encodeJson(good);
  for (const [what, broken] of [
    ['is cut off', text.slice(0, -3)],
    ['is cut off within its list', text.slice(0, text.indexOf('{"name":"b'))],
    ['is empty', ''],
    ['lacks a comma between entries', text.replace(']},\n', ']}\n')],
    ['has a comma too many', text.replace('\n]\n', ',\n]\n')],
    ['lacks a comma between members', text.replace('"note": null,', '"note": null')],
    ['has a broken entry', text.replace('"tags":["1"]', '"tags":["1"')],
    ['goes on behind its end', `${text}x\n`],
    ['is written on one line', `${JSON.stringify(good)}\n`],
  ] as const) {
    it(`is no such JSON where it ${what}`, () => {
      assert.notEqual(broken, text);
      assert.match(findJsonFault(broken, schema) ?? '', /^is not JSON/);
    });
  }

  it('names nothing twice', () => {
    const twice = text.replace('"note": null,', '"count": 2,\n"note": null,');
    assert.match(findJsonFault(twice, schema) ?? '', /count twice/);
  });
});
