/** The version of this program, as `package.json` has it, and where its files are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundled, type EntryModule } from './bundled-program.ts';

/** The folder that the program was installed in. It may be read-only. */
export const programDir = join(import.meta.dirname, '..', '..');

export const programVersion: string = (
  JSON.parse(readFileSync(join(programDir, 'package.json'), 'utf8')) as { version: string }
).version;

/** The file to begin a process with: that of the bundle, where the program runs from one. */
export function toModuleFile(module: EntryModule): string {
  return bundled === null ? join(programDir, `${module}.ts`) : join(bundled.folder, `${module}.mjs`);
}
