/** Amounts as people write them: `20GiB`, `500MB`, `90s`, `1h30m`. */
import { InvalidArgumentError } from 'commander';

const unitBytes: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  ...{ k: 2 ** 10, kb: 1e3, kib: 2 ** 10 },
  ...{ m: 2 ** 20, mb: 1e6, mib: 2 ** 20 },
  ...{ g: 2 ** 30, gb: 1e9, gib: 2 ** 30 },
  ...{ t: 2 ** 40, tb: 1e12, tib: 2 ** 40 },
};

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** What a timer can wait: some 24 days. */
const longestMs = 2 ** 31 - 1;

/** `20GiB` -> bytes. */
export function parseByteCount(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const bytes = Math.floor(Number(number) * (unitBytes[unit.toLowerCase()] ?? Number.NaN));
  if (number === '' || !Number.isSafeInteger(bytes) || bytes < 1) {
    throw new InvalidArgumentError('Expected a number of bytes, such as 20GiB or 500MB.');
  }
  return bytes;
}

/** `1h30m` -> milliseconds. */
export function parseDuration(text: string): number {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)([smhd])/gi)];
  const isWhole = parts.map(([part]) => part).join('') === text.trim();
  const durationMs = parts.reduce(
    (sum, [, number, unit = '']) => sum + Number(number) * (unitMs[unit.toLowerCase()] ?? 0),
    0,
  );
  if (!isWhole || !(durationMs > 0)) throw new InvalidArgumentError('Expected a duration, such as 30m, 90s or 1h30m.');
  if (durationMs > longestMs) throw new InvalidArgumentError('Expected at most 24 days.');
  return durationMs;
}
