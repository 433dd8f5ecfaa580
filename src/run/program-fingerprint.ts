/** What the program itself is: two builds of one version in development differ, and so must what they fingerprint. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listFiles } from '../publish/list-files.ts';
import { programDir } from './program-version.ts';

let computed: Promise<string> | null = null;

/** A digest of all that pages are made by: sources, configuration, static files and locked packages. */
export function readProgramFingerprint(): Promise<string> {
  computed ??= compute();
  return computed;
}

async function compute(): Promise<string> {
  const hash = createHash('sha256');
  const add = async (file: string) =>
    hash
      .update(file)
      .update('\0')
      .update(await readFile(join(programDir, file)));
  for (const file of ['package.json', 'package-lock.json', 'astro.config.mjs']) await add(file);
  for (const folder of ['src', 'public']) {
    for (const file of await listFiles(join(programDir, folder))) await add(`${folder}/${file}`);
  }
  return hash.digest('hex');
}
