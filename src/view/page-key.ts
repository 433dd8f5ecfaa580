/** What stands for a page's bytes: which file it is, and all that it shows. */
import { createHash } from 'node:crypto';

/** Two exact numbers, for as there may be a million pages each must be small. */
export interface PageKey {
  /** Stands for the file. */
  readonly file: number;
  /** Stands for the file and its content: of one program with one set of settings the bytes are the same. */
  readonly content: number;
}

/** The key of a page that shows `content`. */
export function toPageKey(file: string, content: unknown): PageKey {
  return { file: toNumber(file), content: toNumber(JSON.stringify([file, content], listCollections)) };
}

/** JSON knows neither maps nor sets, and would take all of them for the same. */
function listCollections(_key: string, value: unknown): unknown {
  return value instanceof Map || value instanceof Set ? [...value] : value;
}

/** 48 bits of the digest of a text. */
function toNumber(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6);
}
