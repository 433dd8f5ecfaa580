import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRepositoryName } from '../../../src/oci/reference.ts';
import type { ReleaseRecord } from '../../../src/publish/release-record.schema.ts';
import { listPagesToMake, outlineSite, planSite, type SitePlan } from '../../../src/run/site-plan.ts';
import { tallyMeasured } from '../../../src/view/catalogue-totals.ts';
import { toRepositoryExtent } from '../../../src/view/repository-extent.ts';
import { toRepositorySummary } from '../../../src/view/repository-summary.ts';
import { createSite } from '../../../src/view/site.ts';
import { createImage, createRepository } from '../../support/catalogue-values.ts';

const settings = { title: 'Images', publicHost: 'h', alternateHosts: [], base: '/', movingTags: ['latest'] };
const whole = {
  lineagePages: 0,
  hasCleanup: false,
  outdated: new Set<never>(),
  shares: new Map<never, never>(),
};

function plan(names: readonly string[], before: SitePlan | null, leastFiles = 0): SitePlan {
  const measured = names.map((name) => {
    const repository = createRepository({ '1.0': createImage(name) }, { name: parseRepositoryName(name) });
    const summary = toRepositorySummary(repository, settings);
    return { file: name, summary, extent: toRepositoryExtent(repository, settings), recentEvents: [] };
  });
  const site = createSite(
    settings,
    measured.map(({ summary }) => summary),
  );
  const record = before && ({ fingerprint: 'f', repositories: before.repositories } as ReleaseRecord);
  return planSite(
    outlineSite(measured, [], tallyMeasured(measured), site),
    whole,
    'f',
    { means: 's', leastFiles },
    record,
  );
}

describe('what a release before has already', () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[], readonly string[]])[] = [
    ['is all of the same repositories', ['a/b', 'c'], ['a/b', 'c'], []],
    ['lacks a new one', ['c'], ['c', 'd'], ['d']],
    ['is not what now has something beneath it', ['a'], ['a', 'a/b'], ['a', 'a/b']],
    ['is not what links to a path that has moved', ['a/tags/b', 'c'], ['a', 'a/tags/b', 'c'], ['a', 'a/tags/b']],
  ];
  for (const [what, earlier, now, changed] of cases) {
    it(what, () => {
      const { changed: parts } = plan(now, plan(earlier, null));
      assert.deepEqual(
        parts.map(({ measured }) => measured.summary.name),
        changed,
      );
    });
  }
});

it('what must be made is counted before it is listed', () => {
  const before = plan(['a/b', 'c'], null);
  for (const after of [before, plan(['a/b', 'c', 'd'], before), plan(['a/b', 'c'], before)]) {
    const pages = listPagesToMake(after);
    assert.equal(pages.length, [...pages].length);
    const others = [...after.shared, ...after.keyed.filter(({ isChanged }) => isChanged)];
    assert.equal(pages.length, others.length + after.changed.flatMap((part) => part.listPages()).length);
  }
});

describe('the folders that releases share', () => {
  const foldersOf = (names: readonly string[]) =>
    plan(names, null).parts.map(({ folders, listLooseFiles, listFiles, fileCount }) => {
      const sealed = folders.flatMap((each) => each.listFiles());
      assert.deepEqual([...sealed, ...listLooseFiles()].sort(), [...listFiles()].sort());
      assert.equal(fileCount, listFiles().length);
      for (const folder of folders) assert.equal(folder.fileCount, folder.listFiles().length);
      return folders.map(({ folder }) => folder);
    });
  const facts = (name: string) => `-/api/v1/repositories/${name}`;

  it('are those of a repository’s pages and of its facts', () => {
    assert.deepEqual(foldersOf(['a/b']), [['a/b', facts('a/b')]]);
  });

  it('are none in which others lie', () => {
    assert.deepEqual(foldersOf(['a', 'a/b']), [[`${facts('a')}/-`], ['a/b', facts('a/b')]]);
    assert.deepEqual(foldersOf(['a', 'a/tags']), [[`${facts('a')}/-`], [facts('a/tags')]]);
  });

  it('are none where the pages live elsewhere', () => {
    assert.deepEqual(foldersOf(['v2/a']), [[facts('v2/a')]]);
  });

  it('are none where there are fewer files than is worth it', () => {
    const files = plan(['a/b'], null).parts[0]?.listFiles() ?? [];
    const foldersFrom = (leastFiles: number) => plan(['a/b'], null, leastFiles).parts.flatMap(({ folders }) => folders);
    assert.equal(foldersFrom(files.length).length, 2);
    const [part] = plan(['a/b'], null, files.length + 1).parts;
    assert.deepEqual([part?.folders, part?.listLooseFiles()], [[], files]);
    assert.equal(part?.key, plan(['a/b'], null).parts[0]?.key, 'whether they are shared changes no page');
  });

  it('have the ids that they had, for as long as nothing in them changes', () => {
    const idsOf = (names: readonly string[]) =>
      new Map(plan(names, null).parts.map(({ measured, folders }) => [measured.summary.name, folders[0]?.id]));
    const [one, two] = [idsOf(['a', 'c']), idsOf(['a', 'a/b', 'c'])];
    assert.equal(one.get(parseRepositoryName('c')), two.get(parseRepositoryName('c')));
    assert.notEqual(one.get(parseRepositoryName('a')), two.get(parseRepositoryName('a')));
  });
});
