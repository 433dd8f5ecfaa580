/** The settings of one run: the file, what the command line and the environment say over it, and every default filled in. */
import { resolve } from 'node:path';
import { z } from 'astro/zod';
import { nearestName } from './nearest-name.ts';
import { type RawSettings, settingsSchema } from './settings.schema.ts';
import { SettingsError } from './settings-error.ts';

/** One backend, with its defaults. */
export type Source = RawSettings['sources'][number];

/** Complete settings. Paths are absolute; `title` and `publicHost` are never empty. */
export interface Settings extends Omit<RawSettings, 'title' | 'publicHost' | 'stateDir'> {
  readonly title: string;
  readonly publicHost: string;
  readonly stateDir: string;
}

/**
 * Decodes settings. Relative paths are taken from `folder` (the settings file's own, or the working folder). An object
 * without `sources` is an error that says how to name one.
 *
 * Throws a `SettingsError` that lists every problem, one a line.
 */
export function decodeSettings(value: unknown, folder: string): Settings {
  const result = settingsSchema.safeParse(value ?? {});
  if (!result.success) throw toSettingsError(result.error);
  const raw = result.data;
  const names = raw.sources.map((source) => source.name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) {
    throw new SettingsError(`sources: two of them are called "${twice}"`, 'Give each source a name of its own.');
  }
  const publicHost = raw.publicHost ?? new URL(raw.sources[0]?.url ?? '').host;
  return {
    ...raw,
    sources: raw.sources.map((source) => resolvePaths(source, folder)),
    title: raw.title ?? publicHost,
    publicHost,
    siteDir: resolve(folder, raw.siteDir),
    stateDir: resolve(folder, raw.stateDir ?? `${raw.siteDir.replace(/\/+$/, '')}-state`),
  };
}

function resolvePaths(source: Source, folder: string): Source {
  const { repositories, credentials } = source;
  return {
    ...source,
    ...(typeof repositories === 'string' ? { repositories: resolve(folder, repositories) } : {}),
    ...(credentials === undefined ? {} : { credentials: resolveFiles(credentials, folder) }),
  };
}

function resolveFiles(credentials: NonNullable<Source['credentials']>, folder: string): typeof credentials {
  const entries = Object.entries(credentials).map(([key, value]) => [
    key,
    key.endsWith('File') && value !== undefined ? resolve(folder, value) : value,
  ]);
  return Object.fromEntries(entries);
}

function toSettingsError(error: z.ZodError): SettingsError {
  const problems = error.issues.flatMap(describeIssue);
  return new SettingsError(problems.join('\n'), 'The settings reference lists every key: src/settings/README.md.');
}

function describeIssue(issue: z.core.$ZodIssue): readonly string[] {
  const place = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const known = nearestName(key, knownKeysAt(issue.path));
      return `${place ? `${place}.` : ''}${key}: unknown key${known ? `; did you mean "${known}"?` : ''}`;
    });
  }
  if (place === 'sources' && /received undefined$/.test(issue.message)) {
    return ['sources: missing; name at least one registry, such as --registry http://localhost:5000'];
  }
  if (issue.code === 'invalid_union') return [`${place}: expected a list of names, or the path of a file`];
  return [`${place || 'settings'}: ${issue.message.replace(/^Invalid input: /, '')}`];
}

function knownKeysAt(path: readonly PropertyKey[]): readonly string[] {
  let schema: z.core.$ZodType | undefined = settingsSchema;
  for (const step of path) {
    schema = unwrap(schema);
    if (schema instanceof z.ZodArray) schema = schema.element as z.core.$ZodType;
    else if (schema instanceof z.ZodObject) schema = schema.shape[String(step)];
  }
  schema = unwrap(schema);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function unwrap(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault) inner = inner.unwrap() as z.core.$ZodType;
  return inner;
}
