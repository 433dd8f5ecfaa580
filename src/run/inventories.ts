/**
 * What each repository holds, kept from run to run. It follows from the repository alone, whatever the settings say. Two files: the
 * figures of all, which are read as a whole, and the inventories as texts, of which those are read that something is shown of.
 */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RepositoryInventory, toInventory } from '../catalogue/inventory.ts';
import { type HeldInventory, toInventoryFigures } from '../catalogue/inventory-figures.ts';
import { toTemporaryFile } from '../snapshot/durable-write.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import { decodeFigures, encodeFigures, type FiguresFile, type KeptFigures } from './figures-codec.ts';
import { continueTextSpool, createTextSpool, type TextSpool } from './text-spool.ts';

export interface InventoriesOptions {
  readonly stateDir: string;
  readonly store: SnapshotStore;
  readonly index: Pick<SnapshotIndex, 'repositories' | 'hiddenNames'>;
  /** Whatever else they depend on: the program. */
  readonly fingerprint: string;
}

export interface Inventories {
  /** Of every repository that was ever read, sorted by name. Reading one throws a `DamagedInventoryError` where its text is broken. */
  readonly held: readonly HeldInventory[];
  close(): void;
}

/** What is kept is not what was written. It may be forgotten: then all of it is made anew. */
export class DamagedInventoryError extends Error {}

/** Reads those that are kept, makes the others, and keeps exactly these. */
export async function openInventories(options: InventoriesOptions): Promise<Inventories> {
  const { stateDir, store, index, fingerprint } = options;
  const folder = toInventoriesFolder(stateDir);
  const before = await openKept(folder, fingerprint);
  const known = new Map(before.kept.map((each) => [`${each.name} ${each.file}`, each]));
  let { spool } = before;
  let kept: KeptFigures[] = [];
  for (const entry of index.repositories) {
    if (entry.state === 'unread') continue;
    const one = known.get(`${entry.name} ${entry.file}`);
    kept.push(one ?? addInventory(spool, entry.file, toInventory(await store.readRepository(entry))));
  }
  const hiddenNames = index.hiddenNames ?? null;
  const isSame = kept.length === known.size && spool.end() === before.endsAt && hiddenNames === before.hiddenNames;
  if (!isSame) {
    let { texts } = before;
    const names = new Set(kept.map(({ name }) => name));
    const mustForget = hiddenNames !== before.hiddenNames || before.kept.some(({ name }) => !names.has(name));
    const liveBytes = kept.reduce((sum, { place }) => sum + place.sizeBytes, 0);
    if (mustForget || spool.end() > mostGarbage * liveBytes) {
      texts = texts === textFiles[0] ? textFiles[1] : textFiles[0];
      await rm(join(folder, texts), { force: true });
      const from = spool;
      spool = createTextSpool(join(folder, texts));
      kept = kept.map((each) => ({ ...each, place: addText(spool, readText(from, each.place)) }));
      from.close();
    }
    await writeInOneStep(
      join(folder, figuresFile),
      encodeFigures({ fingerprint, hiddenNames, texts, endsAt: spool.end(), kept }),
    );
    await rm(join(folder, texts === textFiles[0] ? textFiles[1] : textFiles[0]), { force: true });
  }
  const held = kept.map(({ name, place, figures }) => ({
    name,
    figures,
    read: () => JSON.parse(readText(spool, place)),
  }));
  return { held, close: spool.close };
}

/** Forgets all of them. */
export async function forgetInventories(stateDir: string): Promise<void> {
  await rm(toInventoriesFolder(stateDir), { recursive: true, force: true });
}

const figuresFile = 'figures.bin';
/** One is in use; the texts that are still of use are moved to the other when too many are not. */
const textFiles = ['texts-1.txt', 'texts-2.txt'] as const;
/** How much longer than its texts a file may be. */
const mostGarbage = 2;

function toInventoriesFolder(stateDir: string): string {
  return join(stateDir, 'cache', 'inventories');
}

/** What is not there, broken, or made with other means is as good as nothing. */
async function openKept(folder: string, fingerprint: string): Promise<FiguresFile & { readonly spool: TextSpool }> {
  try {
    const kept = decodeFigures(readFileSync(join(folder, figuresFile)), fingerprint);
    if (kept !== null) return { ...kept, spool: continueTextSpool(join(folder, kept.texts), kept.endsAt) };
  } catch {
    // Whatever it is, it goes.
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const [texts] = textFiles;
  const spool = createTextSpool(join(folder, texts));
  return { fingerprint, hiddenNames: null, texts, endsAt: 0, kept: [], spool };
}

function addInventory(spool: TextSpool, file: string, inventory: RepositoryInventory): KeptFigures {
  const text = JSON.stringify(inventory);
  const { name } = inventory;
  // Made of the text: what is cut out of the repository's own would keep all of that in memory.
  return { name, file, place: addText(spool, text), figures: toInventoryFigures(JSON.parse(text)) };
}

function addText(spool: TextSpool, text: string): KeptFigures['place'] {
  return { ...spool.append(text), digest: digestOf(text) };
}

function readText(spool: TextSpool, { digest, ...place }: KeptFigures['place']): string {
  const text = spool.read(place);
  if (digestOf(text) !== digest) throw new DamagedInventoryError('an inventory is not the one that was written');
  return text;
}

function digestOf(text: string): string {
  return hash('sha256', text, 'base64url');
}

/** Without waiting for the disk: what a power cut leaves is seen to be broken. */
async function writeInOneStep(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = toTemporaryFile(path);
  await writeFile(temporary, bytes);
  await rename(temporary, path);
}
