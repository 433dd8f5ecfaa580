/** What each repository holds, kept from run to run. It follows from the repository alone, whatever the settings say. */
import { join } from 'node:path';
import { type RepositoryInventory, toInventory } from '../catalogue/inventory.ts';
import { computeDigest } from '../oci/digest.ts';
import type { IndexEntry } from '../snapshot/index.schema.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import { type KeptEntry, readKeptGroups } from './kept-groups.ts';

export interface InventoriesOptions {
  readonly stateDir: string;
  readonly store: SnapshotStore;
  readonly entries: readonly IndexEntry[];
  /** Whatever else they depend on: the program. */
  readonly fingerprint: string;
}

/** Yields the inventory of every repository that was ever read, in no order that means anything. */
export function readInventories(options: InventoriesOptions): AsyncGenerator<RepositoryInventory> {
  const { stateDir, store, entries, fingerprint } = options;
  return readKeptGroups({
    folder: join(stateDir, 'cache', 'inventories'),
    wanted: entries.filter(({ state }) => state !== 'unread'),
    // Made anew: its texts are parts of the repository's file, and would keep the whole of it in memory.
    renew: async (entry) => JSON.parse(JSON.stringify(toInventory(await store.readRepository(entry)))),
    encode: (kept) => encodeInventories(fingerprint, kept),
    decode: (text) => decodeInventories(fingerprint, text),
  });
}

/** A line that says what they were made with, one for each, and the digest of all that. */
function encodeInventories(fingerprint: string, kept: readonly KeptEntry<RepositoryInventory>[]): string {
  const lines = kept.map(({ name, file, value }) => `${name}\t${file}\t${JSON.stringify(value)}`);
  const text = `${[fingerprint, ...lines].join('\n')}\n`;
  return `${text}${computeDigest(text)}\n`;
}

function decodeInventories(fingerprint: string, text: string): readonly KeptEntry<RepositoryInventory>[] | null {
  const end = text.lastIndexOf('\n', text.length - 2) + 1;
  if (computeDigest(text.slice(0, end)) !== text.slice(end, -1)) {
    throw new TypeError('the inventories are not those that were written');
  }
  const [head, ...lines] = text.slice(0, end - 1).split('\n');
  if (head !== fingerprint) return null;
  return lines.map((line) => {
    const [name = '', file = '', inventory = ''] = line.split('\t');
    return { name, file, value: JSON.parse(inventory) as RepositoryInventory };
  });
}
