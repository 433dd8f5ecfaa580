/**
 * The command line. Each command stands in a file of its own; this one names them and turns failures into exit codes. What a
 * command says of itself is loaded for `--help`; what it does, only when it is done.
 */
import { Command, CommanderError } from 'commander';
import { exitCodes } from '../src/run/exit-code.ts';
import { programVersion } from '../src/run/program-version.ts';
import { createBuildCommand } from './commands/build.ts';
import { createCheckCommand } from './commands/check.ts';
import { createCrawlCommand } from './commands/crawl.ts';
import { createDemoCommand } from './commands/demo.ts';
import { createInstallCommand } from './commands/install.ts';
import { createMergeCommand } from './commands/merge.ts';
import { createRefreshCommand } from './commands/refresh.ts';
import { type CommonOptions, createCommandLog } from './commands/run-options.ts';
import { createSearchCommand } from './commands/search.ts';
import { createServeCommand } from './commands/serve.ts';
import { createVerifyCommand } from './commands/verify.ts';
import { outliveOutput } from './outlive-output.ts';

/** Commands that do nothing but say something, as `--help` does. */
const answering: ReadonlySet<string> = new Set(['search', 'check', 'verify']);

/** Runs the command that the process was started with. Sets the exit code, and fails in no other way. */
export async function runCommandLine(): Promise<void> {
  let running: string | null = null;
  outliveOutput(process, () => running === null || answering.has(running));
  const program = new Command('registry-homepage')
    .description('A static, searchable homepage for a container registry.')
    .version(programVersion)
    .showHelpAfterError('(try --help)')
    .addHelpText(
      'after',
      `
Examples:
  $ registry-homepage demo
  $ registry-homepage refresh --registry http://localhost:5000 --site-dir ./site
  $ registry-homepage refresh --config /etc/registry-homepage.yaml

Exit codes: 0 complete · 3 incomplete · 64 usage · 65 removals held back · 69 no source answered ·
70 defect · 74 cannot write · 75 another run · 77 credentials refused · 78 settings`,
    );

  for (const create of [
    createRefreshCommand,
    createCrawlCommand,
    createMergeCommand,
    createBuildCommand,
    createServeCommand,
    createSearchCommand,
    createDemoCommand,
    createCheckCommand,
    createVerifyCommand,
    createInstallCommand,
  ]) {
    program.addCommand(create().exitOverride().showHelpAfterError('(try --help)'));
  }

  let options: Partial<CommonOptions> = {};
  program.hook('preAction', (_program, command) => {
    options = command.opts();
    running = command.name();
  });
  try {
    await program.exitOverride().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.wrongUsage;
    else {
      const { logFailure } = await import('./commands/log-failure.ts');
      process.exitCode = logFailure(error, createCommandLog(options));
    }
  }
}
