import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catalogueJsonSchema } from '../../../src/api/catalogue-json.schema.ts';
import { encodeCatalogueJson } from '../../../src/api/catalogue-json.ts';
import { createSampleWorld } from '../../support/sample-world.ts';

const { measured, site, status } = createSampleWorld({ base: '/images/' });
const summaries = measured.map(({ summary }) => summary);

describe('catalogue.json', () => {
  const { path, text } = encodeCatalogueJson(summaries, status, site);
  const json = catalogueJsonSchema.parse(JSON.parse(text));

  it('lives where it is promised to', () => assert.equal(path, '-/api/v1/catalogue.json'));

  it('has every listed repository, sorted, and no removed one', () => {
    const names = json.repositories.map(({ name }) => String(name));
    assert.deepEqual(
      names,
      summaries
        .filter(({ state }) => state === 'listed')
        .map(({ name }) => String(name))
        .sort(),
    );
    assert.ok(!names.includes('services/removed'));
  });

  it('says all that is promised of a repository, and absent is null', () => {
    const node = json.repositories.find(({ name }) => name === 'releng/node24');
    assert.deepEqual(Object.keys(node ?? {}), [
      ...['name', 'kinds', 'tagCount', 'recommended', 'firstSeenAt', 'changedAt', 'staleSince', 'links'],
    ]);
    assert.equal(node?.recommended?.tag, '24.18.0-s1-20261116');
    assert.deepEqual(node?.recommended?.reason, { code: 'same-digest', text: 'same digest as latest' });
    assert.equal(node?.recommended?.createdAt, '2026-11-16T13:07:42Z');
    assert.deepEqual(
      node?.recommended?.platforms.map(({ platform }) => platform),
      ['linux/amd64', 'linux/arm64'],
    );
    assert.deepEqual(node?.links, {
      html: '/images/releng/node24/tags/',
      json: '/images/-/api/v1/repositories/releng/node24/-/repository.json',
    });
    assert.equal(json.repositories.find(({ name }) => name === 'scratch/empty')?.recommended, null);
  });

  it('counts', () => {
    assert.equal(json.counts.repositories, json.repositories.length);
    assert.equal(
      json.counts.tags,
      json.repositories.reduce((sum, { tagCount }) => sum + tagCount, 0),
    );
    assert.equal(json.counts.withheldRepositories, 3);
    assert.equal(json.complete, false);
  });

  it('has a line for each repository, so that two versions can be compared', () => {
    assert.ok(text.split('\n').length > json.repositories.length);
    assert.ok(text.endsWith('\n'));
  });
});
