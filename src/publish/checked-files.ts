/**
 * What a check of a whole site learnt, kept so that the next one reads only what is new: of each sealed folder by its id, of
 * each other file by its inode, size and time, for unchanged files are linked from release to release. Losing this costs time.
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { replaceFile } from '../snapshot/durable-write.ts';

/** What the rest of a site must know of a file, or of a folder, in which nothing was wrong. */
export interface CheckedContent {
  /** What pages are called, each as some digits that stand for it. */
  readonly titles: readonly string[];
  /** The files of the site that it links to, each once; of a folder those outside it. */
  readonly targets: readonly string[];
}

export interface CheckedFile extends CheckedContent {
  readonly ino: number;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

export interface CheckedFiles {
  /** By the path of each file that lies in no sealed folder. */
  readonly files: ReadonlyMap<string, CheckedFile>;
  /** By the id of each sealed folder. */
  readonly folders: ReadonlyMap<string, CheckedContent>;
}

export const nothingChecked: CheckedFiles = { files: new Map(), folders: new Map() };

/** What is kept, read before it is known under which rules it is wanted. */
export interface CheckedAhead {
  readonly fingerprint: string;
  readonly checked: CheckedFiles;
}

/** Reads what is kept; nothing where nothing is, or where it was kept under other rules. */
export async function readCheckedFiles(file: string, fingerprint: string): Promise<CheckedFiles> {
  try {
    const text = await readFile(file, 'utf8');
    return readFingerprint(text) === fingerprint ? decodeCheckedFiles(text) : nothingChecked;
  } catch {
    return nothingChecked;
  }
}

/** Reads what is kept, under whatever rules it was; null where nothing is, or it is not what was written. */
export function readCheckedAhead(file: string): CheckedAhead | null {
  try {
    const text = readFileSync(file, 'utf8');
    return { fingerprint: readFingerprint(text), checked: decodeCheckedFiles(text) };
  } catch {
    return null;
  }
}

function readFingerprint(text: string): string {
  return text.slice(0, text.indexOf('\n'));
}

/** Reads no more than the ids of the folders that are kept, for who has no room for the rest. */
export async function readCheckedFolders(file: string, fingerprint: string): Promise<ReadonlySet<string>> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const [written, , count = '', ...lines] = text.trimEnd().split('\n');
  if (written !== fingerprint) return new Set();
  return new Set(lines.slice(Number(count)).map((line) => line.slice(2, line.indexOf('"', 2))));
}

type TargetNumbers = readonly number[];
type FileLine = readonly [string, number, number, number, readonly string[], TargetNumbers];
type FolderLine = readonly [string, readonly string[], TargetNumbers];

/** Keeps what a check learnt. Targets are written as numbers into a list of them, for each is named by many pages. */
export async function writeCheckedFiles(file: string, fingerprint: string, checked: CheckedFiles): Promise<void> {
  const numbers = new Map<string, number>();
  const toNumbers = (targets: readonly string[]): TargetNumbers =>
    targets.map((target) => {
      const known = numbers.get(target);
      if (known !== undefined) return known;
      numbers.set(target, numbers.size);
      return numbers.size - 1;
    });
  const files = [...checked.files].map(([path, { ino, sizeBytes, modifiedMs, titles, targets }]) =>
    JSON.stringify([path, ino, sizeBytes, modifiedMs, titles, toNumbers(targets)] satisfies FileLine),
  );
  const folders = [...checked.folders].map(([id, { titles, targets }]) =>
    JSON.stringify([id, titles, toNumbers(targets)] satisfies FolderLine),
  );
  const head = [fingerprint, JSON.stringify([...numbers.keys()]), String(files.length)];
  await replaceFile(file, [...head, ...files, ...folders, ''].join('\n'));
}

function decodeCheckedFiles(text: string): CheckedFiles {
  const [, list = '', count = '', ...lines] = text.trimEnd().split('\n');
  const all = JSON.parse(list) as readonly string[];
  const toTargets = (numbers: TargetNumbers): readonly string[] =>
    numbers.map((at) => {
      const target = all[at];
      if (target === undefined) throw new RangeError('a file that is not in the list');
      return target;
    });
  const files = lines.slice(0, Number(count)).map((line) => {
    const [path, ino, sizeBytes, modifiedMs, titles, targets] = JSON.parse(line) as FileLine;
    return [path, { ino, sizeBytes, modifiedMs, titles, targets: toTargets(targets) }] as const;
  });
  const folders = lines.slice(Number(count)).map((line) => {
    const [id, titles, targets] = JSON.parse(line) as FolderLine;
    return [id, { titles, targets: toTargets(targets) }] as const;
  });
  return { files: new Map(files), folders: new Map(folders) };
}
