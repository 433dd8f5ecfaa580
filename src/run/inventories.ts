/**
 * What each repository holds, kept from run to run. It follows from the repository, and from which tags are said to move. There are the
 * figures of all, which are read as a whole, and the inventories as texts, of which those are read that something is shown of.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toInventory } from '../catalogue/inventory.ts';
import { type HeldInventory, toInventoryFigures } from '../catalogue/inventory-figures.ts';
import type { Repository } from '../catalogue/model.ts';
import { pickRecommendedTag } from '../catalogue/recommended-tag.ts';
import type { Tag } from '../oci/reference.ts';
import { fingerprintOf } from '../snapshot/fingerprint.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import type { KeptFigures } from './figures-codec.ts';
import { type FiguresBefore, readFigures, type WrittenFigures, writeFigures } from './figures-files.ts';
import { continueKeptTexts, createKeptTexts, type KeptPlace, type KeptTexts } from './kept-texts.ts';

export interface InventoriesOptions {
  readonly stateDir: string;
  readonly store: SnapshotStore;
  readonly index: Pick<SnapshotIndex, 'repositories' | 'hiddenNames'>;
  /** Which tags are not recommended for what they point at. */
  readonly movingTags: readonly string[];
  readonly programFingerprint: string;
  /** What was kept, where it was read before. It is used up. */
  readonly kept?: KeptInventories | null;
}

/** What of them is kept, read before it is known what of the snapshot changed. */
export interface KeptInventories {
  readonly before: Pick<FiguresBefore, 'hiddenNames' | 'endsAt' | 'kept'> & { readonly all: WrittenFigures | null };
  readonly texts: KeptTexts;
}

/** What decides which are kept. */
export type KeptInventoriesOptions = Pick<InventoriesOptions, 'stateDir' | 'movingTags' | 'programFingerprint'>;

/** An inventory, and the tag that is recommended of its repository. */
export interface JudgedInventory extends HeldInventory {
  readonly recommendedTag: Tag | null;
}

export interface Inventories {
  /** Of every repository that was ever read, sorted by name. Reading one throws a `DamagedTextError` where it is broken. */
  readonly held: readonly JudgedInventory[];
  /** Keeps exactly these, when none is read any more. */
  keep(): Promise<void>;
  close(): void;
}

/** Reads those that are kept, and makes the others. */
export async function openInventories(options: InventoriesOptions): Promise<Inventories> {
  const kept = options.kept ?? readKeptInventories(options);
  try {
    return await bringUpToDate(options, kept);
  } catch (error) {
    kept.texts.close();
    throw error;
  }
}

/** Reads what is kept. What is not there, broken, or made with other means is as good as nothing. */
export function readKeptInventories(options: KeptInventoriesOptions): KeptInventories {
  const folder = toInventoriesFolder(options.stateDir);
  try {
    const before = readFigures(folder, toFingerprint(options));
    if (before !== null) return { before, texts: continueKeptTexts(folder, before, 'sha256') };
  } catch {
    // Whatever it is, it goes.
  }
  return { before: { hiddenNames: null, endsAt: 0, kept: [], all: null }, texts: createKeptTexts(folder, 'sha256') };
}

function toFingerprint({ programFingerprint, movingTags }: KeptInventoriesOptions): string {
  return fingerprintOf([programFingerprint, movingTags]);
}

async function bringUpToDate(options: InventoriesOptions, { before, texts }: KeptInventories): Promise<Inventories> {
  const { stateDir, store, index, movingTags } = options;
  const known = new Map(before.kept.map((each) => [`${each.name} ${each.file}`, each]));
  const kept: KeptFigures[] = [];
  for (const entry of index.repositories) {
    if (entry.state === 'unread') continue;
    const one = known.get(`${entry.name} ${entry.file}`);
    kept.push(one ?? addInventory(texts, entry.file, await store.readRepository(entry), movingTags));
  }
  const hiddenNames = index.hiddenNames ?? null;
  const isForgetting = hiddenNames !== before.hiddenNames;
  const isSame = !isForgetting && kept.length === known.size && texts.head().endsAt === before.endsAt;
  const names = new Set(kept.map(({ name }) => name));
  const mustForget = isForgetting || before.kept.some(({ name }) => !names.has(name));
  const write = async (): Promise<readonly KeptFigures[]> => {
    const places = texts.settle(
      kept.map(({ place }) => place),
      mustForget,
    );
    const settled = kept.map((each, at) => ({ ...each, place: places[at] as KeptPlace }));
    const head = { fingerprint: toFingerprint(options), hiddenNames, ...texts.head() };
    // They are also where something must be forgotten: then none of its figures may stay either.
    const areMoved = before.all?.texts !== head.texts;
    await writeFigures(toInventoriesFolder(stateDir), head, settled, areMoved ? null : before.all);
    texts.removeOthers();
    return settled;
  };
  // What may not be named is not kept for as long as whatever follows takes.
  const settled = mustForget ? await write() : kept;
  const held = settled.map(({ name, place, figures, recommendedTag }): JudgedInventory => {
    return { name, figures, recommendedTag, key: place.digest, read: () => JSON.parse(texts.read(place).toString()) };
  });
  const keep = async () => {
    if (!isSame && !mustForget) await write();
  };
  return { held, keep, close: texts.close };
}

/** Forgets all of them. */
export async function forgetInventories(stateDir: string): Promise<void> {
  await rm(toInventoriesFolder(stateDir), { recursive: true, force: true });
}

function toInventoriesFolder(stateDir: string): string {
  return join(stateDir, 'cache', 'inventories');
}

function addInventory(
  texts: KeptTexts,
  file: string,
  repository: Repository,
  movingTags: readonly string[],
): KeptFigures {
  const text = JSON.stringify(toInventory(repository));
  const { name } = repository;
  const recommendedTag = pickRecommendedTag(repository, movingTags)?.tag ?? null;
  // Made of the text: what is cut out of the repository's own would keep all of that in memory.
  return { name, file, place: texts.add(text), figures: toInventoryFigures(JSON.parse(text)), recommendedTag };
}
