/** WCAG 2.2 AA as far as a machine can tell, on every kind of page, in both colour schemes. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { expect, test } from './site.ts';

const pages = {
  home: '',
  image: 'coredns/tags/',
  'image with attachments': 'cert-manager/controller/tags/',
  chart: 'charts/mathoid/tags/',
  'image without tags': 'releng/retired-linter/tags/',
  path: 'releng/',
  selection: '-/images/kind/helm-chart/',
  status: '-/status/',
  help: '-/help/',
  storage: '-/storage/',
  bases: '-/lineage/',
  'clean-up': '-/cleanup/',
  'not found': 'no-such-page/',
} as const;

/** Pages of the sample: what a healthy registry does not show. */
const samplePages = {
  home: '',
  'deprecated image': 'debian/tags/',
  'hostile image': 'hostile/labels/tags/',
  'stale image': 'services/asleep/tags/',
  'ill image': 'services/ill/tags/',
  tombstone: 'services/removed/tags/',
  'signed image': 'services/signed/tags/',
  changes: '-/changes/',
  status: '-/status/',
} as const;

/** What the dark alone can break. */
const colourRules = ['color-contrast', 'link-in-text-block'];

async function expectNoViolation(page: Page, colorScheme: 'light' | 'dark' = 'light'): Promise<void> {
  const axe = new AxeBuilder({ page });
  if (colorScheme === 'dark') axe.withRules(colourRules);
  else axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);
  const { violations, passes } = await axe.analyze();
  expect(passes.length, 'axe looked at something').toBeGreaterThan(colorScheme === 'dark' ? 0 : 5);
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme}`, () => {
    test.use({ colorScheme });
    for (const [name, path] of Object.entries(pages)) {
      test(`${name} has no violation`, async ({ page, site }) => {
        test.slow();
        await page.goto(site + path);
        await expectNoViolation(page, colorScheme);
      });
    }

    for (const [name, path] of Object.entries(samplePages)) {
      test(`the sample's ${name} has no violation`, async ({ page, sample }) => {
        test.slow();
        await page.goto(sample + path);
        await expectNoViolation(page, colorScheme);
      });
    }

    test('a manifest has no violation', async ({ page, site }) => {
      test.slow();
      await page.goto(`${site}coredns/tags/`);
      await page.locator('#tags a[href*="/-/sha256/"]').first().click();
      await expect(page.getByRole('heading', { name: 'What changed' })).toBeVisible();
      await expectNoViolation(page, colorScheme);
    });
  });
}

for (const path of ['', 'hostile/labels/tags/', 'services/signed/tags/', '-/storage/', '-/lineage/', '-/changes/']) {
  test(`/${path} has no violation on a phone, where tables are cards and fingers need room`, async ({
    page,
    sample,
  }) => {
    test.slow();
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(sample + path);
    await expectNoViolation(page);
  });
}

test('the keyboard reaches the content at once, and a pull command within a few stops', async ({ page, site }) => {
  await page.goto(`${site}coredns/tags/`);
  await page.keyboard.press('Tab');
  await expect(page.locator(':focus')).toHaveText(/skip/i);
  await page.keyboard.press('Enter');
  let stops = 0;
  for (; stops < 6; stops++) {
    await page.keyboard.press('Tab');
    if (await page.locator('.commands :focus').count()) break;
  }
  expect(stops).toBeLessThan(6);
});
