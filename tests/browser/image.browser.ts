/** The page of an image, in a real browser. */
import { expect, test } from './site.ts';

test('the recommended command comes first, is copied as it stands, and the choice of tool is remembered', async ({
  page,
  site,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${site}coredns/tags/`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('coredns');
  await page.getByLabel('podman', { exact: true }).check();
  const command = page.locator('dd[data-tool="podman"]').first();
  await expect(command).toBeVisible();
  await command.getByRole('button').click();
  await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toContainText(
    'podman pull registry.example.org/coredns:',
  );
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
    /^podman pull registry\.example\.org\/coredns:[\w.-]+$/,
  );
  await page.goto(`${site}bookworm/tags/`);
  await expect(page.getByLabel('podman', { exact: true })).toBeChecked();
});

test('the address that READMEs link to lives at any base path, and so do all its links', async ({
  page,
  siteBelow,
}) => {
  await page.goto(`${siteBelow}releng/ci-bookworm/tags/`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('releng/ci-bookworm');
  const hrefs = await page
    .locator('a[href^="/"]')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
  expect(hrefs.length).toBeGreaterThan(3);
  expect(hrefs.filter((href) => !href.startsWith('/images/'))).toEqual([]);
  const missing = await page.goto(`${siteBelow}no/such/image/tags/`);
  expect(missing?.status()).toBe(404);
  await page.getByRole('link', { name: 'All images' }).click();
  await expect(page).toHaveURL(siteBelow);
});

test('a digest leads to its manifest, and every fact of it is in what the server sends', async ({
  page,
  site,
  request,
}) => {
  await page.goto(`${site}coredns/tags/`);
  const link = page.locator('a[href*="/-/sha256/"]').first();
  const href = await link.getAttribute('href');
  const html = await (await request.get(new URL(href ?? '', site).href)).text();
  for (const fact of ['linux/amd64', 'sha256:', 'skopeo inspect']) expect(html).toContain(fact);
});

for (const width of [320, 360, 768, 1440]) {
  test(`nothing is wider than the window at ${width} px`, async ({ page, site }) => {
    await page.setViewportSize({ width, height: 800 });
    const long = 'wikimedia/machinelearning-liftwing-inference-services-policy-violation-gpt-oss-safeguard';
    for (const path of ['', 'coredns/tags/', `${long}/tags/`, 'releng/', '-/status/', '-/images/newest/', 'nowhere/']) {
      await page.goto(site + path);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, `/${path}`).toBeLessThanOrEqual(0);
    }
  });
}

test('a mistyped address suggests the nearest names, at any base', async ({ page, siteBelow }) => {
  await page.goto(`${siteBelow}corends/tags/`);
  const nearest = page.locator('nearest-images');
  await expect(nearest.getByRole('link').first()).toHaveText('coredns');
  await nearest.getByRole('link').first().click();
  await expect(page).toHaveURL(`${siteBelow}coredns/tags/`);
});

test('all images stand in each order at an address of its own', async ({ page, site }) => {
  await page.goto(site);
  await page.getByRole('navigation', { name: 'Orders and selections' }).getByRole('link', { name: 'largest' }).click();
  await expect(page).toHaveURL(`${site}-/images/largest/`);
  const sizes = await page
    .locator('.images tbody data')
    .evaluateAll((figures) => figures.map((figure) => Number((figure as HTMLDataElement).value)));
  expect(sizes.length).toBeGreaterThan(100);
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
});

test('selecting by hand selects the command only', async ({ page, site }) => {
  await page.goto(`${site}coredns/tags/`);
  const command = page.locator('dd[data-tool]:visible').first();
  await command.locator('code').click({ clickCount: 3 });
  const selected = await page.evaluate(() => getSelection()?.toString().trim());
  expect(selected).toBe(await command.locator('code').textContent());
});
