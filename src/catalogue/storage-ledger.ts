/**
 * Which bytes each tag leads to, over the whole catalogue. Every content (manifest, config, layer) has a number, and a row
 * (a digest that tags point at) has the numbers of all that it reaches, each once. A registry keeps a content once however
 * many repositories name it; two sources keep it twice.
 */
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import { type ContentKey, type InventoryRow, type RepositoryInventory, toContentKey } from './inventory.ts';

/** A digest that tags point at, with everything it reaches. */
export interface LedgerRow {
  /** Its place among the rows. */
  readonly at: number;
  readonly repository: LedgerRepository;
  readonly row: Omit<InventoryRow, 'images'>;
  /** The numbers of all content that it reaches, each once. */
  readonly contents: Int32Array;
  readonly sizeBytes: number;
  /** Layers that registries do not keep, beside `sizeBytes`. */
  readonly foreignBytes: number;
  /** Whether all that it reaches is known; else its bytes are the least that it holds. */
  readonly isWhole: boolean;
  /** The manifests that it reaches, itself first, each before what it holds. */
  readonly manifests: readonly Digest[];
}

export interface LedgerRepository {
  readonly name: RepositoryName;
  readonly source: string;
  readonly isStale: boolean;
  readonly rows: readonly LedgerRow[];
  readonly unreadTags: readonly Tag[];
}

export interface StorageLedger {
  /** Sorted by name, so that all that lies beneath a path stands together. */
  readonly repositories: readonly LedgerRepository[];
  readonly rows: readonly LedgerRow[];
  /** The bytes of each content, by its number. */
  readonly sizesBytes: Float64Array;
  readonly contentKeys: readonly ContentKey[];
  /** Whether every tag's content is wholly known, and nobody contradicts anybody about a size. */
  readonly isWhole: boolean;
}

/** Adds repositories one at a time, so that none needs to be held for longer. */
export interface LedgerBuilder {
  /** What was removed holds nothing and is left out. */
  add(inventory: RepositoryInventory): void;
  /** To be called once. */
  finish(): StorageLedger;
}

export function createLedgerBuilder(): LedgerBuilder {
  const numbers = new Map<string, Map<ContentKey, number>>();
  const contentKeys: ContentKey[] = [];
  const sizes: number[] = [];
  const repositories: LedgerRepository[] = [];
  let isWhole = true;

  const numberOf = (source: Map<ContentKey, number>, key: ContentKey, sizeBytes: number): number => {
    const known = source.get(key);
    if (known === undefined) {
      source.set(key, sizes.length);
      contentKeys.push(key);
      return sizes.push(sizeBytes) - 1;
    }
    // Two manifests that name one layer with two sizes: one of them errs, and the lesser is what is sure.
    if (sizes[known] !== sizeBytes) {
      sizes[known] = Math.min(sizes[known] ?? sizeBytes, sizeBytes);
      isWhole = false;
    }
    return known;
  };

  return {
    add({ name, source, state, isStale, contents, manifests, rows, unreadTags, unseenReferrerCount }) {
      if (state === 'removed') return;
      const ofSource = numbers.get(source) ?? new Map<ContentKey, number>();
      numbers.set(source, ofSource);
      const contentNumbers = contents.map(([key, sizeBytes]) => numberOf(ofSource, key, sizeBytes));
      const manifestNumbers = manifests.map(({ digest, sizeBytes }) =>
        numberOf(ofSource, toContentKey(digest), sizeBytes),
      );
      const repository = { name, source, isStale, rows: [] as LedgerRow[], unreadTags };
      if (isStale || unreadTags.length > 0 || unseenReferrerCount > 0) isWhole = false;
      for (const { images: _, ...row } of rows) {
        const reached = reach(row, manifests, contentNumbers, manifestNumbers);
        if (!reached.isWhole || row.state !== 'current') isWhole = false;
        repository.rows.push({ at: 0, repository, row, sizeBytes: 0, ...reached });
      }
      repositories.push(repository);
    },
    finish() {
      const sizesBytes = Float64Array.from(sizes);
      numbers.clear();
      repositories.sort((a, b) => (a.name < b.name ? -1 : 1));
      const rows: LedgerRow[] = [];
      const placed = repositories.map((repository) => {
        const own: LedgerRow[] = [];
        const result = { ...repository, rows: own };
        for (const row of repository.rows) {
          const sizeBytes = row.contents.reduce((sum, number) => sum + (sizesBytes[number] ?? 0), 0);
          const whole = { ...row, repository: result, at: rows.length, sizeBytes };
          own.push(whole);
          rows.push(whole);
        }
        return result;
      });
      return { repositories: placed, rows, sizesBytes, contentKeys, isWhole };
    },
  };
}

function reach(
  { manifest: own }: Pick<InventoryRow, 'manifest'>,
  manifests: RepositoryInventory['manifests'],
  contentNumbers: readonly number[],
  manifestNumbers: readonly number[],
): Pick<LedgerRow, 'contents' | 'foreignBytes' | 'isWhole' | 'manifests'> {
  const places = new Set<number>();
  const numbers = new Set<number>();
  let foreignBytes = 0;
  let isWhole = own !== null;
  const pending = own === null ? [] : [own];
  for (let place = pending.shift(); place !== undefined; place = pending.shift()) {
    const manifest = manifests[place];
    if (manifest === undefined || places.has(place)) continue;
    places.add(place);
    numbers.add(manifestNumbers[place] as number);
    for (const content of manifest.contents) numbers.add(contentNumbers[content] as number);
    foreignBytes += manifest.foreignBytes;
    isWhole &&= manifest.isWhole;
    pending.push(...manifest.children);
  }
  return {
    contents: Int32Array.from(numbers),
    foreignBytes,
    isWhole,
    manifests: [...places].flatMap((place) => manifests[place]?.digest ?? []),
  };
}
