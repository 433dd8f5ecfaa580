/** Without JavaScript every fact is still there. */
import { expect, test } from './site.ts';

test.use({ javaScriptEnabled: false });

test('the homepage lists every image, with its tag, date, platforms, size and number of tags', async ({
  page,
  site,
  request,
}) => {
  await page.goto(site);
  const catalogue = await (await request.get(`${site}-/api/v1/catalogue.json`)).json();
  const html = await page.content();
  expect(catalogue.repositories.length).toBeGreaterThan(500);
  for (const { name, recommended, tagCount, links } of catalogue.repositories) {
    expect(html, name).toContain(`href="${links.html}"`);
    if (recommended !== null) expect(html, name).toContain(recommended.tag);
    expect(tagCount).toBeGreaterThanOrEqual(0);
  }
  const row = page.getByRole('row', { name: /^coredns / });
  await expect(row).toContainText(/\d{4}-\d\d-\d\d/);
  await expect(row).toContainText(/linux\/amd64/);
  await expect(row).toContainText(/[\d.]+\sMB/);
});

test('the tool switch works, and folded tags open', async ({ page, site }) => {
  await page.goto(`${site}coredns/tags/`);
  await page.getByLabel('skopeo', { exact: true }).check();
  await expect(page.locator('dd[data-tool="skopeo"]').first()).toBeVisible();
  await expect(page.locator('dd[data-tool="docker"]').first()).toBeHidden();
  await page.locator('summary').first().click();
  await expect(page.locator('details').first()).toHaveAttribute('open', '');
});
