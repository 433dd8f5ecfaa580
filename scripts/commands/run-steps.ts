/** What `refresh`, `crawl` and `build` have in common: run the steps, print the closing line, set the exit code. */
import { formatClosingLine, type RefreshOptions, runRefresh } from '../../src/run/refresh.ts';
import { type CommonOptions, createRunContext, readCommandSettings } from './run-options.ts';

export async function runSteps(
  options: CommonOptions & { readonly acceptRemovals?: boolean },
  steps: RefreshOptions['steps'],
): Promise<void> {
  const settings = await readCommandSettings(options);
  const context = createRunContext(options);
  const report = await runRefresh(settings, { steps, acceptRemovals: options.acceptRemovals === true }, context);
  if (!options.quiet) process.stdout.write(`${formatClosingLine(report)}\n`);
  process.exitCode = report.exitCode;
}
