/**
 * How good, how quick and how heavy the search is: `node tests/bench/search.ts`. The scores are of the names in the
 * fixture; latency and weight are of made catalogues of three sizes, on one thread and without a browser.
 */
import { brotliCompressSync, constants } from 'node:zlib';
import { answerQuery, type SearchSources } from '../../src/search/answer-query.ts';
import { createSearchIndex } from '../../src/search/create-search-index.ts';
import { encodeSearchFiles, indexFileName } from '../../src/search/encode-search-files.ts';
import { createFuzzySearch } from '../../src/search/fuzzy-search.ts';
import { createMemoryLookups } from '../../src/search/memory-lookups.ts';
import { parseQuery } from '../../src/search/parse-query.ts';
import { search } from '../../src/search/search.ts';
import { decodeSearchIndex } from '../../src/search/search-index-file.ts';
import { createShardLookups } from '../../src/search/shard-lookups.ts';
import { grade, intentHosts, leastShares, makeGradedSets } from './search-graded.ts';
import { makeNames, makeRepositories, readNames, toBareRecord } from './search-world.ts';

const tagsEach = 8;
const isVerbose = process.argv.includes('--verbose');

await printScores();
for (const size of [500, 5000, 50_000]) await printCosts(size);

async function printScores(): Promise<void> {
  const names = readNames();
  const sources = openNames(names);
  console.log(`Scores over ${names.length} real names: the first result is right`);
  for (const [set, queries] of makeGradedSets(names, 1)) {
    const { right, asked, wrong } = await grade(queries, (text) => answerQuery(sources, text, { hosts: intentHosts }));
    const least = leastShares.get(set) ?? 1;
    const verdict = right / asked >= least ? 'ok' : 'TOO FEW';
    console.log(`  ${set.padEnd(24)} ${percent(right / asked)} of ${asked} (at least ${percent(least)}) ${verdict}`);
    if (isVerbose) for (const each of wrong) console.log(`      ${each}`);
  }
}

/** The names and nothing else: no date may decide what only the words should. */
function openNames(names: readonly string[]): SearchSources {
  const index = createSearchIndex(names.map(toBareRecord));
  return { index, lookups: createMemoryLookups([]), fuzzy: createFuzzySearch(index) };
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
