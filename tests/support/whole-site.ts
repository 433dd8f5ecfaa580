/** Whether a site and a history are whole, told without the program's own checks. */
import assert from 'node:assert/strict';
import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { CatalogueEvent } from '../../src/catalogue/model.ts';
import { listFiles } from '../../src/publish/list-files.ts';
import { createSnapshotStore } from '../../src/snapshot/snapshot-store.ts';

export interface SeenSite {
  readonly release: string;
  readonly files: ReadonlyMap<string, Buffer>;
}

/** What the hour replaces in a release that stands; a twin may be newer than its file for a moment. */
const hourly = /^(?:index\.html|-\/status\/index\.html|-\/status\.json)(?:\.gz|\.br)?$/;
/** What a run was writing when it was killed; no page names it. */
const temporary = /(?:^|\/)\.\d+-\d+\.tmp$/;

/** Reads the site that `current` shows, and fails unless it is whole and shows `repositories` images. */
export async function readWholeSite(siteDir: string, repositories: number): Promise<SeenSite> {
  const release = await readlink(join(siteDir, 'current'));
  const root = join(siteDir, 'current');
  const files = new Map<string, Buffer>();
  for (const file of await listFiles(root)) {
    if (!temporary.test(file)) files.set(file, await readFile(join(root, file)));
  }
  for (const [file, bytes] of files) {
    const plain = file.replace(/\.(?:gz|br)$/, '');
    if (plain === file) assert.ok(bytes.length > 0, `${file} is empty`);
    else {
      const unpacked = file.endsWith('.gz') ? gunzipSync(bytes) : brotliDecompressSync(bytes);
      if (!hourly.test(file)) assert.ok(files.get(plain)?.equals(unpacked), `${file} holds what ${plain} does`);
    }
    if (file.endsWith('.json')) JSON.parse(bytes.toString());
  }
  const catalogue = JSON.parse(String(files.get('-/api/v1/catalogue.json')));
  assert.equal(catalogue.repositories.length, repositories);
  for (const { links } of catalogue.repositories) {
    assert.ok(files.has(`${links.html.slice(1)}index.html`) && files.has(links.json.slice(1)), links.html);
  }
  let links = 0;
  for (const [file, bytes] of files) {
    if (!file.endsWith('.html')) continue;
    for (const [, href = ''] of bytes.toString().matchAll(/\s(?:href|src)="(\/[^"#?]*)/g)) {
      links++;
      const target = href.endsWith('/') ? `${href}index.html` : href;
      assert.ok(files.has(target.slice(1)), `${file} links to ${href}`);
    }
  }
  assert.ok(links > 10);
  return { release, files };
}

/** Fails unless a release that still stands has the bytes that it had, save for the hour's. */
export function assertUntouched(before: SeenSite, after: SeenSite): void {
  if (before.release !== after.release) return;
  for (const [file, bytes] of before.files) {
    if (!hourly.test(file)) assert.ok(after.files.get(file)?.equals(bytes), `${file} changed in ${before.release}`);
  }
}

/** By repository: when each tag was first seen, and every event. */
export type SeenHistory = ReadonlyMap<
  string,
  { readonly firstSeenAt: ReadonlyMap<string, string>; readonly events: readonly CatalogueEvent[] }
>;

/** Reads the history, and fails unless every file of the snapshot is whole. */
export async function readHistory(stateDir: string): Promise<SeenHistory> {
  const store = createSnapshotStore(stateDir);
  const index = await store.readIndex();
  assert.ok(index !== null, 'there is a snapshot');
  const history = new Map();
  for (const entry of index.repositories) {
    const { tags, events } = await store.readHistory(await store.readRepository(entry));
    const firstSeenAt = new Map([...tags].map(([tag, state]) => [tag, state.firstSeenAt]));
    history.set(entry.name, { firstSeenAt, events });
  }
  return history;
}

/** Fails unless `after` has everything that `before` had. Nothing was removed from the registry in between. */
export function assertNothingForgotten(before: SeenHistory, after: SeenHistory): void {
  for (const [name, { firstSeenAt, events }] of before) {
    const now = after.get(name);
    assert.ok(now, `${name} is still known`);
    for (const [tag, at] of firstSeenAt) assert.equal(now.firstSeenAt.get(tag), at, `${name}:${tag} was first seen`);
    const kept = new Set(now.events.map((event) => JSON.stringify(event)));
    for (const event of events) assert.ok(kept.has(JSON.stringify(event)), `${name} keeps ${JSON.stringify(event)}`);
  }
}
