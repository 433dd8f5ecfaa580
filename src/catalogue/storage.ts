/**
 * Who holds how many bytes. Of everything (a tag, an image, a namespace, the registry) there are three numbers:
 * - `storedBytes`: what it leads to, each content once;
 * - `uniqueBytes`: of these, what nothing else leads to; what would be freed if it went as a whole;
 * - `taggedBytes`: what its tags would hold if nothing were shared.
 * What is stored and not unique is shared. Manifests, configs and layers count; what registries do not keep does not.
 */
import { addBytes, mostBytes, multiplyBytes, sumBytes } from '../oci/byte-count.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { ContentKey } from './inventory.ts';
import type { LedgerRepository, LedgerRow, StorageLedger } from './storage-ledger.ts';

export interface Holding {
  readonly tagCount: number;
  readonly taggedBytes: number;
  readonly storedBytes: number;
  readonly uniqueBytes: number;
  /** Whether all of its content is known and counted; else it holds at least this. */
  readonly isWhole: boolean;
}

/** What counts of digests with their tags, which stand and fall together: of each a number, in the order of the inventory, newest first. */
export interface RowHoldings {
  readonly storedBytes: Float64Array;
  readonly uniqueBytes: Float64Array;
  /** 1 where all that it reaches is known and counted. */
  readonly areWhole: Uint8Array;
}

export interface RowHolding extends Holding {
  readonly row: LedgerRow;
}

export interface RepositoryHolding extends Holding {
  readonly name: RepositoryName;
  readonly source: string;
  readonly rows: RowHoldings;
  /** The same with what is text. */
  readRows(): readonly RowHolding[];
}

export interface NamespaceHolding extends Holding {
  /** `''` is the registry as a whole. */
  readonly path: string;
  readonly imageCount: number;
}

/** A content that several images share. */
export interface SharedContent {
  readonly key: ContentKey;
  readonly sizeBytes: number;
  readonly repositories: readonly RepositoryName[];
}

export interface Storage {
  readonly registry: NamespaceHolding;
  /** Every path that images lie beneath, sorted. */
  readonly namespaces: readonly NamespaceHolding[];
  /** Sorted by name. */
  readonly repositories: readonly RepositoryHolding[];
  /** What most images share, the greatest saving first. */
  readonly shared: readonly SharedContent[];
  readonly contentCount: number;
  readonly foreignBytes: number;
  /** Whether every sum is of all there is. */
  readonly isWhole: boolean;
}

/** How many shared contents are named. */
const mostShared = 20;

