/**
 * What people come for, each in as few steps as this: a step is a click, a text typed into the box, or Enter. Answers are
 * compared with what the registry's own API and the site's JSON say.
 */
import type { Page } from 'playwright/test';
import { expect, test } from './site.ts';

interface Recommended {
  readonly name: string;
  readonly recommended: { readonly tag: string; readonly digest: string } | null;
}

interface Base {
  readonly name: string;
  readonly versions: readonly { readonly images: readonly { readonly name: string; readonly isCurrent: boolean }[] }[];
}

async function readCatalogue(page: Page, site: string): Promise<readonly Recommended[]> {
  const response = await page.request.get(`${site}-/api/v1/catalogue.json`);
  return ((await response.json()) as { repositories: readonly Recommended[] }).repositories;
}

async function readRepository(page: Page, site: string, name: string) {
  const response = await page.request.get(`${site}-/api/v1/repositories/${name}/-/repository.json`);
  return (await response.json()) as {
    readonly tags: readonly { readonly tag: string; readonly digest: string | null }[];
    readonly manifests: Readonly<
      Record<string, { readonly platforms: readonly { readonly architecture: string; readonly digest: string }[] }>
    >;
  };
}

const resultLinks = (page: Page) => page.locator('[data-search-results]').getByRole('link');

test('an image by a half-remembered name: typed, Enter', async ({ page, site }) => {
  await page.goto(site);
  await page.getByRole('searchbox').fill('bookwrm ci');
  await expect(resultLinks(page).first()).toHaveText('releng/ci-bookworm');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${site}releng/ci-bookworm/tags/`);
});

test('the newest tag to paste: no step from the list, one click to copy it', async ({ page, site, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const wanted = (await readCatalogue(page, site)).find(({ name }) => name === 'coredns')?.recommended?.tag;
  await page.goto(site);
  const row = page.locator('.images tr', { has: page.locator('a[href$="/coredns/tags/"]') });
  await expect(row.locator('code')).toHaveText(wanted ?? '');
  await row.hover();
  await row.getByRole('button', { name: /^Copy/ }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`registry.example.org/coredns:${wanted}`);
});

test('whether a tag exists: typed', async ({ page, site }) => {
  const { tags } = await readRepository(page, site, 'coredns');
  const tag = tags.at(-1)?.tag ?? '';
  await page.goto(site);
  await page.getByRole('searchbox').fill(`coredns:${tag}`);
  await expect(resultLinks(page).first()).toHaveText(`coredns:${tag}`);
  await page.getByRole('searchbox').fill('coredns:9.99.9');
  await expect(page.locator('[data-search-results]')).toContainText('Has no tag 9.99.9');
});

test('which images carry a tag: typed', async ({ page, site }) => {
  const names = (await readCatalogue(page, site)).map(({ name }) => name);
  const carriers: string[] = [];
  for (const name of names.filter((each) => each.startsWith('coredns'))) {
    const { tags } = await readRepository(page, site, name);
    if (tags.some(({ tag }) => tag === '1.11.3-2')) carriers.push(name);
  }
  expect(carriers.length).toBeGreaterThan(0);
  await page.goto(site);
  await page.getByRole('searchbox').fill(':1.11.3-2');
  for (const name of carriers) {
    await expect(
      resultLinks(page)
        .filter({ hasText: `${name}:1.11.3-2` })
        .first(),
    ).toBeVisible();
  }
});

test('what changed since yesterday: one click from anywhere', async ({ page, sample }) => {
  await page.goto(`${sample}debian/tags/`);
  await page.getByRole('navigation', { name: 'This site' }).getByRole('link', { name: 'Changes' }).click();
  await expect(page).toHaveURL(`${sample}-/changes/`);
  const days = await page.getByRole('heading', { level: 2, name: /^\d{4}-\d\d-\d\d$/ }).allTextContents();
  expect(days.length).toBeGreaterThan(0);
  expect(days).toEqual([...days].sort().reverse());
});

test('who still uses a base: two clicks from anywhere, or typed', async ({ page, site }) => {
  await page.goto(`${site}coredns/tags/`);
  await page.getByRole('navigation', { name: 'This site' }).getByRole('link', { name: 'Bases' }).click();
  await page.getByRole('link', { name: 'bullseye', exact: true }).first().click();
  const section = page.locator('section', { has: page.getByRole('heading', { name: /^bullseye\b/ }) });
  const response = await page.request.get(`${site}-/api/v1/lineage.json`);
  const { bases } = (await response.json()) as { bases: readonly Base[] };
  const versions = bases.find(({ name }) => name === 'bullseye')?.versions ?? [];
  const standing = versions.flatMap(({ images }) =>
    images.filter(({ isCurrent }) => isCurrent).map(({ name }) => name),
  );
  expect(standing.length).toBeGreaterThan(0);
  await expect(section.getByRole('heading').first()).toContainText(`${new Set(standing).size} images`);
  for (const name of standing) await expect(section.getByRole('link', { name, exact: true }).first()).toBeVisible();
  await page.goto(site);
  await page.getByRole('searchbox').fill('base:bullseye');
  await expect(page.locator('.search-status')).toContainText(/^\d+ results/);
  await expect(page.locator('[data-search-results]')).toContainText('built on bullseye');
});

test('the digest for arm64: there at once on the page of the image', async ({ page, site }) => {
  const recommended = (await readCatalogue(page, site)).find(({ name }) => name === 'coredns')?.recommended;
  const { manifests } = await readRepository(page, site, 'coredns');
  const wanted = manifests[recommended?.digest ?? '']?.platforms.find(({ architecture }) => architecture === 'arm64');
  expect(wanted).toBeDefined();
  await page.goto(`${site}coredns/tags/`);
  const row = page.locator('.platforms tr', { hasText: 'linux/arm64' }).first();
  await expect(row).toContainText(wanted?.digest ?? '');
});
