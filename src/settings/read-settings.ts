/** From the file and the command line to settings. */
import { dirname, resolve } from 'node:path';
import { nearestName } from './nearest-name.ts';
import { readYaml } from './read-yaml.ts';
import { decodeSettings, type Settings } from './settings.ts';
import { SettingsError } from './settings-error.ts';

/** What the command line and the environment say. Each wins over the file's own value. */
export interface SettingsOverrides {
  readonly configFile?: string | undefined;
  /**
   * Replaces the file's sources: the first is called `main`, the others `main-2`, `main-3`, …. Or, as `NAME=URL`, each gives
   * a source of the file another address and leaves the rest of it as it is.
   */
  readonly registries?: readonly string[] | undefined;
  readonly stateDir?: string | undefined;
  readonly siteDir?: string | undefined;
  readonly deadlineMinutes?: number | undefined;
}

/**
 * Reads the settings. Paths of the file are relative to the file, paths of the command line to `workingDir`.
 *
 * Throws a `SettingsError` when the file cannot be read, is not YAML, or holds what is not allowed.
 */
export async function readSettings(overrides: SettingsOverrides, workingDir: string): Promise<Settings> {
  const { configFile, registries, stateDir, siteDir, deadlineMinutes } = overrides;
  const fromFile = configFile === undefined ? {} : await readYaml(resolve(workingDir, configFile));
  const folder = configFile === undefined ? workingDir : dirname(resolve(workingDir, configFile));
  const sources = toSources(registries ?? [], fromFile);
  return decodeSettings(
    {
      ...fromFile,
      ...(sources.length > 0 ? { sources } : {}),
      ...(stateDir === undefined ? {} : { stateDir: resolve(workingDir, stateDir) }),
      ...(siteDir === undefined ? {} : { siteDir: resolve(workingDir, siteDir) }),
      ...(deadlineMinutes === undefined ? {} : { deadlineMinutes }),
    },
    folder,
  );
}

function toSources(registries: readonly string[], fromFile: Record<string, unknown>): readonly unknown[] {
  const named = registries.flatMap((text) => {
    const [, name, url] = /^([a-z0-9][a-z0-9-]*)=(.*)$/.exec(text) ?? [];
    return name === undefined || url === undefined ? [] : [{ name, url: toAddress(url) }];
  });
  if (named.length === 0) {
    return registries.map((url, at) => ({ name: at === 0 ? 'main' : `main-${at + 1}`, url: toAddress(url) }));
  }
  if (named.length < registries.length) {
    throw new SettingsError(
      '--registry names a source of the settings here, and none there',
      'Give each as NAME=URL, or each as URL alone, which replaces all sources.',
    );
  }
  const known: readonly unknown[] = Array.isArray(fromFile['sources']) ? fromFile['sources'] : [];
  const names = known.map((source) => readName(source));
  for (const { name } of named) {
    if (names.includes(name)) continue;
    const nearest = nearestName(name, names);
    throw new SettingsError(
      `--registry ${name}=…: no source of the settings is called so`,
      nearest === null ? 'It gives a source of the settings file another address.' : `Did you mean ${nearest}?`,
    );
  }
  const urls = new Map(named.map(({ name, url }) => [name, url]));
  return known.map((source) => {
    const url = urls.get(readName(source));
    return url === undefined ? source : { ...(source as object), url };
  });
}

/** The name of a source that is not decoded yet. */
function readName(source: unknown): string {
  const { name } = (source ?? {}) as { readonly name?: unknown };
  return typeof name === 'string' ? name : 'main';
}

/** People leave the scheme away, as in pull commands. */
function toAddress(text: string): string {
  const withScheme = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`;
  return withScheme.replace(/\/$/, '');
}
