import { closeSources } from '../../src/crawl/crawl-source.ts';
import { type CheckResult, runCheck } from '../../src/run/check-run.ts';
import { exitCodes } from '../../src/run/exit-code.ts';
import { openSources } from '../../src/run/open-sources.ts';
import { readSiteExtras } from '../../src/run/read-site-extras.ts';
import { createShownNames } from '../../src/run/shown-names.ts';
import { throwIfCancelled } from '../../src/run/throw-if-cancelled.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { type CommonOptions, createRunContext, readCommandSettings } from './run-options.ts';

/** Contacts the sources and prints what a run would do. */
export async function checkSources(options: CommonOptions): Promise<void> {
  const settings = await readCommandSettings(options);
  const { environment, clock, progress, cancel, log } = createRunContext(options);
  const { remark } = await readSiteExtras(settings);
  if (remark !== null) log.write('warning', 'overlay-useless', remark);
  const sources = await openSources(settings, { environment, clock: () => clock().getTime() });
  try {
    const result = await runCheck({
      sources,
      ...createShownNames(settings),
      cancel,
      onProgress: (done, total) => progress.show('Asking for tags', done, total),
    });
    throwIfCancelled(cancel);
    progress.clear();
    process.stdout.write(`${describeCheck(result, settings).join('\n')}\n`);
    process.exitCode = pickExitCode(result);
  } finally {
    progress.clear();
    await closeSources(sources);
  }
}

function describeCheck(result: CheckResult, settings: Settings): readonly string[] {
  const { listings, readable, tags, withheld, failed, findings, sourcesWithCredentials } = result;
  const lines = listings.flatMap(({ source, outcome, names, excluded, failure, hint }) => [
    `source ${source.name}: ${outcome}, ${names.size} names${excluded > 0 ? `, ${excluded} left out by settings` : ''}`,
    ...(failure === null ? [] : [`  ${failure.message}`, ...(hint ? [`  hint: ${hint}`] : [])]),
  ]);
  lines.push(`a run would read ${readable} repositories and ask for ${tags} tags`);
  lines.push(`state: ${settings.stateDir}`, `site:  ${settings.siteDir}`);
  for (const name of withheld) lines.push(`not readable with these credentials, so withheld: ${name}`);
  for (const { name, message } of failed) lines.push(`failed: ${name}: ${message}`);
  for (const { code, repository, text } of findings)
    lines.push(`${code}: ${repository ? `${repository}: ` : ''}${text}`);
  if (sourcesWithCredentials.length > 0) {
    const what = settings.publishEnvironment
      ? 'environment values and build history WILL BE published (publishEnvironment: true)'
      : 'environment values and build history are kept out of the pages';
    lines.push(`read with credentials: ${sourcesWithCredentials.join(', ')}; ${what}`);
  }
  return lines;
}

function pickExitCode({ listings, failed }: CheckResult): number {
  const silent = listings.filter(({ outcome }) => outcome === 'failed' || outcome === 'refused');
  if (silent.length === listings.length) {
    const refused = silent.every(({ outcome }) => outcome === 'refused');
    return refused ? exitCodes.credentialsRefused : exitCodes.noSourceAnswered;
  }
  const complete = failed.length === 0 && listings.every(({ outcome }) => outcome === 'complete');
  return complete ? exitCodes.complete : exitCodes.incomplete;
}
