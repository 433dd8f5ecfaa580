/** From the file and the command line to settings. */
import { dirname, resolve } from 'node:path';
import { readYaml } from './read-yaml.ts';
import { decodeSettings, type Settings } from './settings.ts';

/** What the command line and the environment say. Each wins over the file's own value. */
export interface SettingsOverrides {
  readonly configFile?: string | undefined;
  /** Replaces the file's sources: the first is called `main`, the others `main-2`, `main-3`, … */
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
  const sources = registries?.map((url, at) => ({
    name: at === 0 ? 'main' : `main-${at + 1}`,
    url: stripApiPath(url),
  }));
  return decodeSettings(
    {
      ...fromFile,
      ...(sources && sources.length > 0 ? { sources } : {}),
      ...(stateDir === undefined ? {} : { stateDir: resolve(workingDir, stateDir) }),
      ...(siteDir === undefined ? {} : { siteDir: resolve(workingDir, siteDir) }),
      ...(deadlineMinutes === undefined ? {} : { deadlineMinutes }),
    },
    folder,
  );
}

/** People copy addresses from `curl` calls: `http://host:5000/v2/` means `http://host:5000`. */
function stripApiPath(url: string): string {
  const withScheme = /^[a-z]+:\/\//i.test(url) ? url : `https://${url}`;
  return withScheme.replace(/\/(?:v2\/?)?$/, '');
}
