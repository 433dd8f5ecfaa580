/** The settings reference and the JSON Schema, both made from the one schema that settings are decoded with. */
import { z } from 'astro/zod';
import { overlaySchema } from './overlay.schema.ts';
import { settingsSchema } from './settings.schema.ts';

interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/** The JSON Schema of the settings file, as editors read it. */
export function encodeSettingsJsonSchema(): string {
  const schema = z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' });
  return `${JSON.stringify({ title: 'registry-homepage settings', ...schema }, null, 2)}\n`;
}

/** The reference page, as Markdown. */
export function formatSettingsReference(): string {
  const schema = z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const overlay = z.toJSONSchema(overlaySchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const source = schema.properties?.['sources']?.items ?? {};
  const credentials = source.properties?.['credentials'] ?? {};
  return [
    '# Settings',
    '',
    'The settings file is YAML; JSON is YAML too. Name it with `--config FILE`. Relative paths are taken from its folder. A key that',
    'is not listed here is an error that names the nearest one. Flags win over environment variables, those over the file.',
    '',
    'This page and [settings.schema.json](settings.schema.json), which editors understand, are made by',
    '`npm run settings-reference` from [settings.schema.ts](settings.schema.ts).',
    '',
    '## The site',
    '',
    formatTable(schema),
    '',
    'Patterns are globs: `*` stays within one part of a name, `**` crosses slashes (`restricted/**` means `restricted` itself, too), and',
    '`!` takes back what the patterns before it meant. What stands between slashes is a regular expression: `/^team-[0-9]+\\//`.',
    'A glob that is seen to match no name, such as `restricted/`, is an error; in an overlay, which hides nothing, it is a warning in the log.',
    '',
    '## A link at the foot of every page',
    '',
    formatTable(schema.properties?.['footerLinks']?.items ?? {}),
    '',
    '## A link on the pages of images',
    '',
    formatTable(schema.properties?.['linkTemplates']?.items ?? {}),
    '',
    'A link that needs a tag or a digest is left out where nothing is recommended.',
    '',
    '## A rule of the clean-up',
    '',
    formatTable(schema.properties?.['cleanup']?.items ?? {}),
    '',
    'A key that is left out asks for nothing. At least one of `olderThanDays`, `beyondNewest` and `untouchedForDays` has to be there.',
    '',
    '## Tags that are asked about less often',
    '',
    formatTable(schema.properties?.['revalidate']?.items ?? {}),
    '',
    '## The overlay',
    '',
    'A YAML file of its own, whose keys are names or patterns of repositories. They are read in order, and what a later one says',
    'wins over an earlier one and over the image itself:',
    '',
    '```yaml',
    '"releng/**":',
    '  owner: Release Engineering, https://wiki.example.org/releng',
    'releng/node20:',
    '  deprecatedSince: 2026-04-30',
    '  replacement: releng/node24',
    '```',
    '',
    formatTable(overlay.additionalProperties ?? {}),
    '',
    '## A source',
    '',
    formatTable(source),
    '',
    '## Credentials of a source',
    '',
    'Values never stand in the settings: name files, or environment variables.',
    '',
    formatTable(credentials),
    '',
  ].join('\n');
}

function formatTable(schema: JsonSchema): string {
  const rows = Object.entries(schema.properties ?? {}).map(([key, property]) => {
    const fallback = schema.required?.includes(key) ? 'required' : formatDefault(property.default);
    return `| \`${key}\` | ${formatType(property)} | ${fallback} | ${property.description ?? ''} |`;
  });
  return ['| key | value | default | |', '|---|---|---|---|', ...rows].join('\n');
}

function formatType(schema: JsonSchema): string {
  if (schema.anyOf) return schema.anyOf.map(formatType).join(', or ');
  if (schema.type === 'array') return `list of ${formatType(schema.items ?? {}).replace(/^text$/, 'texts')}`;
  if (schema.type === 'object') return 'keys, below';
  if (schema.type === 'integer') return 'whole number';
  if (schema.type === 'boolean') return 'true or false';
  return schema.type === 'number' ? 'number' : 'text';
}

function formatDefault(value: unknown): string {
  return value === undefined ? '' : `\`${JSON.stringify(value)}\``;
}
