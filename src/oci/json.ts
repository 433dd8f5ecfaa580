/** From bytes to a value, and from a value to one of ours: the two steps that every document from outside takes. */
import type { z } from 'astro/zod';
import { DecodeError } from './decode-error.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** No document of a registry nests deeper than ten levels; whatever walks a value by recursion can walk this one. */
const deepestNesting = 100;
/** More than the longest lists of tags hold. Two bytes, `{}`, become fifty in memory: bytes alone are no bound. */
const mostValues = 500_000;

/**
 * Parses UTF-8 JSON. Throws a `DecodeError` on anything else: broken encoding, HTML, half a document, one that is too deep or
 * has too many values. How much it holds is told from its bytes, before anything is made of them.
 */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  const excess = findExcess(bytes);
  if (excess !== null) throw new DecodeError(what, excess, { isExcess: true });
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (cause) {
    throw new DecodeError(what, 'it is not UTF-8 text', { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DecodeError(what, describeNonJson(text), { cause });
  }
}

/** Holds `value` against `schema`. Throws a `DecodeError` that names the first place where they differ. */
export function decodeWith<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = issue && issue.path.length > 0 ? `at ${issue.path.join('.').slice(0, 200)}: ` : '';
  throw new DecodeError(what, `${place}${(issue?.message ?? 'unknown problem').slice(0, 300)}`);
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * What valid JSON of these bytes has too much of, or null: brackets that are open at once, and values. Every value but the
 * first of a list or object has a comma before it. No byte of a longer UTF-8 character looks like one of these.
 */
function findExcess(bytes: Uint8Array): string | null {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) {
      at = endOfText(bytes, at);
      if (at === -1) return null;
    } else if (byte === comma) values++;
    else if (byte === openList || byte === openObject) {
      values++;
      if (++depth > deepestNesting) return 'it is nested too deep';
    } else if (byte === closeList || byte === closeObject) depth--;
    if (values > mostValues) return `it has more than ${mostValues} values`;
  }
  return null;
}

/** Where the text that begins at `start` has its closing quote, or -1. */
function endOfText(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) return at;
    if (byte === backslash) at++;
  }
  return -1;
}

function describeNonJson(text: string): string {
  if (text.trim() === '') return 'it is empty';
  if (/^\s*<(?:!doctype|html|\?xml)/i.test(text)) return 'it is an HTML or XML page, not JSON';
  return 'it is not JSON, or only a part of it';
}
