/** What pages weigh on the wire, as a browser that takes Brotli gets them, with the demo's some five hundred images. */
import type { Page } from 'playwright/test';
import { expect, test } from './site.ts';

type Kind = 'document' | 'script' | 'stylesheet' | 'image' | 'font' | 'fetch' | 'other';

/** Bytes of bodies as transferred, by kind, until nothing more is asked for. */
async function weigh(page: Page, address: string): Promise<Readonly<Record<Kind, number>>> {
  const weights = { document: 0, script: 0, stylesheet: 0, image: 0, font: 0, fetch: 0, other: 0 };
  const pending: Promise<void>[] = [];
  page.on('requestfinished', (request) => {
    const add = async () => {
      const response = await request.response();
      const { responseBodySize } = await request.sizes();
      const kind = request.resourceType() as Kind;
      expect(weights, `a resource of a known kind: ${request.url()}`).toHaveProperty(kind);
      weights[kind] += responseBodySize;
      // What is smaller than a packet gains nothing.
      if (kind !== 'image' && kind !== 'other' && responseBodySize >= 512)
        expect(response?.headers()['content-encoding'], request.url()).toMatch(/^(?:br|gzip)$/);
    };
    pending.push(add());
  });
  await page.goto(address, { waitUntil: 'networkidle' });
  await Promise.all(pending);
  return weights;
}

test('the homepage: 40 kB of HTML, 20 kB of script before a search, 12 kB of style, no font', async ({
  page,
  site,
}) => {
  const catalogue = await (await page.request.get(`${site}-/api/v1/catalogue.json`)).json();
  expect(catalogue.repositories.length).toBeGreaterThanOrEqual(500);
  const { document, script, stylesheet, font, fetch } = await weigh(page, site);
  expect(document).toBeGreaterThan(5000);
  expect(document).toBeLessThanOrEqual(40_000);
  expect(script).toBeGreaterThan(500);
  expect(script).toBeLessThanOrEqual(20_000);
  expect(stylesheet).toBeGreaterThan(500);
  expect(stylesheet).toBeLessThanOrEqual(12_000);
  expect(font + fetch).toBe(0);
});

test('an image: 250 bytes of HTML for a tag, which are 25 kB for a hundred', async ({ page, site }) => {
  const catalogue = (await (await page.request.get(`${site}-/api/v1/catalogue.json`)).json()) as {
    readonly repositories: readonly { readonly name: string; readonly tagCount: number }[];
  };
  const [most] = catalogue.repositories.toSorted((a, b) => b.tagCount - a.tagCount);
  expect(most?.tagCount).toBeGreaterThanOrEqual(50);
  const { document } = await weigh(page, `${site}${most?.name}/tags/`);
  expect(document).toBeGreaterThan(2000);
  expect(document).toBeLessThanOrEqual(250 * (most?.tagCount ?? 0));
});
