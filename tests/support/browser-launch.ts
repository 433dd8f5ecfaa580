/** How the tests start Chromium: Playwright's own where it is installed, else the system's. */
import { existsSync } from 'node:fs';
import { chromium, type LaunchOptions } from 'playwright';

const systemBrowsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser's program: undefined for Playwright's own, null where there is none. */
export function findChromium(): string | undefined | null {
  if (existsSync(chromium.executablePath())) return undefined;
  return systemBrowsers.find((path) => existsSync(path)) ?? null;
}

/** Options for any launch. Root needs `--no-sandbox`; nothing may leave the machine. */
export function browserLaunchOptions(): LaunchOptions {
  const executablePath = findChromium();
  const args = [
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
  return { args, ...(executablePath ? { executablePath } : {}) };
}
