/** The filter of an image's tags: by words and platform, over all pages of the list, and as an address. */
import { expect, test } from './site.ts';

const rows = '#tags tr[id^="tag:"]:visible';

for (const width of [1280, 360]) {
  test(`words and a platform narrow the tags, at ${width} px`, async ({ page, site }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`${site}bookworm/tags/`);
    const rowCount = await page.locator('#tags tr[id^="tag:"]').count();
    const tags = await page.locator('#tags [id^="tag:"]').evaluateAll((named) => named.map(({ id }) => id));
    await expect(page.getByRole('heading', { name: `${tags.length} tags` })).toBeVisible();
    const box = page.getByRole('searchbox', { name: 'Filter tags' });
    await box.fill('2026 07');
    const status = page.locator('tag-filter').getByRole('status');
    const meant = tags.filter((tag) => /^tag:(?=.*2026)(?=.*07)/.test(tag)).length;
    await expect(status).toHaveText(`${meant} of ${tags.length} tags`);
    const shown = await page.locator(rows).evaluateAll((found) => found.map(({ id }) => id));
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.length).toBeLessThan(rowCount);
    for (const id of shown) expect(id).toMatch(/^tag:(?=.*2026)(?=.*07)/);
    await expect(page).toHaveURL(/\?q=2026\+07$/);

    await page.reload();
    await expect(box).toHaveValue('2026 07');
    await expect(page.locator(rows)).toHaveCount(shown.length);
    const platform = page.getByRole('combobox', { name: 'Platform' });
    await platform.selectOption('linux/arm64/v8');
    await expect(page).toHaveURL(/platform=linux%2Farm64%2Fv8$/);
    const onPlatform = page.locator(rows).filter({ has: page.locator('[data-platform="linux/arm64/v8"]') });
    await expect(page.locator(rows)).toHaveCount(await onPlatform.count());
    expect(await onPlatform.count()).toBeGreaterThan(0);
    await platform.selectOption('any');
    await box.press('Escape');
    await expect(box).toHaveValue('');
    await expect(page).toHaveURL(`${site}bookworm/tags/`);
    await expect(status).toHaveText('');
  });
}

test('the filter of a long list finds what stands on its other pages, sorted or not', async ({ page, sample }) => {
  await page.goto(`${sample}big/many-tags/tags/`);
  const box = page.getByRole('searchbox', { name: 'Filter tags' });
  const status = page.locator('tag-filter').getByRole('status');
  await expect(page.locator(rows)).toHaveCount(500);
  await box.fill('1.7.0');
  await expect(status).toHaveText('1 of 600 tags');
  await expect(page.locator(rows)).toHaveText([/1\.7\.0/]);
  const sort = page.locator('#tags').getByRole('button', { name: 'Tag', exact: true });
  await sort.click();
  await expect(page.locator(rows)).toHaveText([/1\.7\.0/]);
  await box.fill('1.59');
  await expect(status).toHaveText('11 of 600 tags');
  await expect(page.locator(rows).first()).toContainText('1.59.0');
  await sort.click();
  await expect(page.locator(rows).first()).toContainText('1.599.0');
  await sort.click();
  await expect(page.locator(rows)).toHaveCount(11);
  await box.fill('');
  await expect(page.locator(rows)).toHaveCount(500);
});

test('a filter whose other pages cannot be had says so, and tries again', async ({ page, sample }) => {
  await page.goto(`${sample}big/many-tags/tags/`);
  let isBroken = true;
  await page.route(/\/-\/tags\/2\/$/, async (route) => {
    if (isBroken) await route.fulfill({ contentType: 'text/html', status: 404, body: '' });
    else await route.continue();
  });
  const status = page.locator('tag-filter').getByRole('status');
  const box = page.getByRole('searchbox', { name: 'Filter tags' });
  await box.fill('1.7.0');
  await expect(status).toHaveText(/could not be loaded/);
  isBroken = false;
  await box.fill('1.7.');
  await expect(status).toHaveText('1 of 600 tags');
});

