/** The settings of one run: the file, what the command line and the environment say over it, and every default filled in. */
import { join, resolve } from 'node:path';
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
  const siteDir = resolve(folder, raw.siteDir);
  const stateDir = resolve(folder, raw.stateDir ?? `${siteDir}-state`);
  refuseMixedFolders(siteDir, stateDir);
  const publicHost = raw.publicHost ?? new URL(raw.sources[0]?.url ?? '').host;
  return {
    ...raw,
    sources: raw.sources.map((source) => ({ ...resolvePaths(source, folder), url: stripApiPath(source.url) })),
    title: raw.title ?? publicHost,
    publicHost,
    siteDir,
    stateDir,
    ...(raw.logo === undefined ? {} : { logo: resolve(folder, raw.logo) }),
    ...(raw.overlay === undefined ? {} : { overlay: resolve(folder, raw.overlay) }),
  };
}

/** Whether the public address is that of a site at `base`, or names just its host. */
function isAddressOf(siteUrl: string, base: string): boolean {
  const { pathname } = new URL(siteUrl);
  return pathname === '/' || `${pathname.replace(/\/+$/, '')}/` === base;
}

/** What lies in a release is served, and goes with it; what lies in a folder of the state may be taken for a file of it that is old. */
function refuseMixedFolders(siteDir: string, stateDir: string): void {
  const served = ['current', 'releases'].find((name) => isWithin(stateDir, join(siteDir, name)));
  if (served !== undefined) {
    throw new SettingsError(
      `stateDir: ${stateDir} lies in the site's ${served}, which readers see`,
      'Give the state a folder of its own: it is not for readers.',
    );
  }
  const kept = ['snapshot', 'cache', 'shards', 'integrity'].find((name) => isWithin(siteDir, join(stateDir, name)));
  if (kept !== undefined) {
    throw new SettingsError(`siteDir: ${siteDir} lies in the state's ${kept}`, 'Give the site a folder of its own.');
  }
}

function isWithin(folder: string, outer: string): boolean {
  return `${folder}/`.startsWith(`${outer}/`);
}

/** People copy addresses from `curl` calls: `http://host:5000/v2/` means `http://host:5000`. */
function stripApiPath(url: string): string {
  return url.replace(/\/v2\/?$/, '');
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
