import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ServedSite, serveSite } from '../../src/publish/serve-site.ts';
import { createCommandLog, readCommandSettings } from './run-options.ts';
import type { ServeCommandOptions } from './serve.ts';

/** Serves the site of the settings until the operator stops the program. */
export async function servePublished(options: ServeCommandOptions): Promise<void> {
  const { siteDir, base } = await readCommandSettings(options);
  const site = await serveSite({ siteDir, base, host: options.host, port: options.port });
  process.stdout.write(`${site.url}\n`);
  if (!existsSync(join(siteDir, 'current', 'index.html'))) {
    const message = `there is no site in ${siteDir} yet; it is served as soon as one is published there`;
    createCommandLog(options).log.write('warning', 'no-site', message);
  }
  await untilStopped(site);
}

/** Serves until the operator stops the program. */
export async function untilStopped(site: ServedSite): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await site.close();
}
