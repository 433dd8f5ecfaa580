/** From the file and the command line to settings. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { decodeSettings, type Settings } from './settings.ts';
import { SettingsError } from './settings-error.ts';

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

async function readYaml(file: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(cause);
    throw new SettingsError(`${file}: cannot be read: ${reason}`, 'Name the settings file with --config FILE.', {
      cause,
    });
  }
  const value = parseYaml(text, file);
  if (value !== null && (typeof value !== 'object' || Array.isArray(value))) {
    throw new SettingsError(`${file}: expected keys and values`, 'See the example in README.md.');
  }
  return (value ?? {}) as Record<string, unknown>;
}

/** A warning is an error here: what the parser warns of (`!ml/**` without quotes, which YAML calls a tag) it then drops. */
function parseYaml(text: string, file: string): unknown {
  const document = parseDocument(text, { prettyErrors: true });
  try {
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem !== undefined) throw problem;
    return document.toJS();
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const hint = 'The settings file is YAML, and JSON is YAML too. Patterns that begin with * or ! need quotes.';
    throw new SettingsError(`${file}: ${cause.message.trimEnd()}`, hint, { cause });
  }
}
