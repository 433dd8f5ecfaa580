/** Measurements as lines for people, and as the tables of RESULTS.md. */
import { formatValue, isWithinLimit, type Measurement } from './measurement.ts';
import type { World } from './worlds.ts';

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

/** The whole file. `machine` says where it was measured. */
export function formatResults(results: readonly WorldResult[], machine: readonly string[]): string {
  const parts = [
    '# What an hour costs\n',
    'Written by `npm run bench -- --write`. Times are of one machine; the ratios are what counts. Each limit was measured in the same run.\n',
    `${machine.map((line) => `- ${line}`).join('\n')}\n`,
    ...results.flatMap(({ world, measurements }) => [
      `## ${world.name}: ${world.description}\n`,
      '| step | measured | limit | ratio | at most | verdict |\n|---|---|---|---|---|---|',
      `${measurements.map(formatRow).join('\n')}\n`,
      'With:\n',
      `${measurements.flatMap(formatDetails).join('\n')}\n`,
    ]),
  ];
  return parts.join('\n');
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
