import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { findSeal, sealBytes } from '../../../src/view/sealed-bytes.ts';

/** Of about a quarter of a mebibyte each, so that some make a piece. */
const texts = Array.from({ length: 23 }, (_, at) => `${at} ${'x'.repeat(250_000 + at)}\n`);

function readLines(whole: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < whole.length; from += lines.at(-1)?.length ?? 0) {
    lines.push(whole.subarray(from, whole.indexOf('\n', from) + 1));
  }
  return lines;
}

test('what comes of pieces does not depend on where they lie in memory, and what was read is not copied', () => {
  const content = Buffer.from(texts.join(''));
  const expected = Buffer.concat([content, Buffer.from(`${hash('sha256', content)}\n`)]);
  const read = readLines(content);
  assert.equal(read.length, texts.length);
  const apart = texts.map((text) => Buffer.from(text));
  const mixed = read.map((line, at) => (at % 5 === 3 ? (apart[at] as Buffer) : line));
  for (const lines of [read, apart, mixed]) assert.ok(Buffer.concat([...sealBytes(lines)]).equals(expected));
  const pieces = [...sealBytes(read)].slice(0, -1);
  assert.ok(pieces.length > 1 && pieces.length < texts.length / 2, `${pieces.length} pieces`);
  assert.ok(pieces.every(({ buffer }) => buffer === content.buffer));
  assert.equal(findSeal(expected), content.length);
});

test('what is not what was written has no seal', () => {
  const sealed = Buffer.concat([...sealBytes(['a\n', 'b\n'].map((text) => Buffer.from(text)))]);
  assert.equal(findSeal(sealed), 4);
  assert.equal(findSeal(Buffer.concat([...sealBytes([])])), null, 'nothing was written');
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] as number) ^ 1;
    assert.equal(findSeal(changed), null, `byte ${at}`);
    assert.equal(findSeal(sealed.subarray(0, at)), null, `cut off at ${at}`);
  }
});
