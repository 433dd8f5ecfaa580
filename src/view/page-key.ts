/** What stands for a page's bytes: which file it is, and all that it shows. */
import { hash } from 'node:crypto';

/** Two exact numbers, for as there may be a million pages each must be small. */
export interface PageKey {
  /** Stands for the file. */
  readonly file: number;
  /** Stands for the file and its content: of one program with one set of settings the bytes are the same. */
  readonly content: number;
}

/** Everything that JSON tells apart: it knows neither maps nor sets, and would take all of them for the same. */
type Plain<Content> = Content extends ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>
  ? never
  : Content extends string
    ? Content
    : { readonly [Name in keyof Content]: Plain<Content[Name]> };

/** The key of a page that shows `content`. */
export function toPageKey<Content>(file: string, content: Content & Plain<Content>): PageKey {
  return { file: toNumber(file), content: toNumber(JSON.stringify([file, content])) };
}

/** 48 bits of the digest of a text. */
function toNumber(text: string): number {
  return hash('sha256', text, 'buffer').readUIntBE(0, 6);
}
