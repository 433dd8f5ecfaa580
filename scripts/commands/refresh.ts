import { Command, InvalidArgumentError, Option } from 'commander';
import { addCommonOptions, addCrawlOptions } from './run-options.ts';

export function createRefreshCommand(): Command {
  return addCrawlOptions(addCommonOptions(new Command('refresh')))
    .description('crawl, guard, build, validate, publish: what the timer calls')
    .addOption(new Option('--shard <i/n>', 'what crawl has').hideHelp().argParser(refuseShard))
    .addHelpText(
      'after',
      `
Reads what changed in the registry since the last run, keeps it in the state folder, and publishes what follows from it. What could
not be read stays as it was and is marked; what is gone goes after two runs that agree. An hour in which nothing changed builds
nothing. A run that fails leaves the site that stands.

Examples:
  $ registry-homepage refresh --registry http://localhost:5000 --site-dir ./site
  $ registry-homepage refresh --config /etc/registry-homepage.yaml --log-format json
  $ registry-homepage refresh --config /etc/registry-homepage.yaml --accept-removals
  $ registry-homepage refresh --config /etc/registry-homepage.yaml --registry ml=http://10.0.0.3:5000

Exit codes: 0 complete · 3 published, but something is stale, settling or does not match its digest · 65 published, but removals were
held back · 64 usage · 69 no source answered · 70 defect · 74 cannot write · 75 another run · 77 credentials refused · 78 settings`,
    )
    .action(async (options) => {
      const { runSteps } = await import('./run-steps.ts');
      await runSteps(options, { crawl: true, build: true });
    });
}

/** A site is built from the whole. */
function refuseShard(shard: string): never {
  throw new InvalidArgumentError(
    `Use \`crawl --shard ${shard}\` for each shard, then \`merge --build\`: a site is built from all of them.`,
  );
}
