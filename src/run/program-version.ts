/** The version of this program, as `package.json` has it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder that the program runs from. It may be read-only. */
export const programDir = join(import.meta.dirname, '..', '..');

export const programVersion: string = (
  JSON.parse(readFileSync(join(programDir, 'package.json'), 'utf8')) as { version: string }
).version;
