/** From bytes to a value, and from a value to one of ours: the two steps that every document from outside takes. */
import type { z } from 'astro/zod';
import { DecodeError } from './decode-error.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Parses UTF-8 JSON. Throws a `DecodeError` on anything else: broken encoding, HTML, half a document, too deep a one. */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (cause) {
    throw new DecodeError(what, 'it is not UTF-8 text', { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DecodeError(what, describeNonJson(text, cause), { cause });
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

function describeNonJson(text: string, cause: unknown): string {
  if (text.trim() === '') return 'it is empty';
  if (/^\s*<(?:!doctype|html|\?xml)/i.test(text)) return 'it is an HTML or XML page, not JSON';
  return cause instanceof RangeError ? 'it is nested too deep' : 'it is not JSON, or only a part of it';
}
