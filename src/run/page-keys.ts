/**
 * What stands for the bytes of a release's pages, kept until the next one: a page that would show the same again is linked, and
 * not rendered. It is of that one release alone. Losing it costs time.
 */
import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { replaceFile } from '../snapshot/durable-write.ts';
import type { PageKey } from '../view/page-key.ts';

export interface PageKeys {
  /** The number of a file's content, by the number of the file. */
  contentOf(file: number): number | undefined;
}

/** Reads them; none where nothing is kept, or not of this release. */
export function readPageKeys(path: string, release: string): PageKeys {
  const entries = readEntries(path, release);
  return {
    contentOf(file) {
      const place = findFile(entries, file);
      return entries[place] === file ? entries[place + 1] : undefined;
    },
  };
}

/** Keeps the keys of a release: `made` are those of the pages that were looked at, and those of the others are kept of `before`. */
export async function writePageKeys(
  path: string,
  release: string,
  before: { readonly file: string; readonly release: string } | null,
  made: readonly PageKey[],
): Promise<void> {
  const kept = before === null ? new Float64Array() : readEntries(before.file, before.release);
  const added: PageKey[] = [];
  for (const key of new Map(made.map((each) => [each.file, each])).values()) {
    const place = findFile(kept, key.file);
    if (kept[place] === key.file) kept[place + 1] = key.content;
    else added.push(key);
  }
  const entries = addEntries(
    kept,
    added.sort((a, b) => a.file - b.file),
  );
  await replaceFile(path, Buffer.concat([headOf(release), new Uint8Array(entries.buffer)]));
}

/** Puts sorted keys between sorted entries. */
function addEntries(kept: Float64Array, added: readonly PageKey[]): Float64Array<ArrayBuffer> {
  const entries = new Float64Array(kept.length + 2 * added.length);
  let [from, end] = [0, 0];
  for (const { file, content } of added) {
    const place = findFile(kept, file);
    entries.set(kept.subarray(from, place), end);
    end += place - from;
    from = place;
    entries[end++] = file;
    entries[end++] = content;
  }
  entries.set(kept.subarray(from), end);
  return entries;
}

/** The place of a file among sorted entries, or of the first behind it. */
function findFile(entries: Float64Array, file: number): number {
  let [from, to] = [0, entries.length / 2];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((entries[2 * middle] as number) < file) from = middle + 1;
    else to = middle;
  }
  return 2 * from;
}

/** All entries, sorted by their file: its number, and that of its content. None where nothing is kept, or not of this release. */
function readEntries(path: string, release: string): Float64Array {
  const head = headOf(release);
  const bytes = readIfThere(path);
  const length = bytes.length - head.length;
  if (!bytes.subarray(0, head.length).equals(head) || length % (2 * Float64Array.BYTES_PER_ELEMENT) !== 0) {
    return new Float64Array();
  }
  return new Float64Array(new Uint8Array(bytes.subarray(head.length)).buffer);
}

function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    // Whatever it is, pages are rendered.
    return Buffer.alloc(0);
  }
}

function headOf(release: string): Buffer {
  return Buffer.from(`${release} ${endianness()}\n`);
}
