/** What `refresh`, `crawl`, `merge` and `build` have in common: run the steps, say how it went in words, numbers and the exit code. */
import { resolve } from 'node:path';
import { formatShard, type Shard } from '../../src/crawl/shard.ts';
import { exitCodes } from '../../src/run/exit-code.ts';
import { type RunOutcome, writeMetrics } from '../../src/run/metrics.ts';
import { formatClosingLine, type RefreshOptions, runRefresh } from '../../src/run/refresh.ts';
import type { Report } from '../../src/run/report.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { logFailure } from './log-failure.ts';
import {
  type CommandContext,
  type CommonOptions,
  type CrawlOptions,
  createRunContext,
  readCommandSettings,
} from './run-options.ts';

type StepOptions = CommonOptions & CrawlOptions;

export interface Steps extends Pick<RefreshOptions, 'merge'> {
  readonly crawl: boolean;
  readonly build: boolean;
}

/** Runs the steps. Sets the exit code, and fails in no other way. */
export async function runSteps(options: StepOptions, { merge, ...steps }: Steps): Promise<void> {
  await run(options, null, (settings, context, onReport) => {
    const acceptRemovals = options.acceptRemovals === true;
    const merging = merge === undefined ? {} : { merge };
    return runRefresh(settings, { steps, ...merging, acceptRemovals, onReport }, context);
  });
}

/** Crawls one shard. Sets the exit code, and fails in no other way. */
export async function crawlShard(options: StepOptions, shard: Shard): Promise<void> {
  const { runShard } = await import('../../src/run/shard-run.ts');
  await run(options, shard, (settings, context, onReport) => runShard(settings, shard, context, onReport));
}

async function run(
  options: StepOptions,
  shard: Shard | null,
  begin: (settings: Settings, context: CommandContext, onReport: (report: Report) => void) => Promise<Report>,
): Promise<void> {
  const context = createRunContext(options);
  const startedAt = context.clock();
  let settings: Settings | null = null;
  let report: Report | null = null;
  const onReport = (made: Report) => {
    report = made;
  };
  try {
    settings = await readCommandSettings(options);
    const finished = await begin(settings, context, onReport);
    if (!options.quiet) process.stdout.write(`${formatClosingLine(finished)}\n`);
    process.exitCode = finished.exitCode;
  } catch (error) {
    process.exitCode = logFailure(error, context);
  }
  const finishedAt = context.clock();
  await tell(options.metricsFile, context, {
    registry: settings?.publicHost ?? null,
    ...(shard === null ? {} : { shard: formatShard(shard) }),
    finishedAt,
    durationMs: finishedAt.getTime() - startedAt.getTime(),
    exitCode: Number(process.exitCode),
    report,
  });
}

/**
 * Writes the metrics, unless another run is at work, which will write its own. Where they cannot be written the exit code goes on
 * saying what became of the site; that they are old is what an alert is for.
 */
async function tell(file: string | undefined, { log }: CommandContext, outcome: RunOutcome): Promise<void> {
  if (file === undefined || outcome.exitCode === exitCodes.locked) return;
  try {
    await writeMetrics(resolve(file), outcome);
  } catch (error) {
    log.write('error', 'metrics-unwritable', `${file} cannot be written: ${(error as Error).message}`);
  }
}