test('a list whose other pages cannot be had is not sorted, says so above it, and is sorted at the next try', async ({
  page,
  sample,
}) => {
  await page.goto(`${sample}big/many-tags/tags/`);
  let isBroken = true;
  await page.route(/\/-\/tags\/2\/$/, async (route) => {
    if (isBroken) await route.fulfill({ contentType: 'text/html', status: 404, body: '' });
    else await route.continue();
  });
  const first = page.locator(rows).first();
  const standing = (await first.textContent()) ?? '';
  const sort = page.getByRole('button', { name: 'Tag', exact: true });
  const note = page.getByRole('alert');
  await sort.click();
  await expect(note).toHaveText(/^Not sorted: the other pages could not be loaded/);
  await expect(first).toHaveText(standing);
  await expect(page.locator('th[aria-sort]')).toHaveCount(0);
  isBroken = false;
  await sort.click();
  await expect(page.locator(rows)).toHaveCount(600);
  await expect(page.locator('th[aria-sort]')).toHaveCount(1);
  await expect(note).toHaveCount(0);
});

test('a filter is an address that can be opened', async ({ page, sample }) => {
  await page.goto(`${sample}big/many-tags/tags/?q=1.7.0`);
  await expect(page.locator(rows)).toHaveText([/1\.7\.0/]);
});

test('what became of a tag stays beneath its row, with a filter and after it', async ({ page, sample }) => {
  await page.route('**/big/many-tags/tags/', async (route) => {
    const response = await route.fetch();
    const history = '<tr class="fold"><td colspan="5"><details><summary>moved</summary></details></td></tr>';
    await route.fulfill({
      response,
      body: (await response.text()).replace(/(id="tag:1\.600\.0".*?<\/tr>)/s, `$1${history}`),
    });
  });
  await page.goto(`${sample}big/many-tags/tags/`);
  const history = page.locator('#tags tr.fold').filter({ hasText: 'moved' });
  const box = page.getByRole('searchbox', { name: 'Filter tags' });
  await expect(history).toBeVisible();
  await box.fill('1.600');
  await expect(page.locator(rows)).toHaveText([/1\.600\.0/]);
  await expect(history).toBeVisible();
  await box.fill('1.599');
  await expect(history).toBeHidden();
  await box.fill('');
  await expect(history).toBeVisible();
});

