import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listCatalogueFiles, listRepositoryFilePaths, listRepositoryFiles } from '../../../src/api/list-api-files.ts';
import { listChangeDays } from '../../../src/view/changes-view.ts';
import { sampleHost, sampleSummary } from '../../support/sample-catalogue.ts';
import { createSampleWorld } from '../../support/sample-world.ts';

const worlds = [createSampleWorld(), createSampleWorld({ siteUrl: 'https://registry.example.org/' })];
const origin = { registry: sampleHost, beganAt: sampleSummary.beganAt };

for (const { measured, repositories, site, status, settings } of worlds) {
  const where = settings.siteUrl ?? 'no address';

  describe(`with ${where}, a repository's files`, () => {
    for (const [at, repository] of repositories.entries()) {
      it(`of ${repository.name.slice(0, 40)} are where they are said to be`, () => {
        const summary = measured[at]?.summary;
        assert.ok(summary);
        const files = [...listRepositoryFiles(repository, summary, origin, site)];
        assert.deepEqual(
          files.map(({ path }) => path),
          listRepositoryFilePaths(summary, site),
        );
        assert.equal(
          files.some(({ path }) => path.endsWith('/feed.xml')),
          settings.siteUrl !== undefined,
        );
        for (const { text } of files) assert.ok(text.endsWith('\n'));
      });
    }
  });

  it(`with ${where}, the files of the catalogue are those of the whole`, () => {
    const summaries = measured.map(({ summary }) => summary);
    const days = listChangeDays(
      measured.map(({ summary: { name }, recentEvents }) => ({ name, events: recentEvents })),
    );
    const paths = [...listCatalogueFiles(summaries, days, origin, status, site, true)].map(({ path }) => path);
    assert.deepEqual(paths, [
      '-/api/v1/index.json',
      ...['index', 'catalogue', 'repository', 'history', 'changes', 'status'].map(
        (name) => `-/api/v1/schema/${name}.json`,
      ),
      ...['storage', 'repository-storage', 'lineage', 'cleanup'].map((name) => `-/api/v1/schema/${name}.json`),
      ...['-/api/v1/catalogue.json', '-/gone.map', '-/api/v1/changes.json'],
      ...(settings.siteUrl === undefined ? [] : ['-/feed.xml', '-/opensearch.xml', 'robots.txt', 'sitemap.xml']),
    ]);
  });
}
