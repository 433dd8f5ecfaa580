/** What the program itself is: two builds of one version in development differ, and so must what they fingerprint. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from '../publish/list-files.ts';
import { bundled } from './bundled-program.ts';
import { programDir } from './program-version.ts';

let computed: Promise<string> | null = null;

/** A digest of all that pages are made by: sources, configuration, static files and locked packages. */
export function readProgramFingerprint(): Promise<string> {
  computed ??= bundled === null ? compute() : Promise.resolve(bundled.fingerprint);
  return computed;
}

async function compute(): Promise<string> {
  const hash = createHash('sha256');
  // Hundreds of small files, in every run: read in this way they take half of the processor's time.
  const add = (file: string) =>
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(programDir, file)));
  for (const file of ['package.json', 'package-lock.json', 'astro.config.mjs']) add(file);
  for (const folder of ['src', 'public']) {
    for (const file of await listFiles(join(programDir, folder))) add(`${folder}/${file}`);
  }
  return hash.digest('hex');
}
