import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveSite } from '../../src/publish/serve-site.ts';
import { formatClosingLine, runRefresh } from '../../src/run/refresh.ts';
import { decodeSettings } from '../../src/settings/settings.ts';
import { fillDemoCatalogue } from '../demo-registry/catalogue/fill-demo-catalogue.ts';
import { createDemoRegistry } from '../demo-registry/demo-registry.ts';
import { createRunContext } from './run-options.ts';
import type { ServeCommandOptions } from './serve.ts';
import { untilStopped } from './serve-action.ts';

/** Fills a registry, makes its homepage, and serves it until the operator stops the program. */
export async function runDemo(options: Pick<ServeCommandOptions, 'host' | 'port'>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'registry-homepage-demo-'));
  const registry = createDemoRegistry({ recordsRequests: false });
  try {
    fillDemoCatalogue(registry.store);
    const url = await registry.listen(0);
    const settings = decodeSettings(
      {
        title: 'Demo images',
        publicHost: 'registry.example.org',
        sources: [{ name: 'demo', url }],
        exclude: ['restricted/**'],
      },
      folder,
    );
    const context = createRunContext({ logFormat: 'text' });
    process.stderr.write('Reading an embedded registry and building its homepage …\n');
    const report = await runRefresh(settings, { steps: { crawl: true, build: true }, acceptRemovals: false }, context);
    process.stderr.write(`${formatClosingLine(report)}\n`);
    const site = await serveOnFreePort({ siteDir: settings.siteDir, base: settings.base, ...options });
    process.stdout.write(`${site.url}\n`);
    process.stderr.write('Stop it with Ctrl+C.\n');
    await untilStopped(site);
  } finally {
    await registry.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Serves on the port that was asked for, or on any other when somebody has it. */
async function serveOnFreePort(options: Parameters<typeof serveSite>[0]): ReturnType<typeof serveSite> {
  try {
    return await serveSite(options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    process.stderr.write(`Port ${options.port} is taken; taking another.\n`);
    return serveSite({ ...options, port: 0 });
  }
}
