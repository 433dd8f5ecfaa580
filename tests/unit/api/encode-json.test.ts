import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeJson, encodeJsonAround } from '../../../src/api/encode-json.ts';

describe('encodeJson', () => {
  it('gives each entry of each collection a line', () => {
    const value = { n: 1, none: null, list: [{ a: 1 }, 'x'], map: { b: [2], a: {} }, empty: [], nothing: {} };
    assert.equal(
      encodeJson(value),
      '{\n"n": 1,\n"none": null,\n"list": [\n{"a":1},\n"x"\n],\n"map": {\n"b": [2],\n"a": {}\n},\n"empty": [],\n"nothing": {}\n}\n',
    );
    assert.deepEqual(JSON.parse(encodeJson(value)), value);
  });

  it('keeps keys that are called like properties of objects', () => {
    const value = JSON.parse('{"map": {"__proto__": 1}}');
    assert.equal(encodeJson(value), '{\n"map": {\n"__proto__": 1\n}\n}\n');
  });
});

describe('encodeJsonAround', () => {
  const entries = [{ a: 1 }, 'x', 3];
  for (const keys of [['list'], ['n', 'list'], ['list', 'n'], ['n', 'list', 'map']]) {
    it(`frames the entries as encodeJson writes them, with ${keys}`, () => {
      const all: Record<string, unknown> = { n: 1, list: entries, map: { b: 2 } };
      const value = Object.fromEntries(keys.map((key) => [key, all[key]]));
      const { before, between, behind } = encodeJsonAround({ ...value, list: [] }, 'list');
      const text = entries.map((entry) => JSON.stringify(entry)).join(between);
      assert.equal(`${before}${text}${behind}`, encodeJson(value));
    });
  }
});
