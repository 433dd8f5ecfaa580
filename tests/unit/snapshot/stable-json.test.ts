import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeStableJson } from '../../../src/snapshot/stable-json.ts';

describe('stable JSON', () => {
  it('has a line for each entry of each collection, and ends with a line break', () => {
    const value = {
      version: 1,
      none: null,
      list: [{ b: 1, a: 2 }, 'x'],
      map: { z: [1, 2], a: {} },
      empty: [],
      bare: {},
    };
    assert.equal(
      encodeStableJson(value),
      [
        '{',
        '"version": 1,',
        '"none": null,',
        '"list": [',
        '{"b":1,"a":2},',
        '"x"',
        '],',
        '"map": {',
        '"z": [1,2],',
        '"a": {}',
        '},',
        '"empty": [],',
        '"bare": {}',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('is JSON that says the same', () => {
    const value = { 'key "quoted"\n': ['line\nbreak', '\u2028', '\ud800', '😀'], __proto__x: { constructor: 1 } };
    assert.deepEqual(JSON.parse(encodeStableJson(value)), value);
  });

  it('leaves out what is undefined', () => {
    assert.equal(encodeStableJson({ a: undefined, b: 1 }), '{\n"b": 1\n}\n');
  });

  it('keeps a key that is called `__proto__`', () => {
    const text = encodeStableJson({ map: JSON.parse('{"__proto__": 1}') });
    assert.match(text, /"__proto__": 1/);
  });
});
