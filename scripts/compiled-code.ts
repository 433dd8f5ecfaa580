/**
 * What Node compiled is kept from run to run, for compiling the program takes longer than an hour in which nothing changed. It
 * lies in the state folder's `cache/`, and only where nobody else could have put code there.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { compiledFolder } from '../src/run/forget-caches.ts';
import { isOursAlone } from '../src/run/is-ours-alone.ts';

/** The commands that make the state folder if there is none. */
const makers: ReadonlySet<string> = new Set(['crawl', 'refresh']);

type Environment = Readonly<Record<string, string | undefined>>;

/** The program takes a fifth of it. On a disk without so much room Node would leave an empty file for each module, every time. */
const leastFreeBytes = 64 * 1024 * 1024;
/** Ten times as many as one program keeps. */
const mostFiles = 10_000;

export interface KeptCode {
  /** Where it is kept; null if there is no good place for it. */
  readonly folder: string | null;
  /** Takes a state folder away that was made for this alone: for a run that did nothing. Never throws. */
  undo(): void;
}

/**
 * Keeps compiled code for the command line `words`, that of the processes that it starts included. Where there is no good place for
 * it everything works without, and takes longer to begin. Never throws.
 */
export function keepCompiledCode(words: readonly string[], environment: Environment, workingDir: string): KeptCode {
  let folder: string | null = null;
  let made: string | null = null;
  try {
    const stateDir = guessStateDir(words, environment, workingDir);
    // So that the second run need not begin as slowly as the first. Where its parent is missing too, the guess may be wrong.
    if (stateDir !== null && makesStateDir(words) && !existsSync(stateDir)) {
      mkdirSync(stateDir);
      made = stateDir;
    }
    folder = stateDir === null ? null : keepIn(stateDir);
  } catch {
    // A cache that cannot be had is none.
  }
  const undo = () => {
    if (made !== null) removeUnused(made);
  };
  return { folder, undo };
}

function keepIn(stateDir: string): string | null {
  if (!isOursAlone(stateDir)) return null;
  const cacheDir = join(stateDir, 'cache');
  const compiledDir = join(cacheDir, compiledFolder);
  const { bavail, bsize } = statfsSync(stateDir);
  if (bavail * bsize < leastFreeBytes) return null;
  mkdirSync(compiledDir, { recursive: true });
  if (!isOursAlone(cacheDir) || !isOursAlone(compiledDir)) return null;
  const versions = listVersions(compiledDir);
  if (countFiles(versions) > mostFiles) for (const folder of versions) rmSync(folder, { recursive: true });
  enableCompileCache(compiledDir);
  // Where one is set already, Node uses that.
  process.env['NODE_COMPILE_CACHE'] ??= compiledDir;
  return compiledDir;
}

/** What somebody else began to keep there in the meantime stays. */
function removeUnused(stateDir: string): void {
  try {
    const isOnly = (folder: string, name: string) => readdirSync(folder).every((found) => found === name);
    const cacheDir = join(stateDir, 'cache');
    if (!isOnly(stateDir, 'cache') || (existsSync(cacheDir) && !isOnly(cacheDir, compiledFolder))) return;
    rmSync(stateDir, { recursive: true, force: true });
  } catch {
    // The next run finds it, and uses it.
  }
}

function makesStateDir(words: readonly string[]): boolean {
  return makers.has(words[0] ?? '') && !words.includes('--help');
}

export function isDemo(words: readonly string[]): boolean {
  return words[0] === 'demo';
}

/** Node has a folder for each of its versions and for each set of its options. */
function listVersions(compiledDir: string): readonly string[] {
  const names = readdirSync(compiledDir).filter((name) => /^v\d/.test(name));
  return names.map((name) => join(compiledDir, name));
}

/** Listing them one by one takes a tenth of what listing them as a tree does. */
function countFiles(versions: readonly string[]): number {
  return versions.reduce((sum, folder) => sum + readdirSync(folder).length, 0);
}

/**
 * The state folder that these words most likely lead to; null where they do not tell. To read the settings properly takes half
 * of what is compiled. A wrong guess is harmless: the folder is used for the cache alone.
 */
export function guessStateDir(words: readonly string[], environment: Environment, workingDir: string): string | null {
  // It has a state folder of its own, which goes with it.
  if (isDemo(words)) return null;
  const told = (option: string, variable: string) => {
    const value = readOption(words, option) ?? environment[variable];
    return value ? resolve(workingDir, value) : null;
  };
  const configFile = told('--config', 'REGISTRY_HOMEPAGE_CONFIG');
  const text = configFile === null ? '' : readFileSync(configFile, 'utf8');
  const written = (key: string) => {
    const value = readKey(text, key);
    return value === null || configFile === null ? null : resolve(dirname(configFile), value);
  };
  const stateDir = told('--state-dir', 'REGISTRY_HOMEPAGE_STATE_DIR') ?? written('stateDir');
  if (stateDir !== null) return stateDir;
  const siteDir = told('--site-dir', 'REGISTRY_HOMEPAGE_SITE_DIR') ?? written('siteDir');
  return siteDir === null ? null : `${siteDir}-state`;
}

/** The value of a key in YAML or JSON, as nearly everybody writes it. */
function readKey(text: string, key: string): string | null {
  const line = new RegExp(
    `(?:^|[{,]\\s*)(["']?)${key}\\1\\s*:\\s*(?:"([^"\\n]+)"|'([^'\\n]+)'|([^\\s"'#,}][^\\n#,}]*))`,
    'm',
  );
  const [, , ...values] = line.exec(text) ?? [];
  return values.find((value) => value !== undefined)?.trim() ?? null;
}

function readOption(words: readonly string[], name: string): string | undefined {
  const at = words.findIndex((word) => word === name || word.startsWith(`${name}=`));
  const word = words[at];
  return word === name ? words[at + 1] : word?.slice(name.length + 1);
}
