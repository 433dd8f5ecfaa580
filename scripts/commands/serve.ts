import { Command, InvalidArgumentError } from 'commander';
import { addCommonOptions, type CommonOptions } from './run-options.ts';

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
      const { servePublished } = await import('./serve-action.ts');
      await servePublished(options);
    });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('Expected a port number.');
  return port;
}
