/**
 * What a repository may hold. Each of its documents is within bounds by itself, and thousands of the largest would still fill
 * any memory. Of the largest the ends are cut off, as far down as it takes: what is small keeps all it has.
 */
import type { Digest } from '../oci/digest.ts';
import { createFactPool, createRoom, cutConfig, cutFacts, type FactPool, type Room } from './fact-cutting.ts';
import type { FactTables } from './facts.ts';
import type { ConfigFacts, Facts } from './model.ts';

export interface FactBudget {
  /** Resolves to what is kept of them for now: less, when others come. */
  addManifest(digest: Digest, facts: Facts): Facts;
  addConfig(digest: Digest, config: ConfigFacts): void;
  /** What was added, cut down to what the repository may hold. */
  readonly manifests: ReadonlyMap<Digest, Facts>;
  readonly configs: ReadonlyMap<Digest, ConfigFacts>;
  /** How many documents lost something. */
  readonly cutDocuments: number;
}

export interface FactBudgetOptions {
  /** What is known already: it stays as it is, and counts. */
  readonly known: FactTables | null;
  /** In characters of what is stored: for all documents together, and for each. */
  readonly mostInAll?: number;
  readonly mostEach?: number;
}

/** The file of a repository stays well below what one text can be, and what it takes in memory below a small machine's. */
const usualMostInAll = 64 * 1024 * 1024;
/** Four times what configs with long builds and many labels hold. */
const usualMostEach = 256 * 1024;

/**
 * Creates the budget of one repository. What is left of each document in the end depends on what was added, and not on the
 * order in which it was.
 */
export function createFactBudget({ known, mostInAll, mostEach }: FactBudgetOptions): FactBudget {
  const most = mostInAll ?? usualMostInAll;
  const manifests = new Map<Digest, Facts>();
  const configs = new Map<Digest, ConfigFacts>();
  const cut = new Set<Digest>();
  let level = mostEach ?? usualMostEach;
  /** Of what is known, and of all. Made for the first document, for in most hours there is none. */
  let base: FactPool | null = null;
  let pool: FactPool | null = null;

  function fit<Document>(digest: Digest, document: Document, cutDown: (document: Document, room: Room) => Document) {
    base ??= poolOf(known);
    pool ??= createFactPool(base);
    const room = createRoom(level, pool);
    const kept = cutDown(document, room);
    if (room.hasCut) cut.add(digest);
    return kept;
  }

  /** Lowers the level until all is within the budget. At the lowest nothing is left to cut. */
  function settle(): void {
    while (pool !== null && pool.size > most && level > 0) {
      level = Math.floor(level / 2);
      pool = createFactPool(base);
      for (const [digest, facts] of manifests) manifests.set(digest, fit(digest, facts, cutFacts));
      for (const [digest, config] of configs) configs.set(digest, fit(digest, config, cutConfig));
    }
  }

  return {
    addManifest(digest, facts) {
      manifests.set(digest, fit(digest, facts, cutFacts));
      settle();
      return manifests.get(digest) ?? facts;
    },
    addConfig(digest, config) {
      configs.set(digest, fit(digest, config, cutConfig));
      settle();
    },
    manifests,
    configs,
    get cutDocuments() {
      return cut.size;
    },
  };
}

function poolOf(known: FactTables | null): FactPool {
  const pool = createFactPool(null);
  const room = createRoom(Number.POSITIVE_INFINITY, pool);
  for (const facts of known?.manifests.values() ?? []) cutFacts(facts, room);
  for (const config of known?.configs.values() ?? []) cutConfig(config, room);
  return pool;
}
