/** A homepage and the search's files of a made catalogue, as a published site: all that the search's measure looks at. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listSearchFiles } from '../../src/api/search-files.ts';
import { compressSite } from '../../src/publish/compress-site.ts';
import { renderPages } from '../../src/run/render-pages.ts';
import { createSnapshotStore } from '../../src/snapshot/snapshot-store.ts';
import { countCatalogue } from '../../src/view/catalogue-totals.ts';
import { toRepositoryExtent } from '../../src/view/repository-extent.ts';
import { toRepositorySummary } from '../../src/view/repository-summary.ts';
import { encodeSummaryLine, joinSummaryLines } from '../../src/view/summary-lines.ts';
import { finishIn } from '../support/finishing.ts';
import { listPlainRepositories, sampleSummary } from '../support/sample-catalogue.ts';
import { makeRepositories } from './search-world.ts';

const tagsEach = 8;
const settings = {
  title: 'Images',
  publicHost: 'h.example.org',
  alternateHosts: [],
  base: '/',
  movingTags: ['latest'],
};

/** A homepage of `size` images, and the search's files of a catalogue as large, as a published site. */
export async function makeSearchSite(folder: string, size: number): Promise<string> {
  const siteDir = join(folder, String(size));
  if (existsSync(join(siteDir, 'current'))) return siteDir;
  const outDir = join(siteDir, 'releases', '1');
  const stateDir = join(siteDir, 'state');
  const repositories = listPlainRepositories(size, 1);
  const measured = repositories.map((repository) => ({
    file: createHash('sha256').update(repository.name).digest('hex'),
    summary: toRepositorySummary(repository, settings),
    extent: toRepositoryExtent(repository, settings),
    recentEvents: [],
  }));
  const entries = repositories.map(({ name, source, state, tags }, position) => {
    return { name, source, state, tags: tags.size, file: measured[position]?.file ?? '' };
  });
  await createSnapshotStore(stateDir).commit({ ...sampleSummary, repositories: entries });
  const summariesFile = join(stateDir, 'summaries.txt');
  await writeFile(summariesFile, [
    ...joinSummaryLines({ fingerprint: '', totals: countCatalogue(measured) }, measured.map(encodeSummaryLine)),
  ]);
  const pages = [{ kind: 'listing' as const, path: '', page: 1 }];
  // Of the whole catalogue the homepage asks only which bases are outdated, and here none is.
  const wholeFile = join(stateDir, 'whole.json');
  await writeFile(wholeFile, JSON.stringify({ images: [] }));
  const plan = { stateDir, summariesFile, wholeFile, settings, counts: countCatalogue(measured), faults: [] };
  await renderPages({ plan, pages, outDir, finishing: finishIn(folder), cacheDir: join(folder, 'cache') });
  await mkdir(join(outDir, '-', 'search'), { recursive: true });
  const shards: { readonly path: string; readonly text: string }[] = [];
  for await (const { path, text } of listSearchFiles(makeRepositories(size, tagsEach))) {
    if (path.endsWith('/index.json')) await writeFile(join(outDir, path), text);
    else shards.push({ path, text });
  }
  // Of the search's files only the index is weighed as it is transferred; to compress all others would take minutes.
  await compressSite(outDir, null);
  for (const { path, text } of shards) await writeFile(join(outDir, path), text);
  await symlink(join('releases', '1'), join(siteDir, 'current'));
  return siteDir;
}
