/** The search, as a reader with a keyboard uses it. */
import { AxeBuilder } from '@axe-core/playwright';
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

test('slash is a letter like others where a reader switched it off, and goes to the box again where they switched it on', async ({
  page,
  site,
}) => {
  const hint = page.getByText('Press / to search.');
  await page.goto(site);
  await expect(hint).toBeVisible();
  await page.goto(`${site}-/help/`);
  const choice = page.getByRole('checkbox', { name: '/ goes to the search box' });
  await expect(choice).toBeChecked();
  await choice.focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).not.toBeFocused();
  await page.goto(site);
  await expect(hint).toBeHidden();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).not.toBeFocused();
  await page.goto(`${site}-/help/`);
  await expect(choice).not.toBeChecked();
  await choice.check();
  await page.goto(site);
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
});

test('what is opened as soon as it was typed is there again on the way back', async ({ page, site }) => {
  await page.goto(site);
  await page.getByRole('searchbox').fill('coredns');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${site}coredns/tags/`);
  await page.goBack();
  await expect(page.getByRole('searchbox')).toHaveValue('coredns');
});

test('Enter waits for the tag that was asked for, where its image is found first', async ({ page, site }) => {
  const held = Promise.withResolvers<void>();
  await page.context().route(/search\/(?:images|tags)-[0-9a-f]+\.json$/, async (route) => {
    await held.promise;
    await route.continue();
  });
  await page.goto(site);
  const box = page.getByRole('searchbox');
  await box.fill('coredns');
  const first = page.locator('[data-search-results]').getByRole('link').first();
  await expect(first).toHaveText('coredns');
  await box.pressSequentially(':1.8.7-1');
  await expect(first).toHaveText('coredns');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\?q=coredns/);
  held.resolve();
  await expect(page).toHaveURL(/#tag:/);
});

test('what was typed before the script came is searched for', async ({ page, site }) => {
  const held = Promise.withResolvers<void>();
  await page.route(/SearchBox.*\.js$/, async (route) => {
    await held.promise;
    await route.continue();
  });
  await page.goto(site, { waitUntil: 'commit' });
  await page.getByRole('searchbox').fill('coredns');
  await expect(page.locator('registry-search:defined')).toHaveCount(0);
  held.resolve();
  await expect(page.locator('[data-search-results]').getByRole('link').first()).toHaveText('coredns');
  await expect(page.getByRole('searchbox')).toHaveValue('coredns');
});

test('what broke once is tried again unasked, and what stays broken is told', async ({ page, site }) => {
  let broken = 1;
  await page.route(/search-worker.*\.js$/, async (route) => {
    if (broken-- > 0) await route.fulfill({ contentType: 'text/javascript', body: 'throw new Error("cut off")' });
    else await route.continue();
  });
  await page.goto(site);
  await page.getByRole('searchbox').fill('bookwrm ci');
  await expect(page.locator('[data-search-results]').getByRole('link').first()).toHaveText('releng/ci-bookworm');

  broken = 2;
  await page.goto(site);
  await page.getByRole('searchbox').fill('bookwrm ci');
  await expect(page.locator('registry-search [role="status"]')).toHaveText(/could not be loaded/);
  await page.getByRole('searchbox').pressSequentially(' ');
  await expect(page.locator('[data-search-results]').getByRole('link').first()).toHaveText('releng/ci-bookworm');
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

test('what was found is announced, and how to go on from it', async ({ page, site }) => {
  await page.goto(site);
  await page.getByRole('searchbox', { name: /search/i }).fill('node24:99');
  const status = page.locator('registry-search').getByRole('status');
  await expect(status).toHaveText(/^\d+ results?, first releng\/node24\..* Nearest: releng\/node24:/);
  await page.getByRole('searchbox').fill('qqqqzzzz');
  await expect(status).toHaveText(/^No results/);
  await page.getByRole('searchbox').fill('');
  await expect(status).toHaveText('');
});

test('arrows, Home, End and Escape move through the results, and Tab leads out of them', async ({ page, site }) => {
  await page.goto(site);
  const box = page.getByRole('searchbox');
  await box.fill('node24');
  const links = page.locator('[data-search-results] a.search-link');
  // The rows below the first few come when typing pauses, a few at a time, and all before it is said how many there are.
  await expect(page.locator('registry-search').getByRole('status')).toHaveText(/results/);
  const count = await links.count();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await expect(links.nth(count - 1)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(links.nth(count - 1)).toBeFocused();
  await page.keyboard.press('Home');
  await expect(links.first()).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(box).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('x');
  await expect(box).toHaveValue('node24x');
  await box.fill('node24');
  await expect(links).toHaveCount(count);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  await expect(box).toBeFocused();
  await expect(box).toHaveValue('node24');
  const results = page.locator('[data-search-results]');
  const isInside = () => results.evaluate((element) => element.contains(document.activeElement));
  const isBefore = () => page.locator('registry-search form').evaluate((form) => form.contains(document.activeElement));
  for (let stops = 0; (await isInside()) || (await isBefore()); stops++) {
    expect(stops, 'Tab leaves the results').toBeLessThan(count + 5);
    await page.keyboard.press('Tab');
  }
});

test('rows stay while one types, all of them follow, and more are there when asked for', async ({ page, site }) => {
  await page.goto(site);
  const box = page.getByRole('searchbox');
  const results = page.locator('[data-search-results]');
  const links = results.locator('a.search-link');
  await box.pressSequentially('re');
  await expect(page.locator('registry-search').getByRole('status')).toHaveText(/results/);
  await expect(links).toHaveCount(20);
  await expect(results).not.toHaveAttribute('aria-busy');
  const row = await links.first().elementHandle();
  await box.pressSequentially('l');
  await expect(links.first().locator('mark').first()).toHaveText('rel');
  expect(await links.first().evaluate((link, before) => link === before, row)).toBe(true);
  await expect(results).not.toHaveAttribute('aria-busy');
  for (const name of await links.allTextContents()) expect(name).toContain('rel');

  await results.getByRole('button', { name: 'Show more' }).press('Enter');
  await expect(links.nth(20)).toBeFocused();
  expect(await links.count()).toBeGreaterThan(20);

  await box.fill('coredns');
  await expect(links.first()).toHaveText('coredns');
  await box.fill('zzqqy');
  await expect(links).toHaveCount(0);
});

test('over another page, the results say how many there are, and that there are none', async ({ page, site }) => {
  await page.goto(`${site}coredns/tags/`);
  const box = page.getByRole('searchbox', { name: /Search images/ });
  const results = page.locator('[data-search-results]');
  await box.fill('coredns');
  await expect(results.getByText(/^\d+ results?$/)).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(results.locator('a').first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(box).toBeFocused();
  await box.fill('zzqqy');
  await expect(results.getByText('No results')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(results).toBeHidden();
});

test('a tag shows no date and size but its own', async ({ page, sample }) => {
  await page.goto(`${sample}?q=big%2Fmany-tags`);
  const result = page.locator('.search-result').first();
  await expect(result.locator('.search-tag')).toHaveText('1.600.0');
  await expect(result.locator('.search-date')).toHaveText('2026-11-01');
  await result.locator('.search-date').hover();
  await expect(result.locator('.search-date')).toHaveAttribute('title', /2026-11-01/);
  await page.getByRole('searchbox').fill('big/many-tags:1.590.0');
  await expect(result.locator('.search-link')).toHaveText('big/many-tags:1.590.0');
  await expect(result.locator('.search-date')).toHaveText('');
  await expect(result.locator('.search-size')).toHaveText('');
  await expect(result.locator('.search-date')).not.toHaveAttribute('title');
  await page.getByRole('searchbox').fill('big/many-tags:1.600.0');
  await expect(result.locator('.search-link')).toHaveText('big/many-tags:1.600.0');
  await expect(result.locator('.search-date')).toHaveText('2026-11-01');
});

test('a result on the very page goes there, and the results go away', async ({ page, site }) => {
  await page.goto(`${site}bookworm/tags/`);
  const tag = (await page.locator('#tags tr[id^="tag:"]').last().getAttribute('id'))?.slice('tag:'.length) ?? '';
  const results = page.locator('[data-search-results]');
  await page.getByRole('searchbox', { name: /Search images/ }).fill(`bookworm:${tag}`);
  await results.getByRole('link', { name: `bookworm:${tag}`, exact: true }).click();
  await expect(page).toHaveURL(`${site}bookworm/tags/#tag:${tag}`);
  await expect(results).toBeHidden();
  await expect(page.locator('tr:target')).toBeInViewport();
});

