/** Renders the sample catalogue once, and reads the pages as `curl` gets them. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pickBuildDate } from '../../src/catalogue/dates.ts';
import { pickRecommendedTag, seenAtOf } from '../../src/catalogue/recommended-tag.ts';
import { listPlatforms } from '../../src/catalogue/sizes.ts';
import { formatPlatform } from '../../src/oci/platform.ts';
import { parseRepositoryName } from '../../src/oci/reference.ts';
import { readMadeFiles } from '../../src/publish/made-files.ts';
import { type OpenedRenderer, openBatches } from '../../src/run/page-batches.ts';
import { prepareRenderer } from '../../src/run/prepare-renderer.ts';
import { ProcessError } from '../../src/run/process-error.ts';
import { programDir } from '../../src/run/program-version.ts';
import { pagesWorthAProcess, renderPages } from '../../src/run/render-pages.ts';
import { createSnapshotStore } from '../../src/snapshot/snapshot-store.ts';
import { imageAddress, toOutputFile } from '../../src/view/addresses.ts';
import { countCatalogue } from '../../src/view/catalogue-totals.ts';
import { listChangeDays, listChangesPlaces } from '../../src/view/changes-view.ts';
import { formatExactBytes, formatSize } from '../../src/view/format-size.ts';
import { countLayerUses } from '../../src/view/layer-uses.ts';
import { listImages } from '../../src/view/listed-images.ts';
import {
  listListingPages,
  listRepositoryPages,
  listSelectionPages,
  listWholePages,
  type Page,
  type PageSequence,
  toPageAddress,
} from '../../src/view/page-list.ts';
import type { RenderPlan } from '../../src/view/render-plan.ts';
import { prepareSelections } from '../../src/view/selections.ts';
import { encodeSummaryLine, joinSummaryLines } from '../../src/view/summary-lines.ts';
import { createIsBaseOutdated, encodeWholeViews } from '../../src/view/whole-views.ts';
import { finishIn } from '../support/finishing.ts';
import { writeSampleSnapshot } from '../support/sample-catalogue.ts';
import { createSampleWorld, workOutSample } from '../support/sample-world.ts';

const base = '/images/';
const world = createSampleWorld({ base });
const { settings, site, repositories, measured, status } = world;
const whole = await workOutSample(world);
const days = listChangeDays(measured.map(({ summary: { name }, recentEvents }) => ({ name, events: recentEvents })));
const listed = listImages(measured.map(({ summary }) => summary));
const selectionsOf = prepareSelections(listed, site);
const pages: readonly Page[] = [
  ...listListingPages(
    measured.map(({ summary }) => summary),
    listed,
  ),
  ...listSelectionPages(selectionsOf(createIsBaseOutdated(whole))),
  ...listChangesPlaces(days).map((place): Page => ({ kind: 'changes', ...place })),
  { kind: 'status' },
  { kind: 'help' },
  { kind: 'not-found' },
  ...listWholePages({ lineagePages: whole.lineages.length, hasCleanup: true }),
  ...measured.flatMap(({ summary, extent }) => listRepositoryPages(summary.name, extent, site)),
];

/** What Astro and Vite leave in a project's folder when nobody tells them not to. */
const listLeftBehind = () => {
  const places = ['.astro', 'dist', 'node_modules/.vite', 'node_modules/.astro'];
  return places.filter((place) => existsSync(join(programDir, place)));
};
const leftBehindBefore = listLeftBehind();

let folder = '';
let outDir = '';

function createPlan(over: Partial<RenderPlan> = {}): RenderPlan {
  return {
    stateDir: join(folder, 'state'),
    summariesFile: join(folder, 'summaries.txt'),
    wholeFile: join(folder, 'whole.json'),
    settings: structuredClone(settings),
    counts: status.totals,
    faults: [],
    ...over,
  };
}

const finishing = () => finishIn(folder, settings.base);

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-homepage-render-'));
  outDir = join(folder, 'out');
  await writeSampleSnapshot(join(folder, 'state'));
  await writeFile(join(folder, 'summaries.txt'), [
    ...joinSummaryLines({ fingerprint: '', totals: countCatalogue(measured) }, measured.map(encodeSummaryLine)),
  ]);
  await writeFile(join(folder, 'whole.json'), encodeWholeViews(whole));
  await renderPages({ plan: createPlan(), pages, outDir, finishing: finishing(), cacheDir: join(folder, 'cache') });
});
after(() => rm(folder, { recursive: true }));

