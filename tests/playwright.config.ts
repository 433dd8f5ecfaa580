import { defineConfig } from 'playwright/test';
import { browserLaunchOptions } from '../scripts/launch-browser.ts';

export default defineConfig({
  testDir: './browser',
  testMatch: '**/*.browser.ts',
  outputDir: './results',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 60_000,
  // Two browsers and what they load share the processors of a small machine.
  expect: { timeout: 15_000 },
  globalSetup: './support/browser-setup.ts',
  use: { browserName: 'chromium', launchOptions: browserLaunchOptions(), locale: 'en-GB', timezoneId: 'Asia/Tokyo' },
});
