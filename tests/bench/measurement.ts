/** A measured step, the limit that stands beside it, and whether it holds. */
import type { Taken } from './measured-run.ts';

export interface Limit {
  /** What it was measured by. */
  readonly what: string;
  readonly value: number;
  /** How many times the value is allowed. */
  readonly times: number;
}

export interface Measurement {
  readonly step: string;
  readonly taken: Taken | null;
  /** What is held against the limit, in the limit's unit. */
  readonly value: number;
  readonly unit: 'ms' | 'bytes' | 'bytes a tag' | 'requests' | 'ms a tag';
  readonly limit: Limit | null;
  /** What else there is to know. */
  readonly notes: readonly string[];
}

const mebibyte = 1024 * 1024;

/** What a run took of memory, all its processes together, beside what it may take. */
export function measureMemory(step: string, taken: Taken, mostMebibytes: number): Measurement {
  const limit = { what: formatMebibytes(mostMebibytes), value: mostMebibytes * mebibyte, times: 1 };
  return { step: `memory of the ${step}`, taken: null, value: taken.peakBytes, unit: 'bytes', limit, notes: [] };
}

function formatMebibytes(count: number): string {
  return count % 1024 === 0 ? `${count / 1024} GiB` : `${count} MiB`;
}

/** Null where nothing is held against it. */
export function isWithinLimit({ value, limit }: Measurement): boolean | null {
  return limit === null ? null : value <= limit.value * limit.times;
}

export function formatValue(value: number, unit: Measurement['unit']): string {
  if (unit === 'ms') return value < 10_000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
  if (unit === 'ms a tag') return `${value.toFixed(3)} ms a tag`;
  if (unit === 'bytes') return `${(value / 1e6).toFixed(1)} MB`;
  return `${Math.round(value).toLocaleString('en')} ${unit}`;
}
