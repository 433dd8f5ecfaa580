/** Builds the demo's site once, at the root and at a sub-path, and serves both on free ports for all browser tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillDemoCatalogue } from '../../scripts/demo-registry/catalogue/fill-demo-catalogue.ts';
import { createDemoRegistry } from '../../scripts/demo-registry/demo-registry.ts';
import { type ServedSite, serveSite } from '../../src/publish/serve-site.ts';
import { createEventLog } from '../../src/run/event-log.ts';
import { silentProgress } from '../../src/run/progress.ts';
import { type RunContext, runRefresh } from '../../src/run/refresh.ts';
import { decodeSettings } from '../../src/settings/settings.ts';
import { findChromium } from './browser-launch.ts';

/** The variables that tell the tests where the sites are; the second is at the sub-path `/images/`. */
export const siteVariables = { root: 'TEST_SITE_URL', base: 'TEST_BASE_SITE_URL' } as const;

export default async function setUp(): Promise<() => Promise<void>> {
  if (findChromium() === null) {
    if (process.env['CI']) throw new Error('there is no Chromium: npm run setup');
    console.log('skipped: the browser tests need Chromium (npm run setup)');
    return async () => undefined;
  }
  const folder = await mkdtemp(join(tmpdir(), 'registry-homepage-browser-'));
  const registry = createDemoRegistry({ recordsRequests: false });
  const served: ServedSite[] = [];
  try {
    fillDemoCatalogue(registry.store);
    const url = await registry.listen(0);
    const common = {
      title: 'Demo images',
      publicHost: 'registry.example.org',
      sources: [{ name: 'demo', url }],
      exclude: ['restricted/**'],
      stateDir: 'state',
    };
    const context: RunContext = {
      environment: {},
      clock: () => new Date(),
      log: createEventLog({
        format: 'text',
        level: 'error',
        print: console.error,
        clock: () => new Date(),
        journal: false,
      }),
      progress: silentProgress,
      cancel: new AbortController().signal,
    };
    for (const [base, siteDir] of [
      ['/', 'site'],
      ['/images/', 'site-below'],
    ] as const) {
      const settings = decodeSettings({ ...common, base, siteDir }, folder);
      const steps = { crawl: base === '/', build: true };
      const report = await runRefresh(settings, { steps, acceptRemovals: false }, context);
      if (report.exitCode !== 0) throw new Error(`the demo's site ended with exit code ${report.exitCode}`);
      const site = await serveSite({ siteDir: settings.siteDir, base, host: '127.0.0.1', port: 0 });
      served.push(site);
      process.env[base === '/' ? siteVariables.root : siteVariables.base] = site.url;
    }
  } finally {
    await registry.close();
  }
  return async () => {
    for (const site of served) await site.close();
    await rm(folder, { recursive: true, force: true });
  };
}
