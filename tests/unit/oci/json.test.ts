import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'astro/zod';
import { DecodeError } from '../../../src/oci/decode-error.ts';
import { decodeWith, parseJson } from '../../../src/oci/json.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('what is not JSON says what it is instead', () => {
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    ['nothing', bytesOf(''), 'it is empty'],
    ['blanks', bytesOf(' \n\t'), 'it is empty'],
    [
      'a login page',
      bytesOf('<!DOCTYPE html><html><body>Sign in</body></html>'),
      'it is an HTML or XML page, not JSON',
    ],
    ['a page after blanks', bytesOf('\n  <html>'), 'it is an HTML or XML page, not JSON'],
    ['an error of an object store', bytesOf('<?xml version="1.0"?><Error/>'), 'it is an HTML or XML page, not JSON'],
    ['half a document', bytesOf('{"schemaVersion": 2, "mani'), 'it is not JSON, or only a part of it'],
    ['plain text', bytesOf('upstream timed out'), 'it is not JSON, or only a part of it'],
    ['two documents', bytesOf('{}{}'), 'it is not JSON, or only a part of it'],
    ['a compressed body', new Uint8Array([0x1f, 0x8b, 0x08, 0x00, 0xff]), 'it is not UTF-8 text'],
    ['an overlong encoding', new Uint8Array([0x22, 0xc0, 0xaf, 0x22]), 'it is not UTF-8 text'],
  ];
  for (const [name, bytes, problem] of cases) {
    it(name, () => {
      assert.throws(() => parseJson(bytes, 'the manifest'), {
        name: 'DecodeError',
        code: 'INVALID_DOCUMENT',
        message: `the manifest is not valid: ${problem}`,
      });
    });
  }
});

it('a byte order mark is no part of the text, and a broken document before does no harm', () => {
  assert.throws(() => parseJson(new Uint8Array([0xff]), 'it'), DecodeError);
  assert.deepEqual(parseJson(bytesOf('\ufeff{"a":1}'), 'it'), { a: 1 });
});

describe('nesting', () => {
  for (const [name, open, close] of [
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
    ['both, with texts between', '["\\\\", {"a\\"]":', '}]'],
  ] as const) {
    it(`of ${name}, a hundred thousand deep, is refused`, () => {
      const text = `${open.repeat(100_000)}1${close.repeat(100_000)}`;
      assert.throws(() => parseJson(bytesOf(text), 'it'), { message: 'it is not valid: it is nested too deep' });
    });
  }

  it('is told from the bytes, before anything is made of them', () => {
    const deep = Buffer.from('['.repeat(101));
    assert.throws(() => parseJson(deep, 'it'), { message: 'it is not valid: it is nested too deep', isExcess: true });
  });

  it('of fifty levels is nothing', () => {
    const text = `${'['.repeat(50)}${']'.repeat(50)}`;
    assert.deepEqual(parseJson(bytesOf(text), 'it'), JSON.parse(text));
  });

  it('within a text, or one after another, is none', () => {
    for (const value of [
      '['.repeat(1000),
      '{"\\'.repeat(1000),
      '\\"['.repeat(1000),
      Array(1000).fill([]),
      ['"', '[', '\\'],
    ]) {
      assert.deepEqual(parseJson(bytesOf(JSON.stringify(value)), 'it'), value);
    }
  });
});

describe('values', () => {
  const cases: Readonly<Record<string, readonly [text: string, isTooMany: boolean]>> = {
    'half a million objects': [`[${'{},'.repeat(500_000)}{}]`, true],
    'half a million numbers and one': [`[${'1,'.repeat(500_000)}1]`, true],
    'half a million members': [`{${'"":1,'.repeat(500_001)}"":1}`, true],
    'a hundred thousand objects': [`[${'{},'.repeat(100_000)}{}]`, false],
    'a text of a million commas': [`["${',[]{}\\\\\\"'.repeat(1_000_000)}"]`, false],
  };
  for (const [name, [text, isTooMany]] of Object.entries(cases)) {
    it(`${name}: ${isTooMany ? 'refused' : 'read'}`, () => {
      const read = () => parseJson(Buffer.from(text), 'it');
      if (isTooMany)
        assert.throws(read, { message: 'it is not valid: it has more than 500000 values', isExcess: true });
      else assert.deepEqual(read(), JSON.parse(text));
    });
  }
});

describe('a value that is not as promised', () => {
  const schema = z.object({ config: z.object({ size: z.int() }) });
  it('names the first place that differs', () => {
    assert.throws(() => decodeWith(schema, { config: { size: 'x' } }, 'the manifest'), {
      message: 'the manifest is not valid: at config.size: Invalid input: expected number, received string',
    });
    assert.throws(() => decodeWith(schema, null, 'the manifest'), {
      message: 'the manifest is not valid: Invalid input: expected object, received null',
    });
  });

  it('is never quoted at length', () => {
    const deep = z.record(z.string(), z.int());
    assert.throws(
      () => decodeWith(deep, { ['k'.repeat(100_000)]: 'v'.repeat(100_000) }, 'it'),
      (error: Error) => error.message.length < 600,
    );
  });
});
