import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listIndexFiles } from '../../../src/api/api-index.ts';
import { createSampleWorld } from '../../support/sample-world.ts';

const { site } = createSampleWorld({ base: '/images/' });

describe('the index of the API', () => {
  const files = listIndexFiles(site, true);

  it('leads to every file, and to a schema of each', () => {
    const index = JSON.parse(files[0]?.text ?? '');
    assert.equal(index.links.catalogue, '/images/-/api/v1/catalogue.json');
    const schemas = Object.values(index.schemas);
    assert.deepEqual(
      schemas,
      files.slice(1).map(({ path }) => `/images/${path}`),
    );
    for (const { text } of files.slice(1)) assert.match(text, /"\$schema": "https:\/\/json-schema\.org\//);
  });
});
