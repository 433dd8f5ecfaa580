/** What authors of images write is shown as text, whatever it says, and breaks no page. */
import { expect, readShifts, test, watchShifts } from './site.ts';

const image = 'hostile/labels/tags/';

test('labels run nothing, lead nowhere that is not the web, and are readable', async ({ page, sample }) => {
  let dialogs = 0;
  page.on('dialog', (dialog) => {
    dialogs++;
    return dialog.dismiss();
  });
  const manifests = await page
    .goto(sample + image)
    .then(() =>
      page
        .locator('#tags a[href*="/-/sha256/"]')
        .evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
    );
  expect(manifests.length).toBeGreaterThan(0);
  const shown: string[] = [];
  for (const path of [image, ...manifests.map((href) => (href ?? '').slice(1))]) {
    await page.goto(sample + path, { waitUntil: 'networkidle' });
    const { protocols, users, strangers } = await page.evaluate(() => ({
      protocols: [...document.querySelectorAll('a')].map(({ protocol }) => protocol),
      users: [...document.querySelectorAll('a')].map(({ username }) => username).filter(Boolean),
      strangers: [...document.querySelectorAll('main :is(script, img, iframe, object, embed, form, style, b)')].map(
        ({ outerHTML }) => outerHTML,
      ),
    }));
    expect(new Set(protocols)).toEqual(new Set(['http:', 'https:']));
    expect(users).toEqual([]);
    expect(strangers).toEqual([]);
    shown.push(await page.locator('main').innerText());
  }
  expect(dialogs).toBe(0);
  const text = shown.join('\n');
  expect(text).toContain('<script>alert("description")</script>');
  expect(text).not.toContain('\u202e');
});

for (const width of [320, 360, 768, 1440]) {
  test(`nothing is wider than the window at ${width} px, however long names and values are`, async ({
    page,
    sample,
  }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(sample);
    const long = await page.locator('.images th[scope="row"] a[href^="/deep/"]').getAttribute('href');
    const paths = [
      ...['', long?.slice(1) ?? '', image, 'debian/tags/', 'services/asleep/tags/', 'services/ill/tags/'],
      ...['services/removed/tags/', 'services/signed/tags/', 'tools/everywhere/tags/', 'big/many-tags/tags/'],
      ...['-/changes/', '-/status/', '-/storage/', '-/lineage/', '-/cleanup/', '-/help/', '-/images/deprecated/'],
    ];
    for (const path of paths) {
      const response = await page.goto(sample + path);
      expect(response?.status(), `/${path}`).toBe(path.includes('removed') ? 410 : 200);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, `/${path}`).toBeLessThanOrEqual(0);
    }
  });
}

for (const width of [320, 1000, 1440]) {
  test(`a platform and a media type of any length fit at ${width} px`, async ({ page, sample }) => {
    await page.setViewportSize({ width, height: 800 });
    const long = 'o'.repeat(300);
    await page.route(/\/(?:tags\/|sha256\/[0-9a-f]+\/)?$/, async (route) => {
      const response = await route.fetch();
      const body = (await response.text())
        .replaceAll('linux/amd64', `${long}/amd64`)
        .replaceAll('application/vnd.', `application/${long}.`);
      await route.fulfill({ response, body });
    });
    await page.goto(`${sample}services/signed/tags/`);
    const manifest = await page.locator('#tags a[href*="/-/sha256/"]').first().getAttribute('href');
    for (const path of ['', 'services/signed/tags/', 'tools/everywhere/tags/', manifest?.slice(1) ?? '']) {
      await page.goto(sample + path);
      expect(await page.locator('main').innerText(), `/${path}`).toContain(long);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, `/${path}`).toBeLessThanOrEqual(0);
    }
    // No paper is as narrow as a phone.
    await page.setViewportSize({ width: Math.max(width, 700), height: 800 });
    await page.emulateMedia({ media: 'print' });
    await page.goto(sample);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 'print').toBeLessThanOrEqual(
      0,
    );
  });
}

test('a name that has no place to break is broken', async ({ page, sample }) => {
  const name = 'n'.repeat(250);
  await page.goto(`${sample}debian/tags/`);
  const manifest = await page.locator('#tags a[href*="/-/sha256/"]').first().getAttribute('href');
  await page.route(/\/$/, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(/(?<=>[^<]*)(?:debian|releng\/node24)/g, name);
    await route.fulfill({ response, body });
  });
  const paths = ['', 'debian/tags/', manifest?.slice(1) ?? '', '-/changes/', '-/storage/'];
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    for (const path of paths) {
      await page.goto(sample + path);
      expect(await page.locator('main').innerText(), `/${path}`).toContain(name);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, `/${path} at ${width} px`).toBeLessThanOrEqual(0);
    }
  }
});

test('what is usual fits on one line, and one tag is not called tags', async ({ page, sample }) => {
  await page.setViewportSize({ width: 1000, height: 800 });
  await page.goto(`${sample}tools/everywhere/tags/`);
  const heights = await page.locator('.platforms th[scope="row"]').evaluateAll((cells) =>
    cells
      .filter((cell) => (cell.textContent ?? '').length < 15)
      .map((cell) => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return range.getClientRects().length;
      }),
  );
  expect(heights.length).toBeGreaterThan(0);
  expect(new Set(heights)).toEqual(new Set([1]));
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto(sample);
  const words = await page
    .locator('.images td:last-child')
    .first()
    .evaluate((cell) => getComputedStyle(cell, '::before').content + getComputedStyle(cell, '::after').content);
  expect(words).toBe('"tags "none');
});

test('at 200 % everything of a page is still there, one below the other', async ({ browser, sample }) => {
  // A window of 1280 px at 200 % has 640 of them, each two wide.
  const page = await browser.newPage({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });
  try {
    await page.goto(`${sample}debian/tags/`);
    for (const heading of ['Pull', 'About', 'tags']) {
      await expect(page.getByRole('heading', { name: heading }).first()).toBeVisible();
    }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  } finally {
    await page.close();
  }
});

test('what settings put on a page has its room before it is loaded', async ({ page, sample }) => {
  await watchShifts(page);
  for (const path of ['', 'debian/tags/', 'services/removed/tags/', 'serivces/ill/tags/']) {
    await page.goto(sample + path, { waitUntil: 'networkidle' });
    await expect(page.locator('img.logo')).toHaveJSProperty('complete', true);
    expect(await readShifts(page), `/${path}`).toEqual([]);
  }
});
