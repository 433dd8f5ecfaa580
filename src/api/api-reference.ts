/** The API's reference page, made from the schemas that its files are held to. */
import { type PublishedFile, publishedFiles, publishedSchemas } from './published.schema.ts';

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

const introduction = `# The JSON API

Files beside the pages, at fixed addresses, for programs: no key, no paging, no server that computes. They may be read by scripts of other
sites (\`Access-Control-Allow-Origin: *\`), and change only when what they say does, so conditional requests are cheap. A program begins
at \`/-/api/v1/index.json\`, or knows what it wants:

\`\`\`sh
curl -s https://docker-registry.example.org/-/api/v1/catalogue.json | jq -r '.repositories[].name'
curl -s https://docker-registry.example.org/-/api/v1/repositories/releng/node24/-/repository.json | jq .recommended
curl -s https://docker-registry.example.org/releng/node24/-/recommended.txt
\`\`\`

- **Promised:** within \`v1\` fields are added, and never renamed, retyped or taken away. What is unknown or absent is \`null\`; a field
  has one type. Readers must accept fields and, where a text is not an enumeration, values that they do not know.
- Times are ISO 8601 in UTC, to the second. Sizes are bytes. Digests are \`sha256:…\`. Arrays and keys are sorted; the same registry and settings
  give the same bytes.
- Links are absolute paths on the same host, at whatever \`base\` the site is served.
- What settings exclude, or the crawl may not read, is in no file, and in no count but \`withheldRepositories\`.
- Each kind of file has a JSON Schema (draft 2020-12) at \`/-/api/v1/schema/<file>.json\`, made from what the program writes with.

Beside these there are feeds (\`/-/feed.xml\`, \`/<name>/-/feed.xml\`, Atom, with \`siteUrl\`), \`/<name>/-/recommended.txt\` (one line to pull, absent where
nothing is recommended), \`/<name>/-/badge.svg\`, and CSV of storage and clean-up. \`/-/search/\` is the search's own and no part of the promise.

This page is made by \`npm run api-reference\` from [published.schema.ts](published.schema.ts) and what it imports.
`;

const changes = `## Changes

| version | |
|---|---|
| v1, unreleased | The files below. |
`;

/** The reference page, as Markdown. */
export function formatApiReference(): string {
  return [introduction, changes, ...publishedFiles.map(formatFile)].join('\n');
}

function formatFile({ name, path, about }: PublishedFile): string {
  const rows = listRows((publishedSchemas[name] ?? {}) as JsonSchema, '');
  return [`## ${name}`, '', `\`/${path}\``, '', about, '', '| field | value | |', '|---|---|---|', ...rows, ''].join(
    '\n',
  );
}

function listRows(schema: JsonSchema, path: string): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const field = path === '' ? key : `${path}.${key}`;
    const isOptional = schema.required?.includes(key) !== true;
    const { inner, suffix } = unwrap(property);
    const words = [property.description, ...(isOptional ? ['May be absent.'] : [])].filter(
      (text) => text !== undefined,
    );
    return [`| \`${field}\` | ${formatType(property)} | ${words.join(' ')} |`, ...listRows(inner, `${field}${suffix}`)];
  });
}

/** What has fields of its own within a property: of a list each member, of a map each value. */
function unwrap(schema: JsonSchema): { readonly inner: JsonSchema; readonly suffix: string } {
  const present = schema.anyOf?.find(({ type }) => type !== 'null') ?? schema;
  if (present.items !== undefined) {
    const { inner, suffix } = unwrap(present.items);
    return { inner, suffix: `[]${suffix}` };
  }
  if (present.additionalProperties !== undefined) {
    const { inner, suffix } = unwrap(present.additionalProperties);
    return { inner, suffix: `.*${suffix}` };
  }
  return { inner: present, suffix: '' };
}

function formatType(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(formatType).join(' or ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.type === 'array')
    return `list of ${formatType(schema.items ?? {}).replace(/^(text|object|list)$/, '$1s')}`;
  if (schema.additionalProperties !== undefined) return 'map';
  const names: Readonly<Record<string, string>> = { string: 'text', integer: 'whole number', boolean: 'true or false' };
  const types = [schema.type ?? 'of any type'].flat();
  return types.map((type) => names[type] ?? type).join(' or ');
}