const readPage = (address: string) => readFile(join(outDir, toOutputFile(address)), 'utf8');

/** What a reader without style sheet and script sees. */
function toText(html: string): string {
  return html
    .replace(/^.*<main[^>]*>/s, '')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#34;', '"')
    .replaceAll('&amp;', '&');
}

async function listOutputs(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}

describe('the pages', () => {
  it('are those of the plan, the 404 page, and hashed files', async () => {
    const outputs = (await listOutputs(outDir)).filter((file) => !/^-\/assets\/|\.gz$/.test(file));
    const planned = pages.map((page) => toOutputFile(toPageAddress(page, site)));
    assert.deepEqual(outputs, [...planned, 'favicon.svg', 'robots.txt'].sort());
  });

  it('are compressed where that is quick, and what was found in them is kept', async () => {
    const outputs = new Set(await listOutputs(outDir));
    const made = [...readMadeFiles(finishing().madeFolder)];
    assert.ok(pages.every((page) => made.some(({ path }) => path === toOutputFile(toPageAddress(page, site)))));
    const few = new Set(['index.html', '404.html']);
    for (const { path, sizeBytes, problems } of made) {
      assert.deepEqual(problems, []);
      assert.equal(outputs.has(`${path}.gz`), sizeBytes >= 512 && !few.has(path), path);
    }
  });

  it('leave nothing in the program’s own folder', () => assert.deepEqual(listLeftBehind(), leftBehindBefore));
});

