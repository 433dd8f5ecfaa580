/**
 * Builds the demo's site once, at the root and at a sub-path, and that of the sample catalogue, which has what a healthy
 * registry has not; and serves them on free ports for all browser tests.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillDemoCatalogue } from '../../scripts/demo-registry/catalogue/fill-demo-catalogue.ts';
import { createDemoRegistry } from '../../scripts/demo-registry/demo-registry.ts';
import { findChromium } from '../../scripts/launch-browser.ts';
import { type ServedSite, serveSite } from '../../src/publish/serve-site.ts';
import { createEventLog } from '../../src/run/event-log.ts';
import { silentProgress } from '../../src/run/progress.ts';
import { type RunContext, runRefresh } from '../../src/run/refresh.ts';
import { decodeSettings } from '../../src/settings/settings.ts';
import { writeSampleSnapshot } from './sample-catalogue.ts';

/** The variables that tell the tests where the sites are; the second is at the sub-path `/images/`, the third the sample's. */
export const siteVariables = {
  root: 'TEST_SITE_URL',
  base: 'TEST_BASE_SITE_URL',
  sample: 'TEST_SAMPLE_SITE_URL',
} as const;

const logo = '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="80"><rect width="240" height="80"/></svg>';

const overlay = {
  debian: { description: 'The base.', deprecatedSince: '2026-04-30', replacement: 'releng/node24' },
};

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
    served.push(await buildSample(folder, context));
  } finally {
    await registry.close();
  }
  return async () => {
    for (const site of served) await site.close();
    await rm(folder, { recursive: true, force: true });
  };
}

/** The sample's site, with everything that settings can put on a page. */
async function buildSample(folder: string, context: RunContext): Promise<ServedSite> {
  await writeSampleSnapshot(join(folder, 'sample-state'));
  await writeFile(join(folder, 'logo.svg'), logo);
  await writeFile(join(folder, 'overlay.json'), JSON.stringify(overlay));
  const settings = decodeSettings(
    {
      title: 'Sample images',
      publicHost: 'registry.example.org',
      siteUrl: 'https://images.example.org/',
      intro: 'Images of the sample.\nSee https://example.org/handbook for more.',
      logo: 'logo.svg',
      accentColour: '#8a2be2',
      footerLinks: [{ text: 'Imprint', url: 'https://example.org/imprint' }],
      overlay: 'overlay.json',
      sources: [{ name: 'sample', url: 'http://127.0.0.1:9' }],
      stateDir: 'sample-state',
      siteDir: 'sample-site',
    },
    folder,
  );
  const report = await runRefresh(settings, { steps: { crawl: false, build: true }, acceptRemovals: false }, context);
  if (report.exitCode !== 3) throw new Error(`the sample's site ended with exit code ${report.exitCode}`);
  const site = await serveSite({ siteDir: settings.siteDir, base: '/', host: '127.0.0.1', port: 0 });
  process.env[siteVariables.sample] = site.url;
  return site;
}
