/** The browser that pictures are taken with. */
import { type Browser, chromium } from 'playwright';

/** Starts the browser that `CHROMIUM` names, or Playwright's own. Root needs `--no-sandbox`. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'];
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}
