import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { continueKeptTexts, createKeptTexts, DamagedTextError } from '../../../src/run/kept-texts.ts';
import { useFolder } from '../../support/run-program.ts';

test('texts are there for the next run, which adds others behind them', async (t) => {
  const folder = join(await useFolder(t), 'texts');
  const first = createKeptTexts(folder, 'sha256');
  const one = first.add('größe');
  const head = first.head();
  // Nobody was told of it, as when the run is killed.
  first.add('lost');
  first.close();
  const second = continueKeptTexts(folder, head, 'sha256');
  const other = second.add('other');
  assert.deepEqual(
    [one, other].map((place) => second.read(place).toString()),
    ['größe', 'other'],
  );
  assert.equal(other.from, head.endsAt);
  second.close();
});

test('texts move when more than half is of no use, or when it may not stay', async (t) => {
  const folder = join(await useFolder(t), 'texts');
  const texts = createKeptTexts(folder, 'sha256');
  const places = ['first', 'a secret', 'third'].map(texts.add);
  assert.deepEqual(texts.settle(places, false), places);
  const [, , third] = places;
  assert.ok(third);
  const before = texts.head();
  const [moved] = texts.settle([third], false);
  assert.ok(moved);
  assert.notEqual(texts.head().texts, before.texts);
  assert.equal(texts.read(moved).toString(), 'third');
  // A run that is killed before it has told where they are goes on with the old file.
  assert.equal(readdirSync(folder).length, 2);
  const other = continueKeptTexts(folder, before, 'sha256');
  assert.deepEqual(readdirSync(folder), [before.texts], 'what it wrote elsewhere is gone');
  other.close();
  texts.close();
});

test('a text that must be forgotten is gone for good', async (t) => {
  const folder = join(await useFolder(t), 'texts');
  const texts = createKeptTexts(folder, 'sha256');
  const [, moved] = ['a secret', 'third'].map(texts.add);
  assert.ok(moved);
  assert.deepEqual(
    texts.settle([moved], true).map((place) => texts.read(place).toString()),
    ['third'],
  );
  texts.removeOthers();
  assert.deepEqual(
    readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')),
    ['third'],
  );
  texts.close();
});

for (const knownBy of ['sha256', 'crc32'] as const) {
  test(`a text that is not what was added is none, and is not moved as if it were: known by ${knownBy}`, async (t) => {
    const folder = join(await useFolder(t), 'texts');
    const texts = createKeptTexts(folder, knownBy);
    const written = 'what was written';
    const place = texts.add(written);
    const { texts: file, endsAt } = texts.head();
    assert.equal(texts.read(place).toString(), written);
    for (let at = 0; at < written.length; at++) {
      const altered = Buffer.from(written);
      altered[at] = (altered[at] as number) ^ 1;
      writeFileSync(join(folder, file), altered);
      assert.throws(() => texts.read(place), DamagedTextError);
    }
    assert.throws(() => texts.settle([place], true), DamagedTextError);
    texts.close();
    assert.throws(() => continueKeptTexts(folder, { texts: file, endsAt: endsAt + 1 }, knownBy), /ends too early/);
  });
}
