/** What the browser tests share: where the sites are, and pages that fail when the browser complains. */
import { test as base, expect as check, type Page } from 'playwright/test';
import { siteVariables } from '../support/browser-setup.ts';

export interface SiteFixtures {
  /** The site at the root of its host, with a final slash. */
  readonly site: string;
  /** The same site at `/images/`. */
  readonly siteBelow: string;
  /** The site of the sample catalogue: hostile, ill, stale, removed, without tags, with very long names. */
  readonly sample: string;
  /** Fails the test when a page logs an error, breaks the content security policy, or asks another host for anything. */
  readonly watched: undefined;
}

export const test = base.extend<SiteFixtures>({
  site: async ({ browserName }, use, info) => {
    info.skip(process.env[siteVariables.root] === undefined, `${browserName} is not installed`);
    await use(process.env[siteVariables.root] ?? '');
  },
  siteBelow: async ({ browserName }, use, info) => {
    info.skip(process.env[siteVariables.base] === undefined, `${browserName} is not installed`);
    await use(process.env[siteVariables.base] ?? '');
  },
  sample: async ({ browserName }, use, info) => {
    info.skip(process.env[siteVariables.sample] === undefined, `${browserName} is not installed`);
    await use(process.env[siteVariables.sample] ?? '');
  },
  watched: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('console', (message) => {
        const isMissingPage = /status of 4(?:04|10)/.test(message.text());
        if (message.type() === 'error' && !isMissingPage) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        const { hostname } = new URL(request.url());
        if (hostname !== '127.0.0.1') complaints.push(`asked ${hostname}`);
      });
      await use(undefined);
      check(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

/** Playwright's own, so that tests import one thing from one place. */
export const expect = check;

/** A line that moves by a part of a pixel where a machine is slow is less; an image without room for it a hundred times as much. */
const leastShift = 0.0001;

/** Notes whatever moves on the pages to come, and by how much. */
export async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript((least) => {
    const shifts: string[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, sources } = entry as PerformanceEntry & {
          value: number;
          sources: readonly { node: Node | null }[];
        };
        if (value < least) continue;
        shifts.push(
          [
            value,
            ...sources.map(({ node }) => (node instanceof Element ? node.outerHTML.slice(0, 200) : node?.textContent)),
          ].join(' '),
        );
      }
    }).observe({ type: 'layout-shift', buffered: true });
  }, leastShift);
}

/** What moved on the page that is open. */
export function readShifts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => (window as unknown as { shifts: string[] }).shifts);
}
