/** Holds the lists of the clean-up, which the last look at a site believes before they are there, against a build from nothing. */
import assert from 'node:assert/strict';
import { cp, lstat, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isWorthTwins } from '../../src/publish/compress-files.ts';
import { deleteCommandsAddress, fixedAddresses } from '../../src/view/addresses.ts';
import { deleteTools } from '../../src/view/delete-commands.ts';

/**
 * Fails unless each list that the page of the clean-up leads to is there, and says what it says in `cold`. Returns those that come
 * after the last look: without them nothing would have been held against anything that this is about.
 */
export async function assertSameLists(standing: string, cold: string): Promise<readonly string[]> {
  const { cleanup, cleanupJson, cleanupCsv } = fixedAddresses;
  const page = await readFile(join(standing, cleanup, 'index.html'), 'utf8');
  const linked = [...page.matchAll(/\shref="\/([^"]+\.(?:json|csv|txt))"/g)].map(([, path = '']) => path);
  const lists = new Set(linked.filter((path) => path === cleanupJson || path.startsWith(cleanup)));
  assert.deepEqual([...lists].sort(), [cleanupJson, cleanupCsv, ...deleteTools.map(deleteCommandsAddress)].sort());
  const later: string[] = [];
  for (const path of lists) {
    const [file, made] = [join(standing, path), await readFile(join(cold, path))];
    assert.ok((await lstat(file)).isFile(), `${path} is a file`);
    assert.ok(made.length > 0, `${path} is empty`);
    assert.ok(made.equals(await readFile(file)), `${path} differs`);
    if (!isWorthTwins(path, made.length)) later.push(path);
  }
  const { images } = JSON.parse(await readFile(join(standing, cleanupJson), 'utf8'));
  assert.ok(images.length > 0);
  return later;
}

/** What is kept of each image for the lists, and the lists themselves; two sites that both took it would err alike. */
const kept = /^cache\/(?:cleanup|inventories|whole)$/;

/** Copies what a site is built from, without what is kept of the lists. The renderer stays: to make it anew would take longest. */
export async function copyWithoutLists(stateDir: string, to: string): Promise<void> {
  const names = new Set<string>();
  const filter = (path: string) => {
    const name = relative(stateDir, path);
    if (!kept.test(name)) return true;
    names.add(name);
    return false;
  };
  await cp(stateDir, to, { recursive: true, filter });
  assert.equal(names.size, 3, [...names].join());
}