test('Back leads to the page before the search, and from a suggestion to the search before it', async ({
  page,
  site,
}) => {
  await page.goto(site);
  const box = page.getByRole('searchbox');
  await box.pressSequentially('node24:99');
  await expect(page).toHaveURL(/\?q=node24%3A99$/);
  await page.locator('.search-suggestion').first().click();
  await expect(page).toHaveURL(/\?q=releng%2Fnode24%3A/);
  await page.goBack();
  await expect(box).toHaveValue('node24:99');
  await expect(page.locator('.search-suggestion').first()).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(site);
  await expect(box).toHaveValue('');
  await expect(page.locator('#listing')).toBeVisible();
  await page.goForward();
  await expect(box).toHaveValue('node24:99');
});

const grammar: readonly (readonly [query: string, why: RegExp])[] = [
  [':latest', /Has the tag latest/],
  ['arch:arm64', /arm64/],
  ['coredns arch:arm64', /Exact name · arm64/],
  ['label:source', /label source/],
  ['kind:helm-chart', /helm-chart/],
  ['label:', /./],
  ['"node24', /name|folder/],
];
for (const [query, why] of grammar) {
  test(`${query} says why its results are there`, async ({ page, site }) => {
    await page.goto(`${site}?q=${encodeURIComponent(query)}`);
    const status = page.locator('registry-search').getByRole('status');
    if (query === 'label:') await expect(status).toHaveText('');
    else await expect(page.locator('.search-why').first()).toHaveText(why);
  });
}

