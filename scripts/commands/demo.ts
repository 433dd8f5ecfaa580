import { Command } from 'commander';
import { addServeOptions, type ServeCommandOptions } from './serve.ts';

export function createDemoCommand(): Command {
  return addServeOptions(new Command('demo'))
    .description('an embedded registry -> refresh -> serve; prints the address. Needs nothing but Node')
    .addHelpText(
      'after',
      `
Example:
  $ registry-homepage demo --port 8080`,
    )
    .action(async (options: Pick<ServeCommandOptions, 'host' | 'port'>) => {
      const { runDemo } = await import('./demo-action.ts');
      await runDemo(options);
    });
}
