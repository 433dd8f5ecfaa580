/** Measurements as lines for people, and as the tables of RESULTS.md. */
import { formatValue, isWithinLimit, type Measurement } from './measurement.ts';
import { countRepositories, countTags, type World, worlds } from './worlds.ts';

/** Processor time of a first run, without what a site of one image takes. */
export const scaleStep = 'cost of a tag';
/** From nothing to a snapshot, where a real registry answers. */
export const coldCrawlStep = 'cold crawl, docker-registry';
/** From nothing to a published site. */
export const firstRunStep = 'first run';

export interface WorldResult {
  readonly world: World;
  readonly measurements: readonly Measurement[];
}

/** One measurement: verdict, value and ratio, then what else there is to know. */
export function formatMeasurement(measurement: Measurement): string {
  const { step, value, unit, limit, notes } = measurement;
  const ratio = limit === null ? '' : `, ${formatRatio(measurement)} of ${limit.what}`;
  const details = [...formatCost(measurement), ...notes].map((note) => `        ${note}`);
  return [`  ${formatVerdict(measurement).padEnd(5)} ${step}: ${formatValue(value, unit)}${ratio}`, ...details].join(
    '\n',
  );
}

/**
 * The whole file. `machine` says where `results` were measured. Of `before`, the file as it stands, it keeps the worlds that were not
 * measured again, each with the machine that it was measured on.
 */
