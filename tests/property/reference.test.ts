import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { computeDigest, digestAlgorithm, digestHex, isDigest, matchesDigest } from '../../src/oci/digest.ts';
import { isRepositoryName, isTag, nameParts, parseRepositoryName, parseTag } from '../../src/oci/reference.ts';

const RUNS = { numRuns: 1000 };

const characters = fc.constantFrom(...'aZ09.-_/:@+ ~%\n\0ä'.split(''));
const nearlyName = fc.array(characters, { maxLength: 12 }).map((list) => list.join(''));
const word = fc.stringMatching(/^[a-z0-9]{1,6}$/);
const part = fc
  .tuple(word, fc.array(fc.tuple(fc.constantFrom('.', '_', '__', '-', '---'), word), { maxLength: 3 }))
  .map(([first, others]) => first + others.flat().join(''));
const name = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'));

/** The grammar of the distribution specification, read one character at a time. */
function isNameByHand(text: string): boolean {
  if (text.length > 255) return false;
  return text.split('/').every((one) => {
    const words = one.split(/\.|__|_|-+/);
    return words.every((letters) => letters !== '' && [...letters].every((letter) => /[a-z0-9]/.test(letter)));
  });
}

it('every name of the grammar is taken as it is, and its parts make it again', () => {
  fc.assert(
    fc.property(name, (text) => {
      const parsed = parseRepositoryName(text);
      assert.equal(parsed, text);
      assert.equal(nameParts(parsed).join('/'), text);
      assert.ok(
        nameParts(parsed).every((one) => isRepositoryName(one) && !one.startsWith('-') && !one.startsWith('.')),
      );
    }),
    RUNS,
  );
});

it('what is nearly a name is one exactly when it follows the grammar', () => {
  fc.assert(
    fc.property(fc.oneof(nearlyName, name, fc.string()), (text) => {
      assert.equal(isRepositoryName(text), isNameByHand(text));
    }),
    { numRuns: 5000 },
  );
});

it('no name and no tag leaves its folder, or breaks an address', () => {
  fc.assert(
    fc.property(fc.oneof(nearlyName, fc.string()), (text) => {
      if (isRepositoryName(text)) {
        assert.equal(encodeURI(text), text);
        assert.ok(!text.split('/').some((one) => one === '' || one === '.' || one === '..' || one === '-'));
      }
      if (isTag(text)) {
        assert.equal(encodeURIComponent(text), text);
        assert.equal(parseTag(text), text);
        assert.ok(text.length <= 128);
      }
    }),
    { numRuns: 5000 },
  );
});

it('a digest names its bytes and no others', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), fc.constantFrom('sha256', 'sha512'), (bytes, others, algorithm) => {
      const digest = computeDigest(bytes, algorithm);
      assert.ok(isDigest(digest));
      assert.equal(`${digestAlgorithm(digest)}:${digestHex(digest)}`, digest);
      assert.ok(matchesDigest(bytes, digest));
      assert.equal(matchesDigest(others, digest), Buffer.from(bytes).equals(others));
    }),
    RUNS,
  );
});
