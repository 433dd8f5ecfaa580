/** What the pages are built into: a program that renders any of them, as often as it is asked to. */
import { createApp } from 'astro/app/entrypoint';
import { toOutputFile } from '../view/addresses.ts';
import { toPageKey } from '../view/page-key.ts';
import { toPageAddress } from '../view/page-list.ts';
import type { OpenRenderer } from '../view/render-plan.ts';
import { type LentPage, renderLent } from './_lent-page.ts';
import { readPageContent } from './_page-content.ts';
import { openRendering } from './_rendering.ts';

export const openRenderer: OpenRenderer = async (plan, atHand) => {
  const rendering = await openRendering(plan, atHand);
  const lent = await borrowPage(plan.settings.base);
  return {
    async render(page, isKnown) {
      const { site } = rendering;
      const address = toPageAddress(page, site);
      const file = toOutputFile(address);
      const content = await readPageContent(page, rendering);
      const key = toPageKey(file, content);
      if (isKnown(key)) return { file, key, html: null };
      const url = new URL(plan.settings.base + address, anyHost);
      return { file, key, html: await renderLent(lent, url, { content, site }) };
    },
  };
};

/** Pages name no host but those of the settings. */
const anyHost = 'http://localhost';

/** Has Astro answer one request, and keeps what it gives to components. */
async function borrowPage(base: string): Promise<LentPage> {
  const app = createApp({ streaming: false });
  // Its own answer would be an empty page; who renders wants to know why.
  app.renderError = async (request, { error, status }) => {
    throw error ?? new Error(`${new URL(request.url).pathname} was answered with ${status}`);
  };
  const routeData = app.manifest.routes.find((each) => each.routeData.route === '/[...address]')?.routeData;
  if (routeData === undefined) throw new TypeError('the renderer was built without its page');
  const borrowed: LentPage[] = [];
  const locals = { borrow: (lent: LentPage) => borrowed.push(lent) };
  await app.render(new Request(new URL(base, anyHost)), { routeData, locals });
  const [lent] = borrowed;
  if (lent === undefined) throw new TypeError('the page was not lent');
  return lent;
}
