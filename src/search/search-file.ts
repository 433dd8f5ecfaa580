/** Files that the search fetches, named by what is in them, so that they can be kept for ever. */
import { createHash } from 'node:crypto';

export interface SearchFile {
  /** A file name without folders. */
  readonly name: string;
  readonly text: string;
}

const nameDigits = 12;

export function toSearchFile(family: string, content: object): SearchFile {
  const text = JSON.stringify(content);
  const hash = createHash('sha256').update(text).digest('hex').slice(0, nameDigits);
  return { name: `${family}-${hash}.json`, text };
}
