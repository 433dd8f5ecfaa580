/** Sizes for people: decimal units, three significant figures, and the exact bytes beside them. */
import { mostBytes } from '../oci/byte-count.ts';

/** What would be rounded to 1000 is 1 of the next unit. */
const leastOfNextUnit = 999.5;
const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `117 MB`, `1.05 GB`, `999 B`; `at least 9.01 PB` where a sum ends. One kB is 1,000 bytes. The space before the unit does not break. */
export function formatSize(sizeBytes: number): string {
  let value = sizeBytes;
  let unit = 0;
  while (value >= leastOfNextUnit && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${orMore(sizeBytes)}${roundToFigures(value)}\u00a0${units[unit]}`;
}

/** `117 MB`, or `110–117 MB` where sizes differ. Null where there is none. */
export function formatSizeRange(sizesBytes: readonly number[]): string | null {
  if (sizesBytes.length === 0) return null;
  const least = formatSize(Math.min(...sizesBytes));
  const most = formatSize(Math.max(...sizesBytes));
  if (least === most) return most;
  const [value, unit] = least.split('\u00a0');
  return most.endsWith(`\u00a0${unit}`) ? `${value}–${most}` : `${least}–${most}`;
}

/** `117,322,911 bytes`. */
export function formatExactBytes(sizeBytes: number): string {
  return `${orMore(sizeBytes)}${formatCount(sizeBytes)} ${sizeBytes === 1 ? 'byte' : 'bytes'}`;
}

/** `21,370`: a whole number with its thousands apart, the same on every host. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 image`, `21,370 images`. */
export function formatCounted(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)}\u00a0${count === 1 ? singular : plural}`;
}

/** A sum says no more than the most that a number can. */
function orMore(sizeBytes: number): string {
  return sizeBytes < mostBytes ? '' : 'at least ';
}

function roundToFigures(value: number): number {
  if (value >= 100) return Math.round(value);
  const scale = value >= 10 ? 10 : 100;
  return Math.round(value * scale) / scale;
}
