/**
 * Takes pictures of every kind of page of a published site, at three widths, in both colour schemes:
 * `npm run screenshots -- SITE_DIR OUT_DIR [BASE]`. To look at; the pictures of the README are `take-readme-pictures.ts`'s.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { serveSite } from '../src/publish/serve-site.ts';
import { launchBrowser } from './launch-browser.ts';

const widths = [360, 768, 1440] as const;

/** Each kind of page, and how to come to one: an address, or a link on the page before. */
const pages = [
  { name: 'home', path: '' },
  { name: 'newest', path: '-/images/newest/' },
  { name: 'status', path: '-/status/' },
  { name: 'help', path: '-/help/' },
  { name: 'not-found', path: 'no/such-image/tags/' },
  { name: 'image', path: '', link: '.images th[scope="row"] a' },
  { name: 'manifest', path: '', link: '.images th[scope="row"] a', further: '#tags a[href*="/-/sha256/"]' },
] as const;

const [siteDir, outDir, base = '/'] = process.argv.slice(2);
if (siteDir === undefined || outDir === undefined) {
  process.stderr.write('Usage: npm run screenshots -- SITE_DIR OUT_DIR [BASE]\n');
  process.exit(64);
}

const site = await serveSite({ siteDir, base, host: '127.0.0.1', port: 0 });
const browser = await launchBrowser();
try {
  await mkdir(outDir, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of widths) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' });
      for (const { name, path, ...way } of pages) {
        await page.goto(site.url + path, { waitUntil: 'networkidle' });
        const steps = ['link' in way ? way.link : null, 'further' in way ? way.further : null];
        for (const step of steps.filter((each) => each !== null)) {
          const href = await page.locator(step).first().getAttribute('href');
          if (href !== null) await page.goto(new URL(href, page.url()).href, { waitUntil: 'networkidle' });
        }
        const file = `${name}-${width}-${colorScheme}.png`;
        await page.screenshot({ path: join(outDir, file) });
        process.stdout.write(`${file}\n`);
      }
      await page.close();
    }
  }
} finally {
  await browser.close();
  await site.close();
}
