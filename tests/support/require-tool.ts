/** Tools that a fresh machine may lack: without them a test is skipped, and said to be; where everything must run, it fails. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';

const announced = new Set<string>();

/** The path of an installed program, or null. */
export function findTool(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

/**
 * Whether all `tools` are installed. If not, the test is marked as skipped and the missing tool is named in one printed line
 * a process; under `CI=true` this throws instead.
 */
export function requireTool(t: TestContext, ...tools: readonly string[]): boolean {
  const missing = tools.filter((tool) => findTool(tool) === null);
  if (missing.length === 0) return true;
  const what = `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not installed`;
  if (process.env['CI'] === 'true') throw new Error(`${what}, and CI=true allows no skipped test`);
  if (!announced.has(what)) {
    announced.add(what);
    console.log(`${what}: tests that need it are skipped; \`npm run setup\` installs it`);
  }
  t.skip(what);
  return false;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
