/** Measurements as lines for people, and as the tables of RESULTS.md. */
import { formatValue, isWithinLimit, type Measurement } from './measurement.ts';
import { type World, worlds } from './worlds.ts';

/** Processor time of a first run, without what a site of one image takes. */
export const scaleStep = 'cost of a tag';

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
 * The whole file. `machine` says where it was measured. Of `before`, the file as it stands, it keeps the worlds that were not
 * measured again, if that was the same machine.
 */
export function formatResults(results: readonly WorldResult[], machine: readonly string[], before = ''): string {
  const head = [
    '# What an hour costs\n',
    'Written by `npm run bench -- --write`. Times are of one machine; the ratios are what counts. Each limit was measured in the same run, each world by itself.\n',
    `${machine.map((line) => `- ${line}`).join('\n')}\n`,
  ].join('\n');
  const [headBefore, ...sectionsBefore] = before.split(/^(?=## )/m);
  const kept = headBefore?.trimEnd() === head.trimEnd() ? sectionsBefore : [];
  const sections = new Map([...kept, ...results.map(formatWorld)].map((text) => [nameOfSection(text), text.trim()]));
  const ofWorlds = Object.keys(worlds).flatMap((name) => sections.get(name) ?? []);
  return `${[head.trimEnd(), ...ofWorlds, ...formatScale(ofWorlds)].join('\n\n')}\n`;
}

function formatWorld({ world, measurements }: WorldResult): string {
  return [
    `## ${world.name}: ${world.description}\n`,
    '| step | measured | limit | ratio | at most | verdict |\n|---|---|---|---|---|---|',
    `${measurements.map(formatRow).join('\n')}\n`,
    'With:\n',
    measurements.flatMap(formatDetails).join('\n'),
  ].join('\n');
}

function nameOfSection(text: string): string {
  return /^## (\w+)/.exec(text)?.[1] ?? '';
}

/** What a tag costs may not grow with the catalogue: in every world within a fifth of the mean of all. */
function formatScale(ofWorlds: readonly string[]): readonly string[] {
  const costs = ofWorlds.flatMap((text) => {
    const cost = new RegExp(`^\\| ${scaleStep} \\| ([\\d.]+) ms`, 'm').exec(text)?.[1];
    return cost === undefined ? [] : [{ name: nameOfSection(text), value: Number(cost) }];
  });
  if (costs.length < 2) return [];
  const { text, holds } = describeScale(costs);
  return [`## Scale\n\n${holds ? 'ok' : 'OVER'}: ${text}`];
}

/** In words, what a tag costs in each world beside the mean, and whether all are within a fifth of it. */
export function describeScale(costs: readonly { readonly name: string; readonly value: number }[]) {
  const mean = costs.reduce((sum, { value }) => sum + value, 0) / costs.length;
  const parts = costs.map(({ name, value }) => `${name} ${(value / mean).toFixed(2)}`);
  return {
    text: `the cost of a tag beside its mean (0.8 to 1.2): ${parts.join(', ')}`,
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
