#!/usr/bin/env node
/** The program's first module. It loads next to nothing, so that what it turns on holds for all that is loaded after it. */
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { isDemo, keepCompiledCode } from './compiled-code.ts';

// What is in use may double before what is not is collected: to collect it at a fifth more takes a tenth more of the processor. Left
// to itself Node lets it grow to four times as much where a machine has much memory, and a catalogue is often made on the machine of
// its registry.
setFlagsFromString('--heap-growing-percent=100');
const words = process.argv.slice(2);
const kept = keepCompiledCode(words, process.env, process.cwd());
// The demo is left out of bundles: it has the names of a real registry in it.
const bundle = isDemo(words) ? null : await (await import('./program-bundle.ts')).prepareBundle(kept.folder);
const { runCommandLine } = await loadCommandLine();
await runCommandLine();
// Wrong usage and wrong settings promise that nothing was done.
if (process.exitCode === 64 || process.exitCode === 78) kept.undo();

/** From the bundle, or from the sources where there is none that can be loaded. */
async function loadCommandLine(): Promise<typeof import('./command-line.ts')> {
  try {
    if (bundle !== null) return await import(pathToFileURL(bundle).href);
  } catch {
    // It went, or the disk fails: what it was made from is there.
  }
  return import('./command-line.ts');
}
