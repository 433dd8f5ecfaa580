import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AddressError } from '../../src/publish/address-error.ts';
import { serveSite } from '../../src/publish/serve-site.ts';
import type { DemoRegistry } from '../demo-registry/demo-registry.ts';
import { buildDemoSite } from './build-demo-site.ts';
import { createRunContext } from './run-options.ts';
import type { ServeCommandOptions } from './serve.ts';
import { untilStopped } from './serve-action.ts';

/** Fills a registry, makes its homepage, and serves it until the operator stops the program. */
export async function runDemo(options: Pick<ServeCommandOptions, 'host' | 'port'>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'registry-homepage-demo-'));
  process.stderr.write('Reading an embedded registry and building its homepage …\n');
  let registry: DemoRegistry | null = null;
  try {
    const demo = await buildDemoSite(folder, createRunContext({ logFormat: 'text' }));
    registry = demo.registry;
    process.stderr.write(`${demo.closingLine}\n`);
    const { siteDir, base } = demo.settings;
    const site = await serveOnFreePort({ siteDir, base, ...options });
    process.stdout.write(`${site.url}\n`);
    process.stderr.write('Stop it with Ctrl+C.\n');
    await untilStopped(site);
  } finally {
    await registry?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Serves on the port that was asked for, or on any other when somebody has it. */
async function serveOnFreePort(options: Parameters<typeof serveSite>[0]): ReturnType<typeof serveSite> {
  try {
    return await serveSite(options);
  } catch (error) {
    if (!(error instanceof AddressError) || error.reason !== 'EADDRINUSE') throw error;
    process.stderr.write(`Port ${options.port} is taken; taking another.\n`);
    return serveSite({ ...options, port: 0 });
  }
}
