import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nearestName } from '../../../src/settings/nearest-name.ts';

describe('the name that was meant', () => {
  const keys = ['sources', 'siteDir', 'stateDir', 'siteUrl', 'title', 'base', 'exclude', 'excludeTags', 'url'];
  const cases: readonly (readonly [string, string | null])[] = [
    ['source', 'sources'],
    ['sitedir', 'siteDir'],
    ['statedir', 'stateDir'],
    ['site_dir', 'siteDir'],
    ['siteURL', 'siteUrl'],
    ['ttile', 'title'],
    ['exlcude', 'exclude'],
    ['excludetag', 'excludeTags'],
    ['ulr', 'url'],
    ['uri', 'url'],
    ['registry', null],
    ['x', null],
    ['', null],
  ];
  for (const [word, expected] of cases) {
    it(`${JSON.stringify(word)}: ${expected}`, () => assert.equal(nearestName(word, keys), expected));
  }

  it('is none where there is no name', () => assert.equal(nearestName('a', []), null));
});