test('a row that the filter brings is copied by the keyboard, also where it has no link', async ({
  page,
  sample,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${sample}big/many-tags/tags/`);
  await expect(page.locator('[id="tag:1.7.0"]')).toHaveCount(0);
  await page.getByRole('searchbox', { name: 'Filter tags' }).fill('1.7.0');
  const row = page.locator(rows).filter({ hasText: '1.7.0' });
  await expect(row.getByRole('link')).toHaveCount(0);
  const button = row.getByRole('button', { name: /^Copy .*\/big\/many-tags:1\.7\.0$/ });
  const isFocused = () => button.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < 10 && !(await isFocused()); presses++) await page.keyboard.press('Tab');
  await expect(button).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toBeAttached();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/\/big\/many-tags:1\.7\.0$/);
});

test('rows that another order brings get their buttons when they are about to be seen', async ({ page, sample }) => {
  await page.goto(`${sample}big/many-tags/tags/`);
  await page.getByRole('button', { name: 'Tag', exact: true }).click();
  await expect(page.locator(rows).first()).toContainText('1.1.0');
  const buttonsOf = (tag: string) => page.locator(`[id="tag:${tag}"]`).getByRole('button', { name: /^Copy / });
  await expect(buttonsOf('1.1.0')).toHaveCount(2);
  await expect(buttonsOf('1.300.0')).toHaveCount(0);
  await page.locator('[id="tag:1.300.0"]').scrollIntoViewIfNeeded();
  await expect(buttonsOf('1.300.0')).toHaveCount(2);
});

test.describe('where nothing hovers', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  test('a row that the filter brings is copied by a finger', async ({ page, sample, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(`${sample}big/many-tags/tags/`);
    await page.getByRole('searchbox', { name: 'Filter tags' }).fill('1.7.0');
    const row = page.locator(rows).filter({ hasText: '1.7.0' });
    await row.getByRole('button', { name: /^Copy .*\/big\/many-tags:1\.7\.0$/ }).tap();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/\/big\/many-tags:1\.7\.0$/);
  });
});

test('Back shows again what the address before it showed', async ({ page, sample }) => {
  await page.goto(`${sample}big/many-tags/tags/`);
  await page.evaluate(() => {
    location.hash = 'tags';
  });
  const box = page.getByRole('searchbox', { name: 'Filter tags' });
  await box.fill('1.7.0');
  await expect(page).toHaveURL(/\?q=1\.7\.0#tags$/);
  await expect(page.locator(rows)).toHaveCount(1);
  await page.goBack();
  await expect(box).toHaveValue('');
  await expect(page.locator(rows)).toHaveCount(500);
});

test('a platform that only other pages have is in the address, and to be chosen', async ({ page, sample }) => {
  await page.goto(`${sample}big/many-tags/tags/?platform=linux%2Friscv64`);
  await expect(page.locator('tag-filter').getByRole('status')).toHaveText('0 of 600 tags');
  await expect(page.getByRole('combobox', { name: 'Platform' })).toHaveValue('linux/riscv64');
});

test('an address of a tag leads to the page of the list that has it', async ({ page, sample }) => {
  await page.goto(`${sample}?q=${encodeURIComponent('big/many-tags:1.7.0')}`);
  await page.getByRole('link', { name: 'big/many-tags:1.7.0', exact: true }).click();
  await expect(page).toHaveURL(`${sample}big/many-tags/-/tags/2/#tag:1.7.0`);
  await expect(page.locator('tr:target')).toContainText('1.7.0');
  await expect(page.locator('tr:target')).toBeInViewport();
  await page.goBack();
  await expect(page).toHaveURL(/\?q=/);

  await page.goto(`${sample}big/many-tags/-/tags/2/`);
  await page.getByRole('searchbox', { name: /Search images/ }).fill('big/many-tags:1.590.0');
  await page.getByRole('link', { name: 'big/many-tags:1.590.0', exact: true }).click();
  await expect(page).toHaveURL(`${sample}big/many-tags/tags/#tag:1.590.0`);
  await expect(page.locator('tr:target')).toBeInViewport();

  await page.goto(`${sample}big/many-tags/tags/#tag:no-such-tag`);
  await expect(page.locator('#tags')).toBeVisible();
  await expect(page).toHaveURL(`${sample}big/many-tags/tags/#tag:no-such-tag`);
});

test('an address of a tag that is gone asks for some pages of a very long list, a few at a time', async ({
  page,
  sample,
}) => {
  const tags = `${sample}big/many-tags/tags/`;
  const others = Array.from({ length: 200 }, (_, at) => `${sample}further/${at}`).join(' ');
  const counts = { asked: 0, underWay: 0, atOnce: 0 };
  await page.route(tags, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(/(data-pages=")[^"]*/, `$1${others}`);
    await route.fulfill({ response, body });
  });
  await page.route(/\/further\//, async (route) => {
    counts.asked++;
    counts.atOnce = Math.max(counts.atOnce, ++counts.underWay);
    await route.fulfill({ contentType: 'text/html', body: '<!doctype html><p>Nothing' });
    counts.underWay--;
  });
  await page.goto(`${tags}#tag:no-such-tag`);
  await expect.poll(() => counts.asked).toBe(50);
  await page.waitForLoadState('networkidle');
  expect(counts.asked).toBe(50);
  expect(counts.atOnce).toBeLessThanOrEqual(4);
});
