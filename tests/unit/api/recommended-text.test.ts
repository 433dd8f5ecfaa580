import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeRecommendedText } from '../../../src/api/recommended-text.ts';
import { createSampleWorld } from '../../support/sample-world.ts';

const { measured, site } = createSampleWorld();

describe('recommended.txt', () => {
  const textOf = (name: string) => {
    const summary = measured.find((each) => each.summary.name === name)?.summary;
    assert.ok(summary, name);
    return encodeRecommendedText(summary, site);
  };

  it('is one line', () => {
    assert.deepEqual(textOf('releng/node24'), {
      path: 'releng/node24/-/recommended.txt',
      text: 'registry.example.org/releng/node24:24.18.0-s1-20261116\n',
    });
  });

  for (const name of ['scratch/empty', 'services/asleep', 'services/removed']) {
    it(`is absent for ${name}`, () => assert.equal(textOf(name), null));
  }
});
