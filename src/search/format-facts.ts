/** Facts of a result in the words of the pages. */
import type { Answer } from './search-result.ts';

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `117 MB`: three significant digits, decimal units, and a space that does not break. */
export function formatSize(sizeBytes: number): string {
  let value = sizeBytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))}\u00a0${units[unit]}`;
}

/** `1 result`, `2,345 results`, `at least 400 results`, `No results`. */
export function formatTotal({ total, isTotalExact }: Answer): string {
  if (total === 0) return 'No results';
  return `${isTotalExact ? '' : 'at least '}${formatCount(total)} ${total === 1 ? 'result' : 'results'}`;
}

/** `21,370`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
