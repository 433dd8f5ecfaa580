import { Command, InvalidArgumentError } from 'commander';
import { type ServedSite, serveSite } from '../../src/publish/serve-site.ts';
import { addCommonOptions, type CommonOptions, readCommandSettings } from './run-options.ts';

export interface ServeCommandOptions extends CommonOptions {
  readonly host: string;
  readonly port: number;
}

export function addServeOptions(command: Command): Command {
  return command
    .option('--port <number>', 'the port; 0 for any free one', parsePort, 4321)
    .option('--host <address>', 'the address to listen on', '127.0.0.1');
}

export function createServeCommand(): Command {
  return addServeOptions(addCommonOptions(new Command('serve')))
    .description('serve the published site on a loopback port, with the headers of the nginx example')
    .addHelpText(
      'after',
      `
Example:
  $ registry-homepage serve --registry http://localhost:5000 --site-dir ./site --port 8080`,
    )
    .action(async (options: ServeCommandOptions) => {
      const { siteDir, base } = await readCommandSettings(options);
      const site = await serveSite({ siteDir, base, host: options.host, port: options.port });
      process.stdout.write(`${site.url}\n`);
      await untilStopped(site);
    });
}

/** Serves until the operator stops the program. */
export async function untilStopped(site: ServedSite): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await site.close();
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('Expected a port number.');
  return port;
}
