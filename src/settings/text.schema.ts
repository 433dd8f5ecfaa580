/** Texts and links that the operator writes, and that pages show. */
import { z } from 'astro/zod';

const plainLine = '[^\\p{Cc}\\p{Cs}\\u202a-\\u202e\\u2066-\\u2069]*';

/** One line of at most `longest` characters without control characters. */
export function lineOfText(longest: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .regex(new RegExp(`^${plainLine}$`, 'u'), { error: 'expected one line of plain text without control characters' });
}

/** Text of at most `longest` characters without control characters, save line breaks. */
export function linesOfText(longest: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .regex(new RegExp(`^${plainLine}(?:\\n${plainLine})*$`, 'u'), {
      error: 'expected plain text without control characters',
    });
}

/** An address that a page may link to. */
export const link = z
  .url({ protocol: /^https?$/, error: 'expected an http:// or https:// address', abort: true })
  .max(2000)
  .refine((address) => {
    const { username, password } = new URL(address);
    return !username && !password;
  }, 'expected an address without user and password');

const placeholders = ['name', 'tag', 'digest', 'host'];

/** An address with `{name}`, `{tag}`, `{digest}` and `{host}` in it, none of them in its host. */
export const linkTemplate = z
  .string()
  .max(2000)
  .regex(
    /^https?:\/\/[^\s{}/?#@]+(?:[/?#][^\s]*)?$/,
    'expected an http:// or https:// address without placeholders in its host',
  )
  .refine(
    (template) => [...template.matchAll(/\{([^{}]*)\}/g)].every(([, name = '']) => placeholders.includes(name)),
    `expected no other placeholders than ${placeholders.map((name) => `{${name}}`).join(', ')}`,
  )
  .refine((template) => URL.canParse(template.replaceAll(/\{\w+\}/g, 'x')), 'expected an address');