export function formatResults(results: readonly WorldResult[], machine: readonly string[], before = ''): string {
  const head = [
    '# What an hour costs\n',
    'Written by `npm run bench -- --write`. Times are of the machine that is named; the ratios are what counts. Each limit was measured in the same run, each world by itself.',
  ].join('\n');
  const [, ...kept] = before.split(/^(?=## )/m);
  const measured = results.map((result) => formatWorld(result, machine));
  const sections = new Map([...kept, ...measured].map((text) => [nameOfSection(text), text.trim()]));
  const ofWorlds = Object.keys(worlds).flatMap((name) => sections.get(name) ?? []);
  return `${[head, ...ofWorlds, ...formatScales(ofWorlds)].join('\n\n')}\n`;
}

function formatWorld({ world, measurements }: WorldResult, machine: readonly string[]): string {
  return [
    `## ${world.name}: ${world.description}\n`,
    `${machineLine}${machine.join('; ')}\n`,
    '| step | measured | limit | ratio | at most | verdict |\n|---|---|---|---|---|---|',
    `${measurements.map(formatRow).join('\n')}\n`,
    'With:\n',
    measurements.flatMap(formatDetails).join('\n'),
  ].join('\n');
}

const machineLine = 'Measured on: ';

function machineOfSection(text: string): string {
  return new RegExp(`^${machineLine}(.*)$`, 'm').exec(text)?.[1] ?? '';
}

function nameOfSection(text: string): string {
  return /^## (\w+)/.exec(text)?.[1] ?? '';
}

/** What a tag costs may not grow with the catalogue. What two machines took is not compared. */
function formatScales(ofWorlds: readonly string[]): readonly string[] {
  const scales = [...new Set(ofWorlds.map(machineOfSection))].flatMap((machine) =>
    formatScale(ofWorlds.filter((text) => machineOfSection(text) === machine)),
  );
  if (scales.length === 0) return [];
  const left = ofWorlds.map(nameOfSection).filter((name) => !scales.some((text) => text.includes(`${name} `)));
  const leftOut =
    left.length === 0
      ? []
      : [`Not compared, for another machine measured it, or an older program: ${left.join(', ')}.`];
  return [`## Scale\n\n${[...scales, ...leftOut].join('\n\n')}`];
}

function formatScale(ofWorlds: readonly string[]): readonly string[] {
  const costs = ofWorlds.flatMap((text): WorldCost[] => {
    const name = nameOfSection(text);
    const cost = new RegExp(`^\\| ${scaleStep} \\| ([\\d.]+) ms`, 'm').exec(text)?.[1];
    const [, firstRun, unit] = new RegExp(`^\\| ${firstRunStep} \\| ([\\d.]+) (m?s)`, 'm').exec(text) ?? [];
    const world = Object.values(worlds).find((each) => each.name === name);
    const crawlRatio = new RegExp(`^\\| ${coldCrawlStep} \\|[^|]*\\|[^|]*\\| ([\\d.]+) `, 'm').exec(text)?.[1];
    if (cost === undefined || firstRun === undefined || crawlRatio === undefined || world === undefined) return [];
    const firstRunMs = Number(firstRun) * (unit === 's' ? 1000 : 1);
    const [repositories, tags] = [countRepositories(world), countTags(world)];
    return [{ name, msPerTag: Number(cost), firstRunMs, repositories, tags, crawlRatio: Number(crawlRatio) }];
  });
  if (costs.length < 2) return [];
  const lines = describeScale(costs).map(({ text, holds }) => `- ${holds ? 'ok' : 'OVER'}: ${text}`);
  return [lines.join('\n')];
}

export interface WorldCost {
  readonly name: string;
  /** Processor time, without what a site of one image takes. */
  readonly msPerTag: number;
  readonly firstRunMs: number;
  readonly repositories: number;
  readonly tags: number;
  /** The cold crawl beside its floor. */
  readonly crawlRatio: number;
}

/**
 * In words, whether all worlds are within a fifth of their mean: by what a tag costs in each, which in a small one has to pay for
 * what a program costs before it is warm, and for a larger share of its repository; by what each further tag takes from the smallest
 * world to the next larger ones; by what each crawl takes beside the least that anybody could take for it; and by what their
 * repositories and tags cost together.
 */
export function describeScale(
  costs: readonly WorldCost[],
): readonly { readonly text: string; readonly holds: boolean }[] {
  const [smallest, ...larger] = costs.toSorted((a, b) => a.tags - b.tags);
  const further = larger.map((cost, at) => {
    // Two worlds of about the same size would say more of the difference between them than of its price.
    const from = [smallest, ...larger.slice(0, at)].findLast((one) => one !== undefined && 4 * one.tags <= cost.tags);
    if (from === undefined) return null;
    const value = (cost.firstRunMs - from.firstRunMs) / (cost.tags - from.tags);
    return { name: `${from.name} to ${cost.name}`, value };
  });
  const lines = [
    ['the cost of a tag', ' ms', costs.map(({ name, msPerTag }) => ({ name, value: msPerTag }))],
    ['what a further tag takes of a first run', ' ms', further.filter((one) => one !== null)],
    ['a cold crawl, as many times its floor', '', costs.map(({ name, crawlRatio }) => ({ name, value: crawlRatio }))],
  ] as const;
  return [
    // Of nothing there is no mean, and one is its own.
    ...lines.flatMap(([what, unit, values]) => (values.length < 2 ? [] : [besideMean(what, values, unit)])),
    // A line goes through any two points.
    ...(costs.length > 2 ? [besidePrices(costs)] : []),
  ];
}

function besidePrices(costs: readonly WorldCost[]) {
  const { repositoryMs, tagMs } = fitPrices(costs);
  const ratios = costs.map(({ name, msPerTag, repositories, tags }) => ({
    name,
    value: (msPerTag * tags) / (repositoryMs * repositories + tagMs * tags),
  }));
  const parts = ratios.map(({ name, value }) => `${name} ${value.toFixed(2)}`);
  return {
    text: `the cost of all tags, beside ${repositoryMs.toFixed(2)} ms a repository and ${tagMs.toFixed(2)} ms a tag (0.8 to 1.2): ${parts.join(', ')}`,
    holds: ratios.every(({ value }) => Math.abs(value - 1) <= 0.2),
  };
}

/**
 * What a repository and what a tag costs, so that the squares of the relative errors are least: the pages of an image take their time
 * for ten tags as for forty, and the worlds differ in that. Neither costs less than nothing.
 */
function fitPrices(costs: readonly WorldCost[]): { readonly repositoryMs: number; readonly tagMs: number } {
  const rows = costs.map(
    ({ msPerTag, repositories, tags }) => [repositories / (msPerTag * tags), 1 / msPerTag] as const,
  );
  const sum = (of: (repositories: number, tags: number) => number) => rows.reduce((all, row) => all + of(...row), 0);
  const [rr, rt, tt] = [sum((r) => r * r), sum((r, t) => r * t), sum((_, t) => t * t)];
  const [r, t] = [sum((each) => each), sum((_, each) => each)];
  const determinant = rr * tt - rt * rt;
  const [repositoryMs, tagMs] = [(r * tt - t * rt) / determinant, (t * rr - r * rt) / determinant];
  if (!(repositoryMs > 0)) return { repositoryMs: 0, tagMs: t / tt };
  return tagMs > 0 ? { repositoryMs, tagMs } : { repositoryMs: r / rr, tagMs: 0 };
}

function besideMean(what: string, costs: readonly { readonly name: string; readonly value: number }[], unit: string) {
  const mean = costs.reduce((sum, { value }) => sum + value, 0) / costs.length;
  const parts = costs.map(({ name, value }) => `${name} ${(value / mean).toFixed(2)}`);
  return {
    text: `${what}, beside its mean of ${mean.toFixed(2)}${unit} (0.8 to 1.2): ${parts.join(', ')}`,
    holds: costs.every(({ value }) => Math.abs(value / mean - 1) <= 0.2),
  };
}

function formatRow(measurement: Measurement): string {
  const { step, value, unit, limit } = measurement;
  const cells = [
    step,
    formatValue(value, unit),
    limit?.what ?? '',
    limit === null ? '' : formatRatio(measurement).split(' ', 1)[0],
    limit === null ? '' : String(limit.times),
    formatVerdict(measurement),
  ];
  return `| ${cells.join(' | ')} |`;
}

function formatDetails(measurement: Measurement): readonly string[] {
  const details = [...formatCost(measurement), ...measurement.notes];
  return details.length === 0 ? [] : [`- ${measurement.step}: ${details.join('; ')}`];
}

function formatCost({ taken }: Measurement): readonly string[] {
  if (taken === null) return [];
  const [wall, cpu, peak] = [formatValue(taken.wallMs, 'ms'), formatValue(taken.cpuMs, 'ms'), taken.peakBytes];
  return [`${wall}, ${cpu} of processor time, at most ${formatValue(peak, 'bytes')} of memory`];
}

function formatRatio({ value, limit }: Measurement): string {
  return limit === null ? '' : `${(value / limit.value).toFixed(2)} (at most ${limit.times})`;
}

function formatVerdict(measurement: Measurement): string {
  const isWithin = isWithinLimit(measurement);
  return isWithin === null ? '' : isWithin ? 'ok' : 'OVER';
}