/** Counts: one pass over everything that the rows reach. */
export function countStorage(ledger: StorageLedger): Storage {
  const { repositories, rows, contents, begins, sizesBytes } = ledger;
  const tree = createPathTree(repositories);
  const count = sizesBytes.length;
  /** By content: the only row that reaches it, or the mark of several; the last repository, and how many; the innermost common path. */
  const rowOf = new Int32Array(count).fill(nobody);
  const lastRepository = new Int32Array(count).fill(nobody);
  const holders = new Int32Array(count);
  const pathOf = new Int32Array(count).fill(nobody);
  const stored = new Float64Array(tree.paths.length);
  const ownStored = new Float64Array(repositories.length);

  repositories.forEach(({ stretch }, at) => {
    const path = tree.pathOfRepository[at] as number;
    for (let row = stretch[0]; row < stretch[1]; row++) {
      const rowEnd = begins[row + 1] as number;
      for (let place = begins[row] as number; place < rowEnd; place++) {
        const content = contents[place] as number;
        rowOf[content] = rowOf[content] === nobody ? row : rowOf[content] === row ? row : several;
        const last = lastRepository[content] as number;
        if (last === at) continue;
        holders[content] = (holders[content] as number) + 1;
        const sizeBytes = sizesBytes[content] as number;
        addAt(ownStored, at, sizeBytes);
        // Repositories beneath a path stand together, so the path has the content already if the last holder lies there.
        const met = last === nobody ? nobody : tree.commonPath(path, tree.pathOfRepository[last] as number);
        for (let above = path; above !== met && above !== nobody; above = tree.parents[above] as number) {
          addAt(stored, above, sizeBytes);
        }
        pathOf[content] = last === nobody ? path : tree.commonPath(pathOf[content] as number, path);
        lastRepository[content] = at;
      }
    }
  });

  const uniqueOfRow = new Float64Array(rows.sizesBytes.length);
  const uniqueOfRepository = new Float64Array(repositories.length);
  const uniqueOfPath = new Float64Array(tree.paths.length);
  let contentCount = 0;
  for (let content = 0; content < count; content++) {
    if (holders[content] !== 0) contentCount++;
    const sizeBytes = sizesBytes[content] as number;
    addAt(uniqueOfRow, rowOf[content] as number, sizeBytes);
    if (holders[content] === 1) addAt(uniqueOfRepository, lastRepository[content] as number, sizeBytes);
    for (let above = pathOf[content] as number; above !== nobody; above = tree.parents[above] as number) {
      addAt(uniqueOfPath, above, sizeBytes);
    }
  }

  const holdings = repositories.map((repository, at): RepositoryHolding => {
    const { name, source, stretch, unreadTagCount } = repository;
    const { tagCount, taggedBytes, areWhole } = sumRows(rows, stretch);
    const storedBytes = ownStored[at] as number;
    return {
      ...{ name, source },
      ...{ tagCount: tagCount + unreadTagCount, taggedBytes, storedBytes },
      uniqueBytes: uniqueOfRepository[at] as number,
      isWhole: storedBytes < mostBytes && unreadTagCount === 0 && areWhole,
      rows: {
        storedBytes: rows.sizesBytes.subarray(...stretch),
        uniqueBytes: uniqueOfRow.subarray(...stretch),
        areWhole: rows.areWhole.subarray(...stretch),
      },
      readRows: () => repository.readRows().map((row) => toRowHolding(row, uniqueOfRow[row.at] as number)),
    };
  });
  const namespaces = tree.paths.map((path, at): NamespaceHolding => {
    const beneath = holdings.slice(...(tree.stretches[at] as [number, number]));
    const storedBytes = stored[at] as number;
    return {
      path,
      imageCount: beneath.length,
      tagCount: sum(beneath, ({ tagCount }) => tagCount),
      taggedBytes: sumBytes(beneath, ({ taggedBytes }) => taggedBytes),
      storedBytes,
      uniqueBytes: uniqueOfPath[at] as number,
      isWhole: storedBytes < mostBytes && beneath.every(({ isWhole }) => isWhole),
    };
  });
  const registry = namespaces[0] as NamespaceHolding;
  return {
    registry,
    namespaces: namespaces.slice(1).sort((a, b) => (a.path < b.path ? -1 : 1)),
    repositories: holdings,
    shared: listShared(ledger, holders, lastRepository),
    contentCount,
    foreignBytes: rows.foreignBytes.reduce(addBytes, 0),
    isWhole: ledger.isWhole && registry.storedBytes < mostBytes,
  };
}

/** What would be freed if these rows went, each named once by its number: the bytes that nothing else leads to. */
export type FreedCounter = (rows: readonly number[]) => number;

/** Counts how many rows lead to each content once, so that a set costs what it holds and not what the catalogue does. */
export function createFreedCounter({ contents, begins, sizesBytes }: StorageLedger): FreedCounter {
  const holders = new Int32Array(sizesBytes.length);
  for (let place = 0; place < contents.length; place++) {
    const content = contents[place] as number;
    holders[content] = (holders[content] as number) + 1;
  }
  const going = new Int32Array(sizesBytes.length);
  return (leaving) => {
    let freedBytes = 0;
    for (const row of leaving) {
      const rowEnd = begins[row + 1] as number;
      for (let place = begins[row] as number; place < rowEnd; place++) {
        const content = contents[place] as number;
        going[content] = (going[content] as number) + 1;
        if (going[content] === holders[content]) freedBytes = addBytes(freedBytes, sizesBytes[content] as number);
      }
    }
    for (const row of leaving) {
      for (let place = begins[row] as number; place < (begins[row + 1] as number); place++) {
        going[contents[place] as number] = 0;
      }
    }
    return freedBytes;
  };
}

const nobody = -1;
const several = -2;

function toRowHolding(row: LedgerRow, uniqueBytes: number): RowHolding {
  const tagCount = row.row.tags.length;
  const { sizeBytes, isWhole } = row;
  return {
    row,
    tagCount,
    taggedBytes: multiplyBytes(sizeBytes, tagCount),
    storedBytes: sizeBytes,
    uniqueBytes,
    isWhole,
  };
}

