/**
 * How good, how quick and how heavy the search is: `node tests/bench/search.ts`, `--verbose` with all that went wrong and
 * `--scores` without the rest. The scores are of the names in the fixture; latency and weight are of made catalogues of three
 * sizes, on one thread and without a browser.
 */
import { brotliCompressSync, constants } from 'node:zlib';
import Fuse from 'fuse.js';
import { answerQuery, type SearchSources } from '../../src/search/answer-query.ts';
import { encodeSearchFiles, indexFileName } from '../../src/search/encode-search-files.ts';
import { createFuzzySearch } from '../../src/search/fuzzy-search.ts';
import { openSearch } from '../../src/search/open-search.ts';
import { parseQuery } from '../../src/search/parse-query.ts';
import { search } from '../../src/search/search.ts';
import { decodeSearchIndex } from '../../src/search/search-index-file.ts';
import type { Answer } from '../../src/search/search-result.ts';
import { createShardLookups } from '../../src/search/shard-lookups.ts';
import { type GradedQuery, grade, intentHosts, leastShares, makeGradedSets } from './search-graded.ts';
import { makeNames, makeRepositories, type NamedTags, readCatalogue, toBareRepository } from './search-world.ts';

const tagsEach = 8;
const seeds = [1, 2, 3];
const plainQueries = 40;
const isVerbose = process.argv.includes('--verbose');

await printScores();
if (!process.argv.includes('--scores')) for (const size of [500, 5000, 50_000]) await printCosts(size);

async function printScores(): Promise<void> {
  const catalogue = readCatalogue();
  const sources = openSearch(catalogue.map(toBareRepository));
  const baseline = createBaseline(catalogue);
  console.log(
    `Scores over ${catalogue.length} real names: the first result is right; in brackets fuse.js as it comes,`,
  );
  console.log(`of ${plainQueries} queries of each set, because it reads every tag for each`);
  for (const set of leastShares.keys()) {
    const queries = seeds.flatMap((seed) => makeGradedSets(catalogue, seed).get(set) ?? []);
    const { right, asked, wrong } = await grade(queries, (text) => answerQuery(sources, text, { hosts: intentHosts }));
    const plain = await grade(takeSome(queries), baseline);
    const least = leastShares.get(set) ?? 1;
    const verdict = right / asked >= least ? 'ok' : 'TOO FEW';
    console.log(
      `  ${set.padEnd(32)} ${percent(right / asked)} of ${asked} (at least ${percent(least)}) ${verdict} [${percent(plain.right / plain.asked)}]`,
    );
    if (isVerbose) for (const each of new Set(wrong)) console.log(`      ${each}`);
  }
}

/** Some queries from all over a set. */
function takeSome(queries: readonly GradedQuery[]): readonly GradedQuery[] {
  const step = Math.max(1, Math.floor(queries.length / plainQueries));
  return queries.filter((_, at) => at % step === 0).slice(0, plainQueries);
}

/** What one gets without any of this: names and tags as fuse.js finds them with its own settings. */
function createBaseline(catalogue: readonly NamedTags[]): (text: string) => Promise<Answer> {
  const items = catalogue.flatMap(({ name, tags }) => [{ name, tag: null }, ...tags.map((tag) => ({ name, tag }))]);
  const names = new Fuse(catalogue.map(({ name }) => name));
  const references = new Fuse(items.map(({ name, tag }) => (tag === null ? name : `${name}:${tag}`)));
  return async (text) => {
    const isTagged = /[: ]/.test(text);
    const [found] = (isTagged ? references : names).search(text, { limit: 1 });
    const item = found === undefined ? undefined : isTagged ? items[found.refIndex] : { name: found.item, tag: null };
    return { results: item === undefined ? [] : [item] } as unknown as Answer;
  };
}

async function printCosts(size: number): Promise<void> {
  const { files, sources } = openWorld(size);
  const index = files.get(indexFileName) ?? '';
  console.log(`\n${size} images`);
  console.log(`  index: ${index.length} bytes, Brotli ${compress(index)}${size === 5000 ? ' (at most 60000)' : ''}`);
  for (const family of ['images', 'tags', 'digests', 'labels', 'descriptions']) {
    const texts = [...files].filter(([name]) => name.startsWith(`${family}-`)).map(([, text]) => text);
    const largest = texts.reduce((largestYet, text) => (text.length > largestYet.length ? text : largestYet), '');
    const note = `the largest ${largest.length} bytes, Brotli ${compress(largest)}`;
    console.log(`  ${family}: ${texts.length} files, ${note}`);
  }
  const texts = typedTexts(makeNames(size));
  const scan = (text: string) => search(sources.index, parseQuery(text));
  await measure('names, each keystroke', texts, async (text) => scan(text));
  const mistyped = texts.filter((text) => text.length > 4).map((text) => `${text.slice(0, 2)}x${text.slice(3)}`);
  await measure('whole answer, mistyped', mistyped, (text) => answerQuery(sources, text));
  await measure(
    'whole answer, name:tag',
    texts.filter((text) => text.length > 4).map((text) => `${text}:1`),
    (text) => answerQuery(sources, text),
  );
}

async function measure(what: string, texts: readonly string[], ask: (text: string) => Promise<unknown>): Promise<void> {
  for (const text of texts.slice(0, 20)) await ask(text);
  const times: number[] = [];
  for (const text of texts) {
    const before = performance.now();
    await ask(text);
    times.push(performance.now() - before);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(2);
  console.log(
    `  ${what}: median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms, worst ${at(1)} ms (${times.length} texts)`,
  );
}

function openWorld(size: number): { readonly files: ReadonlyMap<string, string>; readonly sources: SearchSources } {
  const files = new Map<string, string>();
  for (const { name, text } of encodeSearchFiles(makeRepositories(size, tagsEach))) files.set(name, text);
  const index = decodeSearchIndex(files.get(indexFileName) ?? '');
  if (index.shards === null) throw new TypeError('the index names no shards');
  const lookups = createShardLookups(index, index.shards, async (name) => files.get(name) ?? '');
  return { files, sources: { index, lookups, fuzzy: createFuzzySearch(index) } };
}

/** What stands in the box while forty names are typed. */
function typedTexts(names: readonly string[]): string[] {
  return Array.from({ length: 40 }, (_, at) => {
    const name = names[(at * 7919 + 13) % names.length] ?? '';
    const part = name.slice(name.lastIndexOf('/') + 1);
    return Array.from({ length: Math.min(12, part.length) }, (__, length) => part.slice(0, length + 1));
  }).flat();
}

function compress(text: string): number {
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
  return brotliCompressSync(text, { params }).length;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
