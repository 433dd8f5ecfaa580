/** What a script adds to tables: copying rows, sorting them, and how long ago things were. */
import { expect, readShifts, test, watchShifts } from './site.ts';

test('each row of tags copies its reference, by tag and by digest', async ({ page, site, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${site}flink/tags/`);
  const row = page.locator('#tags > tbody > tr[id^="tag:"]').nth(1);
  const tag = await row.locator('th code').first().textContent();
  await row.hover();
  await row.locator('th').getByRole('button').click();
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  expect(await copied()).toBe(`registry.example.org/flink:${tag}`);
  await row.locator('td').last().getByRole('button').click();
  expect(await copied()).toBe(`registry.example.org/flink@${await row.locator('code[title]').getAttribute('title')}`);
});

test('a row is copied by the keyboard alone', async ({ page, site, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${site}flink/tags/`);
  const link = page.locator('#tags > tbody > tr[id^="tag:"] th a').first();
  await link.focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toBeAttached();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    `registry.example.org/flink:${await link.textContent()}`,
  );
});

test('copying works where the browser offers no clipboard, as on plain http', async ({ page, site }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
    document.addEventListener('copy', () => {
      document.title = `copied ${document.activeElement instanceof HTMLTextAreaElement ? document.activeElement.value : ''}`;
    });
  });
  await page.goto(`${site}flink/tags/`);
  await page.locator('.commands dd:visible').first().getByRole('button').click();
  await expect(page).toHaveTitle(/^copied docker pull registry\.example\.org\/flink:/);
});

test('an image on the homepage copies its recommended reference', async ({ page, site, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(site);
  const row = page.getByRole('row', { name: /^releng\/ci-bookworm / });
  await row.hover();
  await row.getByRole('button').click();
  const tag = await row.locator('code').textContent();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    `registry.example.org/releng/ci-bookworm:${tag}`,
  );
});

test('tags are sorted by each column, over folded ones too, and go back to where they were', async ({ page, site }) => {
  await page.goto(`${site}flink/tags/`);
  const order = () => page.locator('#tags tr[id^="tag:"]').evaluateAll((rows) => rows.map(({ id }) => id));
  const shown = () => page.locator('#tags > tbody > tr[id^="tag:"]').count();
  const before = await order();
  const shownBefore = await shown();
  expect(shownBefore).toBeLessThan(before.length);
  const heading = page.locator('#tags > thead').getByRole('columnheader', { name: 'Built' });
  const button = heading.getByRole('button');

  await button.click();
  await expect(heading).toHaveAttribute('aria-sort', 'descending');
  expect(await shown()).toBe(before.length);
  const dates = await page
    .locator('#tags > tbody > tr[id^="tag:"] > td:nth-child(2) time')
    .evaluateAll((times) => times.map((time) => time.getAttribute('datetime') ?? ''));
  expect(dates.length).toBeGreaterThan(5);
  expect(dates).toEqual([...dates].sort().reverse());

  await button.click();
  await expect(heading).toHaveAttribute('aria-sort', 'ascending');
  await button.click();
  await expect(heading).not.toHaveAttribute('aria-sort', /./);
  expect(await order()).toEqual(before);
  expect(await shown()).toBe(shownBefore);
});

test('images are sorted by size as one list, without the headings of groups', async ({ page, site }) => {
  await page.goto(site);
  await page.getByRole('columnheader', { name: 'Size' }).getByRole('button').click();
  await expect(page.locator('.images tr.heading')).toHaveCount(0);
  const sizes = await page
    .locator('.images tbody data')
    .evaluateAll((figures) => figures.map((figure) => Number((figure as HTMLDataElement).value)));
  expect(sizes.length).toBeGreaterThan(100);
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
});

test('nothing jumps: what a script adds has its room, or comes where nothing follows', async ({ page, site }) => {
  await watchShifts(page);
  for (const path of ['', 'flink/tags/', 'bookworm/tags/', '-/status/']) {
    await page.goto(site + path, { waitUntil: 'networkidle' });
    expect(await readShifts(page), `/${path}`).toEqual([]);
  }
  await expect(page.locator('h1')).toBeVisible();
});

test('what has no date comes last, whichever way dates are sorted', async ({ page, site }) => {
  await page.goto(site);
  const sort = page.locator('.images').getByRole('button', { name: 'Built', exact: true });
  const cells = page.locator('.images tr:has(> th[scope="row"]) > td:nth-child(3)');
  for (const direction of ['descending', 'ascending']) {
    await sort.click();
    await expect(page.locator(`.images th[aria-sort="${direction}"]`)).toHaveText('Built');
    const dates = await cells.evaluateAll((found) => found.map((cell) => cell.querySelector('time')?.dateTime ?? ''));
    const known = dates.filter((date) => date !== '');
    expect(known.length).toBeLessThan(dates.length);
    expect(dates.slice(0, known.length)).toEqual(
      direction === 'ascending' ? known.toSorted() : known.toSorted().reverse(),
    );
  }
});

test('tags on several pages are sorted as one list, and go back to their pages', async ({ page, sample }) => {
  await page.goto(`${sample}big/many-tags/tags/`);
  const rows = page.locator('#tags tr[id^="tag:"]:visible');
  await expect(rows).toHaveCount(500);
  const sort = page.locator('#tags').getByRole('button', { name: 'Tag', exact: true });
  await sort.click();
  await expect(rows).toHaveCount(600);
  await expect(rows.first()).toContainText('1.1.0');
  await sort.click();
  await expect(rows.first()).toContainText('1.600.0');
  await sort.click();
  await expect(rows).toHaveCount(500);
});

const dayMs = 86_400_000;
const ages: readonly (readonly [ageMs: number, words: string])[] = [
  [20_000, 'this minute'],
  [25 * 3_600_000, '1 day ago'],
  [44 * dayMs, '1 month ago'],
  [528 * dayMs, '1 year ago'],
  [-3 * dayMs, 'in 3 days'],
];
for (const [ageMs, words] of ages) {
  test(`how long ago a build was is counted, and no day of the calendar: ${words}`, async ({ page, sample }) => {
    await page.goto(`${sample}big/many-tags/tags/`);
    const line = page.locator('.recommended > p').first();
    const built = await line.locator('time').getAttribute('datetime');
    await page.clock.setFixedTime(Date.parse(built ?? '') + ageMs);
    await page.reload();
    await expect(line).toContainText(`(${words})`);
  });
}
