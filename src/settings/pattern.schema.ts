/** A pattern of names, as settings and overlay have them. */
import { z } from 'astro/zod';
import { canMatch, createNameMatcher } from './name-patterns.ts';

export const pattern = z
  .string()
  .min(1)
  .refine(compiles, { error: 'not a valid pattern', abort: true })
  .refine(canMatch, 'matches no name: none has a slash at either end, two in a row, or a space');

function compiles(value: string): boolean {
  try {
    createNameMatcher([value]);
    return true;
  } catch {
    return false;
  }
}
