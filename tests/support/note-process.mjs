/** Loaded before a program, and every Node process that it starts: each notes in `PROCESS_NOTES` which module it began with. */
import { appendFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const [file, module = ''] = [process.env['PROCESS_NOTES'], process.argv[1]];
if (file && isMainThread) appendFileSync(file, `${basename(module, extname(module))}\n`);
