/** From bytes to a value, and from a value to one of ours: the two steps that every document from outside takes. */
import type { z } from 'astro/zod';
import { DecodeError } from './decode-error.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** No document of a registry nests deeper than ten levels; whatever walks a value by recursion can walk this one. */
const deepestNesting = 100;

/** Parses UTF-8 JSON. Throws a `DecodeError` on anything else: broken encoding, HTML, half a document, too deep a one. */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (cause) {
    throw new DecodeError(what, 'it is not UTF-8 text', { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DecodeError(what, describeNonJson(text), { cause });
  }
  if (measureNesting(text) > deepestNesting) throw new DecodeError(what, 'it is nested too deep');
  return value;
}

/** Holds `value` against `schema`. Throws a `DecodeError` that names the first place where they differ. */
export function decodeWith<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = issue && issue.path.length > 0 ? `at ${issue.path.join('.').slice(0, 200)}: ` : '';
  throw new DecodeError(what, `${place}${(issue?.message ?? 'unknown problem').slice(0, 300)}`);
}

/** How many levels valid JSON has: brackets that are open at once, those within texts aside. */
function measureNesting(text: string): number {
  let deepest = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfText(text, at);
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth--;
  }
  return deepest;
}

/** Where the text that begins at `start` has its closing quote. */
function endOfText(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (isEscaped(text, at)) at = text.indexOf('"', at + 1);
  return at;
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text[quote - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

function describeNonJson(text: string): string {
  if (text.trim() === '') return 'it is empty';
  if (/^\s*<(?:!doctype|html|\?xml)/i.test(text)) return 'it is an HTML or XML page, not JSON';
  return 'it is not JSON, or only a part of it';
}
