/** The units of `scripts/systemd/`, with the folders of one installation in place of the example's. */
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { programDir } from '../../src/run/program-version.ts';
import type { Settings } from '../../src/settings/settings.ts';

export interface Installation {
  readonly settings: Pick<Settings, 'siteDir' | 'stateDir' | 'sources' | 'deadlineMinutes'>;
  readonly configFile: string;
  /** The Node that runs the program. */
  readonly nodeFile: string;
  readonly user: string;
  readonly metricsFile: string | null;
  /** For one of several registries of a host: what stands behind `@`. Null for the only one. */
  readonly instance: string | null;
}

/** Files by their name, or by that of the folder of one unit's further lines and theirs. */
export type UnitFiles = Readonly<Record<string, string>>;

/** Fills the units in. Throws a `RangeError` where a folder cannot belong to an instance. */
export async function fillUnits(installation: Installation): Promise<UnitFiles> {
  const { user, instance } = installation;
  const at = instance === null ? '' : '@';
  const files = [
    `registry-homepage${at}.service`,
    `registry-homepage${at}.timer`,
    `registry-homepage-verify${at}.service`,
    `registry-homepage-verify${at}.timer`,
    'registry-homepage-failed@.service',
    `registry-homepage-reload${at}.path`,
    'registry-homepage-reload.service',
  ];
  const units: Record<string, string> = {};
  for (const file of files) units[file] = await readExample(file);
  const service = `registry-homepage${at}.service`;
  const { siteDir, stateDir } = installation.settings;
  const ownState = belowStateFolder(stateDir) === null ? [stateDir] : [];
  units[service] = fillService(units[service] ?? '', installation, [siteDir, ...ownState]);
  const verify = `registry-homepage-verify${at}.service`;
  units[verify] = fillService(units[verify] ?? '', { ...installation, metricsFile: null }, [stateDir]);
  const timeout = `${toTimeoutMinutes(installation.settings)}min`;
  if (instance === null) units[service] = setLine(units[service], 'TimeoutStartSec', timeout);
  else {
    // All instances share the units, and none may be handed another one's password.
    const credentials = listCredentialLines(installation);
    const lines = { [service]: [`TimeoutStartSec=${timeout}`, ...credentials], [verify]: credentials };
    for (const [unit, own] of Object.entries(lines)) {
      const file = `${unit.replace('@', `@${instance}`)}.d/10-settings.conf`;
      // Written also without a line: an earlier one may have had some. What an operator adds comes after it.
      units[file] = ['[Service]', ...own, ''].join('\n');
    }
  }
  const watch = `registry-homepage-reload${at}.path`;
  units[watch] = setLine(units[watch] ?? '', 'PathChanged', escapePercent(toPattern(siteDir, installation)));
  units['sysusers.conf'] = (await readExample('sysusers.conf')).replace(/^u registry-homepage /m, `u ${user} `);
  units['tmpfiles.conf'] = fillFolders(await readExample('tmpfiles.conf'), installation);
  return units;
}

function readExample(file: string): Promise<string> {
  return readFile(join(programDir, 'scripts', 'systemd', file), 'utf8');
}

