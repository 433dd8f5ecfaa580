/**
 * What an hour costs, beside what it may cost: `npm run bench -- S W`. `tag-order`, `search` and `search-browser` run
 * those benchmarks; numbers after the last are the sizes it measures. Without names: S, W and M. `--write` keeps the results
 * of the worlds in RESULTS.md, beside those of the other worlds; `--folder` keeps what they are made of. `lighthouse --folder SITE_DIR` asks Lighthouse about a
 * published site, and fetches it for that.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  coldCrawlStep,
  describeScale,
  firstRunStep,
  formatMeasurement,
  formatResults,
  scaleStep,
  type WorldResult,
} from './format-results.ts';
import { describeMachine } from './machine.ts';
import { measureWorld } from './measure-world.ts';
import { isWithinLimit, type Measurement } from './measurement.ts';
import { countRepositories, countTags, type World, worlds } from './worlds.ts';

const others: Readonly<Record<string, () => Promise<unknown>>> = {
  'tag-order': () => import('./tag-order.ts'),
  search: () => import('./search.ts'),
  'search-browser': () => import('./search-browser.ts'),
  lighthouse: async () => (await import('./lighthouse.ts')).measureLighthouse(values.folder ?? ''),
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    folder: { type: 'string' },
    verbose: { type: 'boolean' },
    scores: { type: 'boolean' },
  },
});
const asked = positionals.filter((name) => !/^\d+$/.test(name));
const names = asked.length > 0 ? asked : ['S', 'W', 'M'];
const unknown = names.filter((name) => !(name in worlds) && !(name in others));
if (unknown.length > 0) {
  console.error(`${unknown.join(', ')}: expected ${[...Object.keys(worlds), ...Object.keys(others)].join(', ')}`);
  process.exit(64);
}

const machine = await describeMachine();
for (const line of machine) console.log(line);
const results: WorldResult[] = [];
const resultsFile = join(import.meta.dirname, 'RESULTS.md');
const resultsBefore = readFileSync(resultsFile, 'utf8');
for (const [name, world] of Object.entries(worlds)) {
  if (!names.includes(name)) continue;
  results.push({ world, measurements: await measure(world) });
  // A large world takes long, and what was measured before it stands.
  if (values.write) writeFileSync(resultsFile, formatResults(results, machine, resultsBefore));
}
for (const name of names) await others[name]?.();

const over = results.flatMap(({ world, measurements }) =>
  measurements.filter((one) => isWithinLimit(one) === false).map(({ step }) => `${world.name}: ${step}`),
);
printScale();
if (results.length > 0) console.log(over.length === 0 ? '\nAll limits hold.' : `\nOver: ${over.join('; ')}`);

async function measure(world: World): Promise<readonly Measurement[]> {
  console.log(`\n${world.name}: ${world.description}`);
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'registry-homepage-bench-'));
  const measurements: Measurement[] = [];
  try {
    await measureWorld(world, folder, (measurement) => {
      measurements.push(measurement);
      console.log(formatMeasurement(measurement));
    });
  } finally {
    if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
  }
  return measurements;
}

function printScale(): void {
  const costs = results.flatMap(({ world, measurements }) => {
    const measured = (step: string) => measurements.find((one) => one.step === step);
    const [msPerTag, firstRunMs] = [scaleStep, firstRunStep].map((step) => measured(step)?.value);
    const crawl = measured(coldCrawlStep);
    if (msPerTag === undefined || firstRunMs === undefined || !crawl?.limit) return [];
    const [repositories, tags] = [countRepositories(world), countTags(world)];
    return [
      { name: world.name, msPerTag, firstRunMs, repositories, tags, crawlRatio: crawl.value / crawl.limit.value },
    ];
  });
  if (costs.length < 2) return;
  for (const { text, holds } of describeScale(costs)) console.log(`\n${holds ? 'ok' : 'OVER'}: ${text}`);
}
