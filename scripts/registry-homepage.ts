#!/usr/bin/env node
/** The program's first module. It loads next to nothing, so that what it turns on holds for all that is loaded after it. */
import { keepCompiledCode } from './compiled-code.ts';

keepCompiledCode(process.argv.slice(2), process.env, process.cwd());
const { runCommandLine } = await import('./command-line.ts');
await runCommandLine();
