/** From settings to sources that can be asked: credentials found, name lists read, clients opened. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CrawlSource } from '../crawl/crawl-source.ts';
import { anonymous, type Credentials } from '../registry/credentials.ts';
import { CredentialsError, HelperFailedError } from '../registry/credentials-error.ts';
import { readDockerCredentials } from '../registry/docker-credentials.ts';
import { openRegistry } from '../registry/open-registry.ts';
import type { RegistryError } from '../registry/registry-error.ts';
import { createNameMatcher } from '../settings/name-patterns.ts';
import type { Settings, Source } from '../settings/settings.ts';
import { SettingsError } from '../settings/settings-error.ts';
import { programVersion } from './program-version.ts';
import type { RunContext } from './refresh.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface OpenSourcesOptions {
  readonly environment: Environment;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** The wait before the first retry, where it is not the usual one. */
  readonly firstWaitMs?: number;
  readonly onRetry?: (source: string, error: RegistryError, waitMs: number) => void;
}

/**
 * Opens every source of the settings. Throws a `SettingsError` or `CredentialsError` for files that cannot be used. A source whose
 * credential helper fails answers nothing: the others are no worse for it.
 */
export async function openSources(
  settings: Settings,
  { environment, clock, firstWaitMs, onRetry }: OpenSourcesOptions,
): Promise<readonly CrawlSource[]> {
  const contact = settings.siteUrl ?? `https://${settings.publicHost}/`;
  const userAgent = `registry-homepage/${programVersion} (+${contact})`;
  return Promise.all(
    settings.sources.map(async (source): Promise<CrawlSource> => {
      const { name, url, routes, concurrency, followRedirects } = source;
      const client = openRegistry({
        url,
        userAgent,
        credentials: await readCredentials(source, environment),
        concurrency,
        requestsPerSecond: source.requestsPerSecond,
        pageSize: source.pageSize,
        timeoutMs: source.timeoutSeconds * 1000,
        listingTimeoutMs: source.listingTimeoutSeconds * 1000,
        retries: source.retries,
        firstWaitMs,
        followRedirects,
        redirectHosts: source.redirectHosts,
        tokenHosts: source.tokenHosts,
        clock,
        onRetry: (error, waitMs) => onRetry?.(name, error, waitMs),
      });
      const serves = routes === undefined ? () => true : createNameMatcher(routes);
      return { name, client, serves, fixedNames: await readFixedNames(source), concurrency, followRedirects };
    }),
  );
}

/** Opens every source for a run, which logs each retry. */
export function openRunSources(
  settings: Settings,
  { environment, clock, log }: Pick<RunContext, 'environment' | 'clock' | 'log'>,
): Promise<readonly CrawlSource[]> {
  return openSources(settings, {
    environment,
    clock: () => clock().getTime(),
    onRetry: (source, error, waitMs) =>
      log.write('debug', 'retry', `${source}: ${error.message}; trying again in ${Math.round(waitMs)} ms`, {
        source,
        code: error.code,
        waitMs,
      }),
  });
}

/** The names that settings give, or null. An empty list is a mistake and not a wish to remove everything. */
export async function readFixedNames({ name, repositories }: Source): Promise<readonly string[] | null> {
  if (repositories === undefined) return null;
  const names = typeof repositories === 'string' ? await readNameFile(repositories) : repositories;
  if (names.length > 0) return names;
  throw new SettingsError(
    `the source ${name} has no repositories`,
    'The setting repositories names none: leave it out?',
  );
}

/** One name a line; what follows a `#` is a comment. */
async function readNameFile(file: string): Promise<readonly string[]> {
  const text = await readText(file, 'repositories');
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}

async function readCredentials({ url, credentials }: Source, environment: Environment): Promise<Credentials> {
  if (credentials === undefined) {
    const { host, protocol } = new URL(url);
    try {
      return await readDockerCredentials(host, environment, protocol === 'https:' ? 443 : 80);
    } catch (error) {
      if (!(error instanceof HelperFailedError)) throw error;
      return { kind: 'unavailable', problem: `${error.message}. ${error.hint}` };
    }
  }
  const value = async (file: string | undefined, variable: string | undefined, what: string) => {
    if (file !== undefined) {
      const text = (await readText(toOwnFile(file, environment), `credentials.${what}File`)).replace(/\r?\n$/, '');
      if (text === '') throw new CredentialsError(`${file} is empty`, `credentials.${what}File names it.`);
      return text;
    }
    if (variable === undefined) return null;
    const found = environment[variable];
    if (!found)
      throw new CredentialsError(`the variable ${variable} is not set`, `credentials.${what}Variable names it.`);
    return found;
  };
  const token = await value(credentials.tokenFile, credentials.tokenVariable, 'token');
  if (token !== null) return { kind: 'token', token };
  const username = await value(credentials.usernameFile, credentials.usernameVariable, 'username');
  const password = await value(credentials.passwordFile, credentials.passwordVariable, 'password');
  if (username === null && password === null) return anonymous;
  if (username === null || password === null) {
    throw new CredentialsError('credentials need a user name and a password', 'Name a file or a variable for each.');
  }
  return { kind: 'password', username, password };
}

/** What systemd hands over stands in a folder of each unit: the settings name the hourly one's, and the audit has its own. */
function toOwnFile(file: string, environment: Environment): string {
  const name = /^\/run\/credentials\/[^/]+\/([\w.-]+)$/.exec(file)?.[1];
  const folder = environment['CREDENTIALS_DIRECTORY'];
  return name === undefined || !folder ? file : join(folder, name);
}

async function readText(file: string, key: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new SettingsError(`${file} cannot be read (${code})`, `The setting ${key} names it.`, { cause });
  }
}
