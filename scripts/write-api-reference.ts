/** Writes the API's reference beside the schemas that it is made from. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatApiReference } from '../src/api/api-reference.ts';

await writeFile(join(import.meta.dirname, '..', 'src', 'api', 'README.md'), formatApiReference());
