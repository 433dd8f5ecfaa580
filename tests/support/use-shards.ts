/** Crawls of a whole catalogue and of its shards, hour after hour, each in a state folder of its own, with the hour that a test says. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { listFiles } from '../../src/publish/list-files.ts';
import { createEventLog } from '../../src/run/event-log.ts';
import { silentProgress } from '../../src/run/progress.ts';
import { type RunContext, runRefresh } from '../../src/run/refresh.ts';
import type { Report } from '../../src/run/report.ts';
import { runShard } from '../../src/run/shard-run.ts';
import { decodeSettings, type Settings } from '../../src/settings/settings.ts';
import type { SnapshotIndex } from '../../src/snapshot/index.schema.ts';
import { createSnapshotStore } from '../../src/snapshot/snapshot-store.ts';
import { hour } from './catalogue-values.ts';
import { useFolder } from './run-program.ts';

export interface Catalogue {
  readonly stateDir: string;
  readonly siteDir: string;
  /** Reads all of it in one run. */
  crawl(at: number, over?: object): Promise<Report>;
  shard(number: number, count: number, at: number, over?: object): Promise<Report>;
  /** Of the folders, or of those of the state folder. */
  merge(
    at: number,
    options?: { readonly folders?: readonly string[]; readonly acceptRemovals?: boolean; readonly over?: object },
  ): Promise<Report>;
  /** All shards, one after the other, and the merge. */
  crawlInShards(count: number, at: number, acceptRemovals?: boolean): Promise<Report>;
  build(at: number): Promise<Report>;
  index(): Promise<SnapshotIndex>;
  /** The bytes of every file of the snapshot, without the word of which shards it was joined. */
  snapshot(): Promise<Readonly<Record<string, string>>>;
  site(): Promise<Readonly<Record<string, string>>>;
}

/** Catalogues of these settings, by the names of their folders. */
export async function useCatalogues(t: TestContext, settings: object): Promise<(name: string) => Catalogue> {
  const folder = await useFolder(t);
  return (name) => {
    const decode = (over: object = {}): Settings =>
      decodeSettings({ ...settings, stateDir: `${name}/state`, siteDir: `${name}/site`, ...over }, folder);
    const { stateDir, siteDir } = decode();
    const crawled = { crawl: true, build: false };
    const nothing = { crawl: false, build: false };
    const catalogue: Catalogue = {
      stateDir,
      siteDir,
      crawl: (at, over) => runRefresh(decode(over), { steps: crawled, acceptRemovals: false }, contextAt(at)),
      shard: (number, count, at, over) => runShard(decode(over), { number, count }, contextAt(at)),
      merge: (at, { folders = [], acceptRemovals = false, over } = {}) =>
        runRefresh(decode(over), { steps: nothing, merge: folders, acceptRemovals }, contextAt(at)),
      async crawlInShards(count, at, acceptRemovals = false) {
        for (let number = 1; number <= count; number++) await catalogue.shard(number, count, at);
        return catalogue.merge(at, { acceptRemovals });
      },
      build: (at) =>
        runRefresh(decode(), { steps: { crawl: false, build: true }, acceptRemovals: false }, contextAt(at)),
      async index() {
        const index = await createSnapshotStore(stateDir).readIndex();
        if (index === null) throw new Error(`there is no snapshot in ${stateDir}`);
        return index;
      },
      async snapshot() {
        const { 'catalogue.json': index = '', ...files } = await readAll(join(stateDir, 'snapshot'));
        return { ...files, 'catalogue.json': index.replace(/"joined": \{[\s\S]*?\n\},\n/, '') };
      },
      site: () => readAll(join(siteDir, 'current')),
    };
    return catalogue;
  };
}

function contextAt(at: number): RunContext {
  const clock = () => new Date(hour(at));
  const log = createEventLog({ format: 'text', level: 'error', print: () => undefined, clock, journal: false });
  return { environment: {}, clock, log, progress: silentProgress, cancel: new AbortController().signal };
}

/** Every file beneath a folder. */
export async function readAll(folder: string): Promise<Readonly<Record<string, string>>> {
  const texts = (await listFiles(folder)).map(
    async (file) => [file, await readFile(join(folder, file), 'latin1')] as const,
  );
  return Object.fromEntries((await Promise.all(texts)).filter(([file]) => file !== 'unfinished'));
}
