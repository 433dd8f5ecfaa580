/** Writes the settings reference and its JSON Schema beside the schema that they are made from. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeSettingsJsonSchema, formatSettingsReference } from '../src/settings/settings-reference.ts';

const folder = join(import.meta.dirname, '..', 'src', 'settings');
await writeFile(join(folder, 'README.md'), formatSettingsReference());
await writeFile(join(folder, 'settings.schema.json'), encodeSettingsJsonSchema());