test('the pasted address of a page below a path finds its image, as does a quoted line of a manifest', async ({
  page,
  siteBelow,
}) => {
  const lines = [`${siteBelow}coredns/tags/`, 'image: "registry.example.org/coredns:1.11.3"'];
  for (const line of [...lines, 'https://registry.example.org/images/coredns/tags/#tag:1.11.3']) {
    await page.goto(`${siteBelow}?q=${encodeURIComponent(line)}`);
    await expect(page.locator('[data-search-results] a.search-link').first()).toHaveText(/^coredns/);
    await expect(page.locator('registry-search').getByRole('status')).toHaveText(/, first coredns(?::[-.\w]+)?\.$/);
  }
});

test('four digits of a digest find the image that has it, with two small files', async ({ page, site }) => {
  const json = await (await page.request.get(`${site}-/api/v1/repositories/coredns/-/repository.json`)).json();
  const [digest = ''] = Object.keys(json.manifests);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${site}?q=${encodeURIComponent(digest.slice(0, 'sha256:'.length + 12))}`);
  await expect(page.locator('[data-search-results] a.search-link').first()).toContainText('coredns');
  const shards = asked.filter((path) => path.includes('/-/search/') && !path.endsWith('/index.json'));
  expect(shards.length).toBeGreaterThan(0);
  expect(shards.length).toBeLessThanOrEqual(2);
  await page.getByRole('searchbox').fill(digest.slice(0, 'sha256:'.length + 4));
  await expect(page.locator('.search-why').first()).toHaveText(/…/);
});

test('the results have no violation that a machine can find', async ({ page, site }) => {
  test.slow();
  await page.goto(`${site}?q=node24%3A99`);
  await expect(page.locator('.search-suggestion').first()).toBeVisible();
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag22aa', 'best-practice'])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
});

test('the help page leads to searches that find something', async ({ page, site }) => {
  await page.goto(site);
  await page.locator('registry-search').getByRole('link', { name: 'How to search' }).click();
  await expect(page).toHaveURL(`${site}-/help/`);
  const hrefs = await page
    .locator('.terms a')
    .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
  expect(hrefs.length).toBeGreaterThan(10);
  for (const href of hrefs.filter((each) => !/base|label/.test(each))) {
    await page.goto(href);
    await expect(page.locator('[data-search-results] a.search-link').first(), href).toBeVisible();
  }
});

test('addresses that pages spell out are those of the site, below a path too', async ({ page, siteBelow }) => {
  const { pathname } = new URL(siteBelow);
  const shown: readonly (readonly [path: string, address: string])[] = [
    ['no-such-page/', 'name/tags/'],
    ['-/status/', '-/status.json'],
    ['-/help/', '-/status.json'],
    ['-/help/', '-/api/v1/index.json'],
    ['-/help/', '<name>/-/recommended.txt'],
  ];
  for (const [path, address] of shown) {
    await page.goto(siteBelow + path);
    await expect(page.locator('main').getByText(pathname + address, { exact: true }), address).toBeVisible();
  }
});
