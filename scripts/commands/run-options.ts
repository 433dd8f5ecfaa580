/** The options that commands share, and what they mean for a run. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { createEventLog, type EventLog, type LogLevel } from '../../src/run/event-log.ts';
import { isJournal } from '../../src/run/journal.ts';
import { createProgress, type Progress, silentProgress } from '../../src/run/progress.ts';
import type { RunContext } from '../../src/run/refresh.ts';
import type { Settings } from '../../src/settings/settings.ts';

export interface CommonOptions {
  readonly config?: string;
  readonly registry?: readonly string[];
  readonly stateDir?: string;
  readonly siteDir?: string;
  readonly deadline?: number;
  readonly logFormat: 'text' | 'json';
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export interface CrawlOptions {
  readonly acceptRemovals?: boolean;
  readonly metricsFile?: string;
}

/** Adds `--config`, `--registry`, the folders and the logging options. */
export function addCommonOptions(command: Command): Command {
  return command
    .addOption(
      withVariable('REGISTRY_HOMEPAGE_CONFIG', '--config <file>', 'settings, as YAML or JSON').argParser(parsePath),
    )
    .addOption(
      withVariable(
        'REGISTRY_HOMEPAGE_REGISTRY',
        '--registry <url>',
        'a registry to read; again for each further backend of the same host. As NAME=URL: another address for that source of the settings',
      ).argParser(parseRegistries),
    )
    .addOption(
      withVariable(
        'REGISTRY_HOMEPAGE_STATE_DIR',
        '--state-dir <dir>',
        'where the snapshot and the caches are kept',
      ).argParser(parsePath),
    )
    .addOption(
      withVariable('REGISTRY_HOMEPAGE_SITE_DIR', '--site-dir <dir>', 'where the site is published').argParser(
        parsePath,
      ),
    )
    .addOption(
      withVariable('REGISTRY_HOMEPAGE_LOG_FORMAT', '--log-format <format>', 'how events are logged to standard error')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addOption(new Option('--quiet', 'log errors only').conflicts('verbose'))
    .option('--verbose', 'log every retry as well');
}

/** Adds `--accept-removals`, `--deadline` and `--metrics-file`. */
export function addCrawlOptions(command: Command): Command {
  return addDecisionOptions(command).option('--deadline <minutes>', 'publish what was gathered by then', parseMinutes);
}

/** Adds `--accept-removals` and `--metrics-file`. */
export function addDecisionOptions(command: Command): Command {
  return command
    .option('--accept-removals', 'let removals happen, however many')
    .addOption(
      withVariable(
        'REGISTRY_HOMEPAGE_METRICS_FILE',
        '--metrics-file <file>',
        'write what the run did for Prometheus, also when it fails',
      ).argParser(parsePath),
    );
}

/** The settings that a command's options lead to. */
export async function readCommandSettings(options: CommonOptions): Promise<Settings> {
  const { readSettings } = await import('../../src/settings/read-settings.ts');
  const { config, registry, stateDir, siteDir, deadline } = options;
  return readSettings(
    { configFile: config, registries: registry, stateDir, siteDir, deadlineMinutes: deadline },
    process.cwd(),
  );
}

/** Where a command's events go. */
export interface CommandLog {
  readonly log: EventLog;
  readonly logFormat: CommonOptions['logFormat'];
  /** Whether the log goes to systemd's journal. */
  readonly isJournal: boolean;
}

export interface CommandContext extends RunContext, CommandLog {}

/** The log that a command's options ask for. Progress on a terminal is taken away before a line. */
export function createCommandLog(
  { logFormat = 'text', quiet, verbose }: Partial<CommonOptions>,
  progress: Progress = silentProgress,
): CommandLog {
  const level: LogLevel = quiet ? 'error' : verbose ? 'debug' : 'info';
  const { stderr } = process;
  const journal = isJournal(process.env, stderr.fd);
  const log = createEventLog({
    format: logFormat,
    level,
    clock: () => new Date(),
    journal,
    print: (line) => {
      progress.clear();
      stderr.write(`${line}\n`);
    },
  });
  return { log, logFormat, isJournal: journal };
}

/** What a run needs of the process: its environment, clock, log, progress, and the signals that stop it. */
export function createRunContext(options: Pick<CommonOptions, 'logFormat' | 'quiet' | 'verbose'>): CommandContext {
  const { stderr } = process;
  const progress =
    stderr.isTTY && !options.quiet && options.logFormat === 'text'
      ? createProgress({ write: (text) => stderr.write(text), now: () => performance.now() })
      : silentProgress;
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(signal));
  const { env: environment } = process;
  return {
    environment,
    clock: () => new Date(),
    progress,
    cancel: stop.signal,
    ...createCommandLog(options, progress),
  };
}

/** An option that a variable may set, too. An empty variable is one that nobody set: that is how files of variables leave one out. */
function withVariable(variable: string, flags: string, description: string): Option {
  const option = new Option(flags, description);
  return process.env[variable] === '' ? option : option.env(variable);
}

/** An empty one, as a script writes it of a variable that nobody set, would be the working folder. */
export function parsePath(text: string): string {
  if (text === '') throw new InvalidArgumentError('Expected a path; it is empty.');
  return text;
}

function parseRegistries(text: string, before: readonly string[] | undefined): readonly string[] {
  const addresses = text.split(/\s+/).filter((address) => address !== '');
  if (addresses.length === 0) throw new InvalidArgumentError('Expected an address; it is empty.');
  return [...(before ?? []), ...addresses];
}

function parseMinutes(text: string): number {
  const minutes = Number(text);
  if (!(minutes > 0 && minutes <= 1440)) throw new InvalidArgumentError('Expected a number of minutes, at most 1440.');
  return minutes;
}