function sumRows(rows: StorageLedger['rows'], [from, end]: LedgerRepository['stretch']) {
  let [tagCount, taggedBytes, areWhole] = [0, 0, true];
  for (let row = from; row < end; row++) {
    const tags = rows.tagCounts[row] as number;
    tagCount += tags;
    taggedBytes = addBytes(taggedBytes, multiplyBytes(rows.sizesBytes[row] as number, tags));
    areWhole &&= rows.areWhole[row] === 1;
  }
  return { tagCount, taggedBytes, areWhole };
}

function addAt(sums: Float64Array, at: number, sizeBytes: number): void {
  if (at >= 0) sums[at] = addBytes(sums[at] as number, sizeBytes);
}

function sum<Item>(items: readonly Item[], toNumber: (item: Item) => number): number {
  return items.reduce((total, item) => total + toNumber(item), 0);
}

interface PathTree {
  /** The root, `''`, first; each before those beneath it. */
  readonly paths: readonly string[];
  readonly parents: readonly number[];
  readonly pathOfRepository: readonly number[];
  /** The repositories beneath each path: from, and up to but not including. */
  readonly stretches: readonly (readonly [number, number])[];
  commonPath(a: number, b: number): number;
}

function createPathTree(repositories: readonly LedgerRepository[]): PathTree {
  const places = new Map<string, number>([['', 0]]);
  const paths = [''];
  const parents = [nobody];
  const depths = [0];
  const stretches: [number, number][] = [[0, repositories.length]];
  const pathOfRepository = repositories.map(({ name }, at) => {
    let path = 0;
    for (let slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
      const text = name.slice(0, slash);
      const known = places.get(text);
      const next = known ?? paths.push(text) - 1;
      if (known === undefined) {
        places.set(text, next);
        parents.push(path);
        depths.push((depths[path] as number) + 1);
        stretches.push([at, at]);
      }
      (stretches[next] as [number, number])[1] = at + 1;
      path = next;
    }
    return path;
  });
  return {
    ...{ paths, parents, pathOfRepository, stretches },
    commonPath(a, b) {
      let [left, right] = [a, b];
      while (left !== right) {
        if ((depths[left] as number) >= (depths[right] as number)) left = parents[left] as number;
        else right = parents[right] as number;
      }
      return left;
    },
  };
}

/**
 * What sharing saves is its bytes for each holder but one. `holders` is how many repositories hold each content, and `lastHolder` the last
 * of them: two sources may have what has one digest, and how contents are numbered says nothing of them.
 */
function listShared(
  { repositories, contents, begins, sizesBytes, keyOf }: StorageLedger,
  holders: Int32Array,
  lastHolder: Int32Array,
): readonly SharedContent[] {
  const savedBytes = (content: number) => (sizesBytes[content] as number) * ((holders[content] as number) - 1);
  const shared: number[] = [];
  for (let content = 0; content < holders.length; content++) if ((holders[content] as number) > 1) shared.push(content);
  const compareKeys = (a: ContentKey, b: ContentKey) => (a === b ? 0 : a < b ? -1 : 1);
  shared.sort(
    (a, b) =>
      savedBytes(b) - savedBytes(a) ||
      compareKeys(keyOf(a), keyOf(b)) ||
      (lastHolder[a] as number) - (lastHolder[b] as number),
  );
  const named = new Map<number, Set<RepositoryName>>(
    shared.slice(0, mostShared).map((content) => [content, new Set()]),
  );
  const areNamed = new Uint8Array(holders.length);
  for (const content of named.keys()) areNamed[content] = 1;
  for (const { name, stretch } of repositories) {
    const placesEnd = begins[stretch[1]] as number;
    for (let place = begins[stretch[0]] as number; place < placesEnd; place++) {
      const content = contents[place] as number;
      if (areNamed[content] === 1) named.get(content)?.add(name);
    }
  }
  return [...named].map(
    ([content, names]): SharedContent => ({
      key: keyOf(content),
      sizeBytes: sizesBytes[content] as number,
      repositories: [...names].sort(),
    }),
  );
}
