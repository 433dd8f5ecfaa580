import { createHash } from 'node:crypto';

/** A SHA-256, in hexadecimal, of the value's JSON: another value, another fingerprint. The order of keys counts. */
export function fingerprintOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
