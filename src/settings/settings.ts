/** The settings of one run: the file, what the command line and the environment say over it, and every default filled in. */
import { resolve } from 'node:path';
import { describeIssues } from './describe-issues.ts';
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
  if (!result.success) {
    const hint = 'The settings reference lists every key: src/settings/README.md.';
    throw new SettingsError(describeIssues(result.error, settingsSchema).join('\n'), hint);
  }
  const raw = result.data;
  const names = raw.sources.map((source) => source.name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) {
    throw new SettingsError(`sources: two of them are called "${twice}"`, 'Give each source a name of its own.');
  }
  if (raw.siteUrl !== undefined && !isAddressOf(raw.siteUrl, raw.base)) {
    throw new SettingsError(
      `siteUrl: its path is ${new URL(raw.siteUrl).pathname}, but the site is served at ${raw.base}`,
      'Let `siteUrl` end with the path that `base` names, or name the host alone.',
    );
  }
  const publicHost = raw.publicHost ?? new URL(raw.sources[0]?.url ?? '').host;
  return {
    ...raw,
    sources: raw.sources.map((source) => resolvePaths(source, folder)),
    title: raw.title ?? publicHost,
    publicHost,
    siteDir: resolve(folder, raw.siteDir),
    ...(raw.logo === undefined ? {} : { logo: resolve(folder, raw.logo) }),
    ...(raw.overlay === undefined ? {} : { overlay: resolve(folder, raw.overlay) }),
    stateDir: resolve(folder, raw.stateDir ?? `${raw.siteDir.replace(/\/+$/, '')}-state`),
  };
}

/** Whether the public address is that of a site at `base`, or names just its host. */
function isAddressOf(siteUrl: string, base: string): boolean {
  const { pathname } = new URL(siteUrl);
  return pathname === '/' || `${pathname.replace(/\/+$/, '')}/` === base;
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
