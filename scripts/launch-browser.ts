/** How Chromium is started: the one that `CHROMIUM` names, else Playwright's own where it is installed, else the system's. */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type LaunchOptions } from 'playwright';

const systemBrowsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser's program: undefined for Playwright's own, null where there is none. */
export function findChromium(): string | undefined | null {
  const named = process.env['CHROMIUM'];
  if (named) return named;
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

export function launchBrowser(): Promise<Browser> {
  return chromium.launch(browserLaunchOptions());
}
