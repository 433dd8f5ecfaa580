/**
 * What a check of a whole site learnt of each file, kept so that the next one reads only what is new. A file is the same when
 * it is the same inode with the same size and time: unchanged files are linked from release to release. Losing this costs time.
 */
import { readFile } from 'node:fs/promises';
import { replaceFile } from '../snapshot/durable-write.ts';

/** What the next check must know of a file in which nothing was wrong. */
export interface CheckedFile {
  readonly ino: number;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** Null where it is no page. */
  readonly title: string | null;
  /** The files of the site that it links to, each once. */
  readonly targets: readonly string[];
}

/** By the path of each file. */
export type CheckedFiles = ReadonlyMap<string, CheckedFile>;

/** Reads what is kept; empty where nothing is, or where it was kept under other rules. */
export async function readCheckedFiles(file: string, fingerprint: string): Promise<CheckedFiles> {
  try {
    return decodeCheckedFiles(await readFile(file, 'utf8'), fingerprint);
  } catch {
    return new Map();
  }
}

/** Keeps what a check learnt. Targets are written as the number of their line, for each is named by many pages. */
export async function writeCheckedFiles(file: string, fingerprint: string, files: CheckedFiles): Promise<void> {
  const lineOf = new Map([...files.keys()].map((path, at) => [path, at]));
  const lines = [...files].map(([path, { ino, sizeBytes, modifiedMs, title, targets }]) =>
    JSON.stringify([path, ino, sizeBytes, modifiedMs, title, targets.flatMap((target) => lineOf.get(target) ?? [])]),
  );
  await replaceFile(file, [fingerprint, ...lines, ''].join('\n'));
}

type Line = readonly [string, number, number, number, string | null, readonly number[]];

function decodeCheckedFiles(text: string, fingerprint: string): CheckedFiles {
  const [written, ...lines] = text.trimEnd().split('\n');
  if (written !== fingerprint) return new Map();
  const decoded = lines.map((line) => JSON.parse(line) as Line);
  const targetOf = (at: number): string => {
    const path = decoded[at]?.[0];
    if (path === undefined) throw new RangeError('a line that is not there');
    return path;
  };
  return new Map(
    decoded.map(([path, ino, sizeBytes, modifiedMs, title, targets]) => [
      path,
      { ino, sizeBytes, modifiedMs, title, targets: targets.map(targetOf) },
    ]),
  );
}
