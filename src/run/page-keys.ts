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
  const bytes = await readFile(file).catch(() => Buffer.alloc(0));
  const head = Buffer.from(`${release}\n`);
  if (!bytes.subarray(0, head.length).equals(head) || (bytes.length - head.length) % entryBytes !== 0) return new Map();
  const keys = new Map<number, number>();
  for (let at = head.length; at < bytes.length; at += entryBytes) {
    keys.set(bytes.readUIntBE(at, numberBytes), bytes.readUIntBE(at + numberBytes, numberBytes));
  }
  return keys;
}

/** Keeps the keys of a release: `made` are those of the pages that were looked at, `before` those of the release before. */
export async function writePageKeys(
  file: string,
  release: string,
  before: PageKeys,
  made: readonly PageKey[],
): Promise<void> {
  const keys = new Map(before);
  for (const { file: number, content } of made) keys.set(number, content);
  const head = Buffer.from(`${release}\n`);
  const bytes = Buffer.alloc(head.length + keys.size * entryBytes);
  let at = head.copy(bytes);
  for (const [number, content] of keys) {
    at = bytes.writeUIntBE(number, at, numberBytes);
    at = bytes.writeUIntBE(content, at, numberBytes);
  }
  await replaceFile(file, bytes);
}