describe('every page', () => {
  const each = async (check: (html: string, file: string) => void) => {
    const files = (await listOutputs(outDir)).filter((file) => file.endsWith('.html'));
    assert.ok(files.length > 100);
    for (const file of files) check(await readFile(join(outDir, file), 'utf8'), file);
  };

  it('has a title of its own', async () => {
    const titles = new Map<string, string>();
    await each((html, file) => {
      const title = /<title>([^<]+)<\/title>/.exec(html)?.[1];
      assert.ok(title, file);
      assert.equal(titles.get(title), undefined, `${file} has the title of ${titles.get(title)}`);
      titles.set(title, file);
    });
  });

  it('runs nothing that stands in it, and says so to the browser', async () => {
    await each((html, file) => {
      assert.match(html, /<meta http-equiv="Content-Security-Policy" content="default-src 'none';/, file);
      const scripts = html.match(/<script[^>]*>/g) ?? [];
      assert.deepEqual(
        scripts.filter((tag) => !/^<script type="module" src="\/images\/-\/assets\/[\w.-]+\.js">$/.test(tag)),
        [],
        file,
      );
      for (const [tag] of html.matchAll(/<[a-z][^>]*>/g)) {
        assert.doesNotMatch(tag, /^<style|\sstyle=|\son[a-z]+=|href="(?!https?:|\/images\/|#)/, file);
      }
      assert.doesNotMatch(html, /[\u202a-\u202e\u2066-\u2069\u200b]/, file);
    });
  });

  it('links only to what is there', async () => {
    const outputs = new Set(await listOutputs(outDir));
    let links = 0;
    await each((html, file) => {
      for (const [, href = ''] of html.matchAll(/(?:href|src)="\/images\/([^"#?]*)/g)) {
        links++;
        // Plain writers make these.
        if (/^-\/api\/|^-\/status\.json$|^-\/cleanup\/[\w.]+$|\/-\/(?:badge\.svg|recommended\.txt)$/.test(href))
          continue;
        assert.ok(outputs.has(toOutputFile(href)), `${file} links to ${href}`);
      }
      const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
      assert.equal(new Set(ids).size, ids.length, `${file} has an id twice`);
      for (const [, anchor = ''] of html.matchAll(/href="#([^"]*)"/g))
        assert.ok(ids.includes(anchor), `${file}#${anchor}`);
    });
    assert.ok(links > 1000);
  });

  it('carries nothing that changes with the hour', async () => {
    await each((html, file) => assert.doesNotMatch(html, /14:07:31|2026-11-20T14/, file));
  });
});

describe('the homepage', () => {
  it('has every image, with its tag, date, size, platforms and number of tags', async () => {
    const html = await readPage('');
    for (const { summary } of measured) {
      const row = html
        .split('<tr')
        .slice(1)
        .find((part) => part.includes(`href="${base}${imageAddress(summary.name)}"`))
        ?.split('</tr>')[0];
      if (summary.state === 'removed') {
        assert.equal(row, undefined, summary.name);
        continue;
      }
      assert.ok(row, summary.name);
      const text = toText(`<main>${row}`);
      assert.ok(text.includes(summary.name), summary.name);
      if (summary.recommended !== null) assert.ok(text.includes(summary.recommended.tag), summary.name);
      if (summary.createdAt !== null) assert.ok(row.includes(`datetime="${summary.createdAt}"`), summary.name);
      const sizes = summary.platforms.flatMap(({ compressedSizeBytes }) => compressedSizeBytes ?? []);
      if (sizes.length > 0) assert.ok(row.includes(`value="${Math.max(...sizes)}"`), summary.name);
      for (const { platform } of summary.platforms)
        assert.ok(text.includes(platform?.split('/')[1] ?? '?'), summary.name);
      assert.match(text, new RegExp(`${summary.tagCount}$`), summary.name);
    }
  });

  it('keeps a place for the hour', async () => {
    assert.match(await readPage(''), /<!--freshness--><!--\/freshness-->/);
    assert.match(await readPage('-/status/'), /<!--status--><!--\/status-->/);
  });
});

describe('the page of each image', () => {
  for (const repository of repositories) {
    it(`of ${repository.name.slice(0, 60)} has every fact`, async () => {
      const extent = measured.find(({ summary }) => summary.name === repository.name)?.extent;
      const addresses = Array.from({ length: extent?.tagPageCount ?? 0 }, (_, at) =>
        imageAddress(repository.name, at + 1),
      );
      const contents = await Promise.all(addresses.map(readPage));
      const html = contents.join('');
      const text = contents.map(toText).join('');
      for (const [tag, record] of repository.tags) {
        assert.ok(html.includes(`id="tag:${tag}"`), tag);
        if (record.digest === null) continue;
        assert.ok(html.includes(record.digest), `${tag}: digest`);
        const createdAt = pickBuildDate(record.digest, repository, seenAtOf(record));
        if (createdAt !== null && !tag.startsWith('sha256-'))
          assert.ok(html.includes(`datetime="${createdAt}"`), `${tag}: ${createdAt}`);
        for (const { platform, compressedSizeBytes } of listPlatforms(record.digest, repository, seenAtOf(record))) {
          if (platform !== null) assert.ok(text.includes(formatPlatform(platform)), `${tag}: platform`);
          if (compressedSizeBytes !== null) {
            assert.ok(
              html.includes(
                `value="${compressedSizeBytes}" title="${formatExactBytes(compressedSizeBytes)}">${formatSize(compressedSizeBytes)}<`,
              ),
              `${tag}: size`,
            );
          }
        }
      }
      const recommended = pickRecommendedTag(repository, settings.movingTags);
      if (recommended === null || repository.state === 'removed') return;
      assert.ok(
        text.includes(`${settings.publicHost}/${repository.name}:${recommended.tag}`) || text.includes(`--version`),
      );
      assert.ok(text.includes(`${settings.publicHost}/${repository.name}@${recommended.digest}`));
    });
  }

  it('offers each tool a valid command', async () => {
    const text = toText(await readPage('releng/node24/tags/'));
    const image = 'registry.example.org/releng/node24:24.18.0-s1-20261116';
    for (const tool of ['docker', 'podman', 'nerdctl', 'crictl'])
      assert.ok(text.includes(`${tool} pull ${image}`), tool);
    assert.ok(text.includes(`skopeo copy --all docker://${image} oci:node24:24.18.0-s1-20261116`));
    const chart = toText(await readPage('charts/web/tags/'));
    assert.ok(chart.includes('helm pull oci://registry.example.org/charts/web --version 2.0.0+build.5'));
    assert.ok(
      toText(await readPage('policies/admission/tags/')).includes(
        'oras pull registry.example.org/policies/admission:0.3.0',
      ),
    );
  });

  for (const [address, notice] of [
    ['services/asleep/tags/', /could not be read since 18 November 2026, 02:07 UTC/],
    ['services/removed/tags/', /no longer has this image/],
    ['scratch/empty/tags/', /has no tags/],
    ['services/ill/tags/', /not readable yet.*the manifest is not valid.*Docker schema 1 image/s],
    ['services/signed/tags/', /Signatures and attestations/],
  ] as const) {
    it(`says what is the matter with ${address}`, async () => assert.match(toText(await readPage(address)), notice));
  }
});

describe('the page of a manifest', () => {
  it('has every platform, layer, label and step', async () => {
    const repository = repositories.find(({ name }) => name === 'releng/node24');
    const page = pages.find((each) => each.kind === 'manifest' && each.name === repository?.name);
    assert.ok(repository && page?.kind === 'manifest');
    const text = toText(await readPage(toPageAddress(page, site)));
    const index = repository.manifests.get(page.digest);
    assert.ok(index?.shape === 'index');
    for (const child of index.children) assert.ok(text.includes(child.digest), child.digest);
    let layers = 0;
    for (const { digest } of index.children) {
      const facts = repository.manifests.get(digest);
      if (facts?.shape !== 'manifest') continue;
      for (const layer of facts.layers) {
        layers++;
        assert.ok(text.includes(layer.digest), layer.digest);
        assert.ok(text.includes(formatSize(layer.sizeBytes)), String(layer.sizeBytes));
      }
      const total = facts.layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      assert.ok(text.includes(formatExactBytes(total)), String(total));
    }
    assert.equal(layers, 8);
    for (const fact of [
      '["node", "server.js", "--port", "8080"]',
      'NODE_ENV=production',
      'RUN apt-get update',
      'MIT AND Apache-2.0',
    ]) {
      assert.ok(text.includes(fact), fact);
    }
    assert.ok(text.includes(`skopeo inspect --raw docker://registry.example.org/releng/node24@${page.digest}`));
  });

  it('shows hostile labels as they are, and none of them does anything', async () => {
    const page = pages.find((each) => each.kind === 'manifest' && each.name === 'hostile/labels');
    assert.ok(page);
    const html = await readPage(toPageAddress(page, site));
    for (const text of [
      '<script>alert(3)</script>',
      '<img src=x onerror=alert(2)>',
      '⟨U+202E⟩txt.exe',
      'javascript:alert(1)',
    ]) {
      assert.ok(toText(html).includes(text), text);
    }
    for (const key of ['__proto__', 'constructor']) assert.ok(html.includes(`<bdi>${key}</bdi>`), key);
    assert.doesNotMatch(html, /href="javascript|href="https:\/\/user|<img|<b>/);
  });
});

describe('rendering', () => {
  it('makes the same bytes in another time zone, another folder, and in any batch', async () => {
    const elsewhere = join(folder, 'elsewhere', 'out');
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Pacific/Kiritimati';
    try {
      const half = pages.length >> 1;
      for (const part of [pages.slice(0, half), pages.slice(half)]) {
        await renderPages({
          plan: createPlan(),
          pages: part,
          outDir: elsewhere,
          finishing: finishing(),
          cacheDir: join(folder, 'other cache'),
        });
      }
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
    const outputs = await listOutputs(outDir);
    assert.deepEqual(await listOutputs(elsewhere), outputs);
    for (const file of outputs) {
      assert.deepEqual(await readFile(join(elsewhere, file)), await readFile(join(outDir, file)), file);
    }
  });

  it('fails on a broken snapshot, and says which file', async () => {
    const broken = join(folder, 'broken');
    await writeSampleSnapshot(broken);
    const place = join(broken, 'snapshot/repositories/debian/-');
    const [file = ''] = await readdir(place);
    await writeFile(join(place, file), '{}');
    const rendering = renderPages({
      plan: createPlan({ stateDir: broken }),
      pages: pages.filter((page) => 'name' in page && page.name === 'debian'),
      ...{ outDir: join(folder, 'never'), finishing: finishing(), cacheDir: join(folder, 'cache') },
    });
    await assert.rejects(rendering, (error) => error instanceof ProcessError && error.message.includes(file));
  });

  it('replaces nothing that is there', async () => {
    const rendering = renderPages({
      plan: createPlan(),
      pages: pages.slice(0, 1),
      outDir,
      finishing: finishing(),
      cacheDir: join(folder, 'cache'),
    });
    await assert.rejects(rendering, (error) => error instanceof ProcessError && error.message.includes('EEXIST'));
  });

  it('links what stands byte for byte in the release before, and writes the rest', async () => {
    const before = join(folder, 'before');
    await cp(outDir, before, { recursive: true });
    const changed = join(before, toOutputFile(imageAddress(parseRepositoryName('releng/node24'))));
    await writeFile(changed, 'something else');
    const made = join(folder, 'linked');
    const options = {
      plan: createPlan(),
      pages,
      before,
      outDir: made,
      finishing: finishing(),
      cacheDir: join(folder, 'cache'),
    };
    assert.equal((await renderPages(options)).written, 1);
    for (const page of pages) {
      const file = toOutputFile(toPageAddress(page, site));
      assert.deepEqual(await readFile(join(made, file)), await readFile(join(outDir, file)), file);
      const [{ ino }, known] = await Promise.all([stat(join(made, file)), stat(join(before, file))]);
      assert.equal(ino === known.ino, join(before, file) !== changed, file);
    }
  });

  it('builds its renderer once, and again where what it kept is not whole', async () => {
    const [cacheDir, page] = [join(folder, 'cache'), pages.slice(0, 1)];
    const entry = join(cacheDir, 'renderer', 'server', 'entry.mjs');
    const [bytes, { mtimeMs }] = [await readFile(entry), await stat(entry)];
    await renderPages({
      plan: createPlan(),
      pages: page,
      outDir: join(folder, 'again'),
      finishing: finishing(),
      cacheDir,
    });
    assert.equal((await stat(entry)).mtimeMs, mtimeMs);
    await writeFile(entry, bytes.subarray(0, bytes.length >> 1));
    await renderPages({
      plan: createPlan(),
      pages: page,
      outDir: join(folder, 'anew'),
      finishing: finishing(),
      cacheDir,
    });
    assert.equal((await readFile(entry)).length, bytes.length);
  });

  it('makes the same bytes in processes, and of what is at hand already', async () => {
    const cacheDir = join(folder, 'cache');
    const renderer = await prepareRenderer({ base: createPlan().settings.base, cacheDir });
    const index = await createSnapshotStore(join(folder, 'state')).readIndex();
    const fileOf = (name: string) => index?.repositories.find((entry) => entry.name === name)?.file ?? '';
    const layerCounts = countLayerUses(measured.map(({ extent }) => extent));
    const opened = openBatches(
      { entry: renderer.entry, plan: createPlan(), keys: null },
      {
        ...{ site, listed, selectionsOf, days, layerCounts },
        measured: measured.map((each) => ({ ...each, file: fileOf(each.summary.name) })),
      },
    );
    const render = (name: string, over: Partial<Parameters<typeof renderPages>[0]>) =>
      renderPages({
        ...{ plan: createPlan(), pages, outDir: join(folder, name), finishing: finishing(), cacheDir, renderer },
        ...over,
      });
    assert.equal((await render('at hand', { opened })).rendered, pages.length);
    // They were never so many that they were worth one.
    const many: PageSequence = { length: pagesWorthAProcess + 1, [Symbol.iterator]: () => pages.values() };
    assert.equal((await render('in processes', { pages: many })).rendered, pages.length);
    for (const name of ['at hand', 'in processes']) {
      for (const file of await listOutputs(outDir)) {
        assert.deepEqual(await readFile(join(folder, name, file)), await readFile(join(outDir, file)), file);
      }
    }
  });

  it('goes on in processes where so many have to be rendered, once there is room for them', async () => {
    const cacheDir = join(folder, 'cache');
    const { entry } = await prepareRenderer({ base: createPlan().settings.base, cacheDir });
    const freed: string[] = [];
    // The sample has too few pages: each counts as many.
    const opened: OpenedRenderer = {
      begin: (orders) => {
        const { render, close } = openBatches({ entry, plan: createPlan(), keys: null }).begin(orders);
        return {
          close,
          render: async (batch, signal) => ({ ...(await render(batch, signal)), rendered: pagesWorthAProcess / 2 }),
        };
      },
    };
    const made = join(folder, 'both');
    const { rendered, keys } = await renderPages({
      ...{ plan: createPlan(), pages, outDir: made, finishing: finishing(), cacheDir, opened },
      freeOthers: async () => {
        freed.push((await readdir(made, { recursive: true })).filter((file) => file.endsWith('.html')).join());
      },
    });
    assert.equal(rendered, pagesWorthAProcess + pages.length - 2);
    assert.equal(keys.length, pages.length);
    assert.equal(freed.length, 1);
    assert.equal(freed[0]?.split(',').length, 2);
    for (const page of pages) {
      const file = toOutputFile(toPageAddress(page, site));
      assert.deepEqual(await readFile(join(made, file)), await readFile(join(outDir, file)), file);
    }
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const rendering = renderPages({
      plan: createPlan(),
      pages,
      outDir: join(folder, 'never'),
      finishing: finishing(),
      cacheDir: join(folder, 'cache'),
      signal,
    });
    await assert.rejects(rendering, /enough/);
  });
});
