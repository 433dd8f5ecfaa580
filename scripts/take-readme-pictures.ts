/**
 * Takes the pictures of the README from the demo's site and puts them into `scripts/pictures/`: `npm run readme-pictures`.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveSite } from '../src/publish/serve-site.ts';
import { buildDemoSite } from './commands/build-demo-site.ts';
import { createRunContext } from './commands/run-options.ts';
import { launchBrowser } from './launch-browser.ts';

const views = [
  { name: 'home', path: '', width: 1200, height: 760 },
  { name: 'image', path: 'bookworm/tags/', width: 1200, height: 760 },
  { name: 'search', path: '?q=node24+browser', width: 1200, height: 520 },
] as const;

/** Of WebP: text stays sharp, and a picture is some 30 kB. */
const quality = 60;

const outDir = join(import.meta.dirname, 'pictures');
const folder = await mkdtemp(join(tmpdir(), 'registry-homepage-pictures-'));
const { settings, registry } = await buildDemoSite(folder, createRunContext({ logFormat: 'text' }));
const site = await serveSite({ siteDir: settings.siteDir, base: settings.base, host: '127.0.0.1', port: 0 });
const browser = await launchBrowser();
try {
  await mkdir(outDir, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const { name, path, ...viewport } of views) {
      const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
      const answer = await page.goto(site.url + path, { waitUntil: 'networkidle' });
      if (answer?.status() !== 200) throw new Error(`${path} answered ${answer?.status()}`);
      // Playwright itself writes no WebP; the browser does.
      const session = await page.context().newCDPSession(page);
      const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality });
      const file = `${name}-${colorScheme}.webp`;
      await writeFile(join(outDir, file), Buffer.from(data, 'base64'));
      process.stdout.write(`${file}\n`);
      await page.close();
    }
  }
} finally {
  await browser.close();
  await site.close();
  await registry.close();
  await rm(folder, { recursive: true, force: true });
}
