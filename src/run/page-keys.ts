/**
 * What stands for the bytes of a release's pages, kept until the next one: a page that would show the same again is linked, and
 * not rendered. It is of that one release alone. Losing it costs time.
 */
import { readFile } from 'node:fs/promises';
import { replaceFile } from '../snapshot/durable-write.ts';
import type { PageKey } from '../view/page-key.ts';

/** By the number of each file the number of its content. */
export type PageKeys = ReadonlyMap<number, number>;

const numberBytes = 6;
const entryBytes = 2 * numberBytes;

/** Reads them; none where nothing is kept, or not of this release. */
export async function readPageKeys(file: string, release: string): Promise<PageKeys> {
  const entries = await readEntries(file, release);
  const keys = new Map<number, number>();
  for (let at = 0; at < entries.length; at += entryBytes) {
    keys.set(entries.readUIntBE(at, numberBytes), entries.readUIntBE(at + numberBytes, numberBytes));
  }
  return keys;
}

/** Keeps the keys of a release: `made` are those of the pages that were looked at, and those of the others are kept of `before`. */
export async function writePageKeys(
  file: string,
  release: string,
  before: { readonly file: string; readonly release: string } | null,
  made: readonly PageKey[],
): Promise<void> {
  const kept = before === null ? Buffer.alloc(0) : await readEntries(before.file, before.release);
  const added = new Map(made.map((key) => [key.file, key.content]));
  for (let at = 0; at < kept.length; at += entryBytes) {
    const number = kept.readUIntBE(at, numberBytes);
    const content = added.get(number);
    if (content === undefined) continue;
    kept.writeUIntBE(content, at + numberBytes, numberBytes);
    added.delete(number);
  }
  const entries = Buffer.alloc(added.size * entryBytes);
  let at = 0;
  for (const [number, content] of added) {
    at = entries.writeUIntBE(number, at, numberBytes);
    at = entries.writeUIntBE(content, at, numberBytes);
  }
  await replaceFile(file, Buffer.concat([headOf(release), kept, entries]));
}

/** All entries; none where nothing is kept, or not of this release. */
async function readEntries(file: string, release: string): Promise<Buffer> {
  const bytes = await readFile(file).catch(() => Buffer.alloc(0));
  const head = headOf(release);
  const isWhole = bytes.subarray(0, head.length).equals(head) && (bytes.length - head.length) % entryBytes === 0;
  return isWhole ? bytes.subarray(head.length) : Buffer.alloc(0);
}

function headOf(release: string): Buffer {
  return Buffer.from(`${release}\n`);
}
