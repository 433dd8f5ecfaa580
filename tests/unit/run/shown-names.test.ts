import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createShownNames } from '../../../src/run/shown-names.ts';

const everything = { include: ['**'], exclude: [], includeTags: ['**'], excludeTags: [] };

describe('exclude wins', () => {
  it('over include, whichever is more exact', () => {
    const { isRepositoryShown } = createShownNames({
      ...everything,
      include: ['releng/**', 'restricted/public'],
      exclude: ['restricted/**', 'releng/private'],
    });
    const names = ['releng/node24', 'releng/private', 'restricted', 'restricted/public', 'other'];
    assert.deepEqual(names.filter(isRepositoryShown), ['releng/node24']);
  });

  it('for tags too', () => {
    const { isTagShown } = createShownNames({ ...everything, includeTags: ['v*'], excludeTags: ['/-dev$/'] });
    assert.deepEqual(['v1', 'v1-dev', 'latest', '-dev'].filter(isTagShown), ['v1']);
  });

  it('save for what the exclusion itself takes back', () => {
    const { isRepositoryShown } = createShownNames({ ...everything, exclude: ['ml/**', '!ml/public'] });
    assert.deepEqual(['ml/x', 'ml/public', 'a'].filter(isRepositoryShown), ['ml/public', 'a']);
  });
});

it('without settings everything is shown', () => {
  const { isRepositoryShown, isTagShown } = createShownNames(everything);
  assert.ok(isRepositoryShown('a/b/c') && isTagShown('__proto__') && isTagShown('1.0'));
});
