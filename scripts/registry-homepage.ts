#!/usr/bin/env node
/** The program's first module. It loads next to nothing, so that what it turns on holds for all that is loaded after it. */
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { keepCompiledCode } from './compiled-code.ts';

// What is in use may grow by a fifth before what is not is collected. Left to itself Node lets it grow to four times as much where
// a machine has much memory, and a catalogue is often made on the machine of its registry.
setFlagsFromString('--heap-growing-percent=20');
const compiledDir = keepCompiledCode(process.argv.slice(2), process.env, process.cwd());
const bundle = compiledDir === null ? null : await (await import('./program-bundle.ts')).prepareBundle(compiledDir);
const { runCommandLine }: typeof import('./command-line.ts') =
  bundle === null ? await import('./command-line.ts') : await import(pathToFileURL(bundle).href);
await runCommandLine();
