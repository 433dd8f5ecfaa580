/** The search, as a reader with a keyboard uses it. */
import { expect, test } from './site.ts';

test('slash focuses, typing finds, arrows move, Enter opens, and back returns to the results', async ({
  page,
  site,
}) => {
  await page.goto(site);
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('coredns');
  const results = page.locator('[data-search-results]');
  await expect(results.getByRole('link').first()).toHaveText('coredns');
  await expect(page).toHaveURL(/\?q=coredns$/);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(results.getByRole('link').nth(1)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${site}coredns/tags/`);
  await page.goBack();
  await expect(page.getByRole('searchbox')).toHaveValue('coredns');
  await expect(results.getByRole('link').first()).toHaveText('coredns');
});

test('an address with a query shows its results, and Escape brings the list back', async ({ page, site }) => {
  await page.goto(`${site}?q=ci-bookworm`);
  const results = page.locator('[data-search-results]');
  await expect(results.getByRole('link').first()).toHaveText('releng/ci-bookworm');
  await page.getByRole('searchbox').focus();
  await page.keyboard.press('Escape');
  await expect(results).toBeHidden();
  await expect(page).toHaveURL(site);
});

const queries: readonly (readonly [query: string, first: RegExp])[] = [
  ['corends', /^coredns/],
  ['bookworm ci', /ci-bookworm/],
  ['coredns:1.11.3', /^coredns/],
  ['docker pull registry.example.org/releng/ci-bookworm', /^releng\/ci-bookworm/],
];
for (const [query, first] of queries) {
  test(`"${query}" finds what an expert would have picked`, async ({ page, siteBelow }) => {
    await page.goto(siteBelow);
    await page.getByRole('searchbox').fill(query);
    await expect(page.locator('[data-search-results]').getByRole('link').first()).toHaveText(first);
    await expect(page.locator('.search-status')).toContainText(/\d/);
  });
}

test('nothing of the search is fetched before the box is used', async ({ page, site }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(site);
  await page.waitForLoadState('networkidle');
  expect(asked.filter((path) => path.includes('/-/search/'))).toEqual([]);
  await page.getByRole('searchbox').focus();
  await page.waitForResponse((response) => response.url().endsWith('/-/search/index.json'));
});
