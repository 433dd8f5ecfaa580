/** Holds a site that was changed hour by hour against one that was built from nothing. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isHashed } from '../../src/publish/carry-assets.ts';
import { listFiles } from '../../src/publish/list-files.ts';

/** What carries the hour; the two sites are stamped at different times. */
const hourly = /^(?:index\.html|-\/status\/index\.html|-\/status\.json)(?:\.gz|\.br)?$/;

/** Fails unless both have the same files with the same bytes, save what was carried over for readers of older pages. */
export async function assertSameSite(standing: string, cold: string): Promise<void> {
  const [had, made] = [new Set(await listFiles(standing)), await listFiles(cold)];
  assert.ok(made.length > 50);
  const isCarried = (file: string) => isHashed(file.replace(/\.(?:gz|br)$/, ''));
  assert.deepEqual([...had].filter((file) => !made.includes(file) && !isCarried(file)).sort(), []);
  for (const file of made) {
    assert.ok(had.has(file), `${file} is missing`);
    if (hourly.test(file)) continue;
    const bytes = await readFile(join(standing, file));
    assert.ok(bytes.equals(await readFile(join(cold, file))), `${file} differs`);
  }
}