/** `writable` are the folders that it may write, besides those that systemd makes for it. */
function fillService(text: string, installation: Installation, writable: readonly string[]): string {
  const { configFile, nodeFile, user, metricsFile, settings } = installation;
  const program = join(programDir, 'scripts', 'registry-homepage.ts');
  const metrics = metricsFile === null ? [] : ['--metrics-file', toPattern(metricsFile, installation)];
  // The command and its own options are the example's; where things are is the installation's.
  const [, command = '', options = ''] = /^ExecStart=\S+ \S+ (\S+) --config \S+(.*)$/m.exec(text) ?? [];
  const words = [nodeFile, program, command, '--config', toPattern(configFile, installation), ...metrics];
  const state = belowStateFolder(settings.stateDir);
  let unit = setLine(text, 'ExecStart', words.map(escapeArgument).join(' ') + options);
  unit = setLine(unit, 'User', user);
  unit = setLine(unit, 'Group', user);
  unit = setLine(
    unit,
    'ReadWritePaths',
    [
      ...writable.map((folder) => escapeWord(toPattern(folder, installation))),
      ...(metricsFile === null ? [] : [escapeWord(dirname(metricsFile))]),
    ].join(' '),
  );
  unit = setLine(unit, 'StateDirectory', state === null ? '' : escapeWord(toPattern(state, installation)));
  if ([programDir, nodeFile, configFile, settings.siteDir, settings.stateDir].some(isInHome)) {
    unit = setLine(unit, 'ProtectHome', 'read-only');
  }
  const credentials = installation.instance === null ? listCredentialLines(installation) : [];
  return credentials.length === 0 ? unit : unit.replace(/^#LoadCredential=.*$/m, () => credentials.join('\n'));
}

/** What was gathered by the deadline has still to be published, and a first site takes its time. */
function toTimeoutMinutes({ deadlineMinutes }: Installation['settings']): number {
  return Math.max(75, Math.ceil(deadlineMinutes) + 25);
}

/** `password` beside the settings file: in a folder of the program's name, or as `ml.password` where that file is an instance's. */
function listCredentialLines({ settings, configFile, instance }: Installation): readonly string[] {
  const folder = dirname(configFile);
  return listCredentials(settings.sources).map((name) => {
    const file = instance === null ? join(folder, 'registry-homepage', name) : join(folder, `${instance}.${name}`);
    return `LoadCredential=${name}:${escapePercent(file)}`;
  });
}

function fillFolders(text: string, { settings, user, metricsFile }: Installation): string {
  const folders = [
    `d ${escapeField(settings.siteDir)} 0755 ${user} ${user} -`,
    ...(belowStateFolder(settings.stateDir) === null
      ? [`d ${escapeField(settings.stateDir)} 0750 ${user} ${user} -`]
      : []),
  ];
  const filled = text.replace(/^d .*$/m, () => folders.join('\n'));
  if (metricsFile === null) return filled;
  return filled.replace(/^#a\+ .*$/m, () => `a+ ${escapeField(dirname(metricsFile))} - - - - u:${user}:rwx`);
}

/** The names of the credentials that systemd is to hand over: those that settings look for where it puts them. */
function listCredentials(sources: Settings['sources']): readonly string[] {
  const files = sources.flatMap(({ credentials }) => Object.values(credentials ?? {}));
  const names = files.map((file = '') => /^\/run\/credentials\/[^/]+\/([\w.-]+)$/.exec(file)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

/** `/var/lib/registry-homepage` -> `registry-homepage`, which systemd makes by itself; null for any other folder. */
function belowStateFolder(folder: string): string | null {
  const below = relative('/var/lib', resolve(folder));
  return below === '' || below.startsWith('..') ? null : below;
}

/** A path in which `%i` stands for the instance, so that all registries of a host can share the unit. */
function toPattern(path: string, { instance }: Installation): string {
  if (instance === null) return path;
  const parts = path.split('/');
  const place = parts.findLastIndex((part) => part === instance || part.replace(/\.[a-z]+$/, '') === instance);
  const part = parts[place];
  if (part === undefined)
    throw new RangeError(`${path} has no part called ${instance}, so other instances would share it`);
  return parts.with(place, part.replace(instance, '\0')).join('/');
}

/** A word of a command line, the only lines in which systemd puts variables. */
function escapeArgument(word: string): string {
  return escapeWord(word).replaceAll('$', '$$$$');
}

/** A word of a list; the mark of `toPattern` becomes systemd's own. */
function escapeWord(word: string): string {
  const escaped = escapePercent(word);
  if (!/[\s"'\\;]/.test(escaped)) return escaped;
  return `"${escaped.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** A line that is one path has no quotes. */
function escapePercent(path: string): string {
  return path.replaceAll('%', '%%').replaceAll('\0', '%i');
}

/** A path in a line of `tmpfiles.d`. */
function escapeField(path: string): string {
  const escaped = path.replaceAll('%', '%%');
  return /[\s"'\\]/.test(escaped) ? `"${escaped.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : escaped;
}

function isInHome(path: string): boolean {
  return /^\/(?:home|root|run\/user)(?:\/|$)/.test(path);
}

/** Replaces the value of the one line that sets `key`; an empty one takes the line away. */
function setLine(text: string, key: string, value: string): string {
  const lines = text.split('\n');
  const places = lines.flatMap((line, at) => (line.startsWith(`${key}=`) ? [at] : []));
  const [place] = places;
  if (place === undefined || places.length !== 1) throw new TypeError(`the unit does not set ${key} once`);
  const written = value.replaceAll('\0', '%i');
  return (value === '' ? lines.toSpliced(place, 1) : lines.with(place, `${key}=${written}`)).join('\n');
}
