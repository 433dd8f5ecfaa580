import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listCatalogueFiles, listRepositoryFilePaths, listRepositoryFiles } from '../../../src/api/list-api-files.ts';
import { createSampleWorld } from '../../support/sample-world.ts';

const { measured, repositories, site, status } = createSampleWorld();

describe("a repository's files", () => {
  for (const [at, repository] of repositories.entries()) {
    it(`of ${repository.name.slice(0, 40)} are where they are said to be`, () => {
      const summary = measured[at]?.summary;
      assert.ok(summary);
      const files = [...listRepositoryFiles(repository, summary, site)];
      assert.deepEqual(
        files.map(({ path }) => path),
        listRepositoryFilePaths(summary, site),
      );
      for (const { text } of files) assert.ok(text.endsWith('\n'));
    });
  }
});

it('the files of the catalogue are the index, its schemas, the catalogue itself and what is gone', () => {
  const summaries = measured.map(({ summary }) => summary);
  const paths = [...listCatalogueFiles(summaries, status, site)].map(({ path }) => path);
  assert.deepEqual(paths, [
    '-/api/v1/index.json',
    ...['catalogue', 'repository', 'status'].map((name) => `-/api/v1/schema/${name}.json`),
    '-/api/v1/catalogue.json',
    '-/gone.map',
  ]);
});
