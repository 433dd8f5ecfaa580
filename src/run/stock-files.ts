/**
 * What taking stock leaves in its folder: the views that pages show, the files of all together where the site has them, and
 * the figures of each repository in one, of which a release takes those that it needs. What stays in memory is where each is.
 */
import { hash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StorageFigures } from '../api/storage-json.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { createFolderMaker } from '../publish/link-file.ts';
import { repositoryStorageJsonAddress } from '../view/addresses.ts';
import { createIsBaseOutdated, encodeWholeViews, type WholeViews } from '../view/whole-views.ts';
import type { CleanupLists } from './cleanup-lists.ts';
import { createSpool, readSpooled, type Spool, type SpoolPlace } from './spool.ts';
import { decodeStorageFigures, encodeStorageFigures } from './storage-figures-codec.ts';
import type { WholeFiles } from './whole-catalogue.ts';

/** What was worked out, small enough to be handed from process to process. */
export interface TakenStock {
  readonly folder: string;
  /** How many pages of lineages there are. */
  readonly lineagePages: number;
  readonly hasCleanup: boolean;
  /** The images of which anything that they stand on has newer builds. */
  readonly outdated: ReadonlySet<RepositoryName>;
  /** By repository; one of which there is nothing to say is not there. */
  readonly shares: ReadonlyMap<RepositoryName, StockShare>;
}

/** What the rest of the work left. */
export interface StockRest {
  /** The files of all together, as the site has them. */
  readonly files: readonly string[];
  /** Those of the clean-up, of which every part was looked through when it was made; null where there is none. */
  readonly lists: CleanupLists | null;
}

/** A repository's share of it. */
export interface StockShare {
  /** Stands for all that its pages and files show of other repositories. */
  readonly key: string;
  /** Null where no file is written of it. */
  readonly storage: StoragePlace | null;
}

/** Where a repository's own file goes in the site, and where what it says stands in the file that has that of all. */
export interface StoragePlace extends SpoolPlace {
  readonly path: string;
  /** Of what stands there. */
  readonly digest: string;
}

export interface StockWriter extends WholeFiles {
  /** To be called once, when everything was added. */
  close(): StockFiles;
}

/** What a writer wrote, which another process may be told. */
export interface StockFiles {
  readonly files: readonly string[];
  readonly stored: ReadonlyMap<RepositoryName, StoragePlace>;
}

/** Where the stock is that was taken of the snapshot in this folder. */
export function toStockFolder(stateDir: string): string {
  return join(stateDir, 'cache', 'whole');
}

/** Where the views are, as `encodeWholeViews` wrote them. */
export function toViewsFile(folder: string): string {
  return join(folder, 'views.json');
}

/** Where the files of all together are. */
export function toSiteFolder(folder: string): string {
  return join(folder, 'site');
}

function toStorageFile(folder: string): string {
  return join(folder, 'storage.bin');
}

/** Where they are until they are finished. */
export function toUnfinished(folder: string): string {
  return `${folder}.new`;
}

/** Makes room for what is worked out, which is in `folder` when it is finished. Until then what was there stays, for others read it. */
export function beginStock(folder: string): void {
  discardStock(folder);
  mkdirSync(toUnfinished(folder), { recursive: true });
}

/** Removes what was begun and came to nothing. */
export function discardStock(folder: string): void {
  rmSync(toUnfinished(folder), { recursive: true, force: true });
}

/** Takes what is worked out, into `folder`. What was written there of the same by one that came to nothing is replaced. */
export function createStockWriter(folder: string): StockWriter {
  const makeFolder = createFolderMaker();
  const files: string[] = [];
  const stored = new Map<RepositoryName, StoragePlace>();
  let storage: Spool | null = null;
  return {
    add({ path, text }) {
      const target = join(toSiteFolder(folder), path);
      makeFolder(target);
      rmSync(target, { force: true });
      writeFileSync(target, text, { flag: 'wx' });
      files.push(path);
    },
    addStorage(name, figures) {
      storage ??= createSpoolAnew(toStorageFile(folder));
      const bytes = encodeStorageFigures(figures);
      const path = repositoryStorageJsonAddress(name);
      stored.set(name, { path, digest: digestOf(bytes), ...storage.append(bytes) });
    },
    close() {
      storage?.end();
      storage?.close();
      return { files, stored };
    },
  };
}

function createSpoolAnew(path: string): Spool {
  rmSync(path, { force: true });
  return createSpool(path);
}

/** Puts what writers wrote, and what pages show of it, in the place of what was there. */
export function finishStock(folder: string, views: WholeViews, { stored }: StockFiles): TakenStock {
  writeFileSync(toViewsFile(toUnfinished(folder)), encodeWholeViews(views), { flag: 'wx' });
  rmSync(folder, { recursive: true, force: true });
  renameSync(toUnfinished(folder), folder);
  const { lineages, cleanup, images } = views;
  const isOutdated = createIsBaseOutdated(views);
  const shares = new Map<RepositoryName, StockShare>();
  for (const name of new Set([...images.keys(), ...stored.keys()])) {
    const storage = stored.get(name) ?? null;
    const key = digestOf(JSON.stringify([images.get(name) ?? null, storage?.digest ?? null]));
    shares.set(name, { key, storage });
  }
  return {
    ...{ folder, shares },
    lineagePages: lineages.length,
    hasCleanup: cleanup !== null,
    outdated: new Set([...images.keys()].filter(isOutdated)),
  };
}

/** Reads what a repository's own file says. Throws an `Error` where that is not there, or not what was written. */
export function readStorageFigures(folder: string, place: StoragePlace): StorageFigures {
  const bytes = readSpooled(toStorageFile(folder), place);
  if (digestOf(bytes) !== place.digest) throw new Error(`${place.path} would not say what was written for it`);
  return decodeStorageFigures(bytes);
}

function digestOf(content: string | Uint8Array): string {
  return hash('sha256', content).slice(0, 32);
}
