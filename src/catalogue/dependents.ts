/** The reverse of lineage: which images still stand on a version, whether they name it themselves or stand on what does. */
import type { Base, Lineage, RowLineage } from './lineage.ts';
import type { IndexedRepository, IndexedRow } from './lineage-index.ts';
import { compareTags } from './tag-order.ts';

/** A version that something stands on, and how directly. */
export interface Ancestor {
  readonly base: Base;
  /** The bases between, nearest first; empty where it is the image's own. */
  readonly via: readonly Base[];
}

/** Something that stands on a version. */
export interface Dependent {
  readonly row: IndexedRow;
  readonly ancestor: Ancestor;
}

/** A version of a base with all that stand on it. */
export interface BaseVersion {
  /** As the nearest of its dependents know it. */
  readonly base: Base;
  readonly dependents: readonly Dependent[];
}

/** A repository that images stand on. Versions that nothing stands on are left out. */
export interface BaseRepository {
  readonly name: IndexedRepository['name'];
  readonly isRemoved: boolean;
  /** Newest first. */
  readonly versions: readonly BaseVersion[];
}

/** Hostile annotations could name each other in a circle; no build is as deep as this. */
const mostAncestors = 32;

/** Everything that an image stands on, nearest first. */
export function listAncestors(lineage: RowLineage, { lineageOf }: Lineage): readonly Ancestor[] {
  const found: Ancestor[] = [];
  const seen = new Set<string>([keyOf(lineage.row.repository.name, lineage.row.digest)]);
  let level: Ancestor[] = [...lineage.bases, ...lineage.beneath].map((base) => ({ base, via: [] }));
  while (level.length > 0 && found.length < mostAncestors) {
    const next: Ancestor[] = [];
    for (const ancestor of level) {
      const { base, via } = ancestor;
      const key = keyOf(base.name, base.digest);
      if (seen.has(key)) continue;
      seen.add(key);
      found.push(ancestor);
      if (base.row === null) continue;
      const { bases, beneath } = lineageOf(base.row);
      const served = new Set(base.platforms);
      for (const below of [...bases, ...beneath]) {
        // A base of several platforms may stand on several others; only those of this image's platforms carry it.
        const platforms = below.platforms.filter((platform) => served.has(platform));
        if (platforms.length > 0) next.push({ base: { ...below, platforms }, via: [...via, base] });
      }
    }
    level = next;
  }
  return found;
}

/** Every base of the catalogue with all that stand on it. Sorted by name. */
export function listBaseRepositories(
  repositories: Iterable<IndexedRepository>,
  lineage: Lineage,
): readonly BaseRepository[] {
  const versions = new Map<string, { base: Base; dependents: Dependent[] }>();
  const all = [...repositories];
  for (const { rows, isRemoved } of all) {
    if (isRemoved) continue;
    for (const row of rows) {
      for (const ancestor of listAncestors(lineage.lineageOf(row), lineage)) {
        const key = keyOf(ancestor.base.name, ancestor.base.digest);
        const version = versions.get(key);
        if (version === undefined) versions.set(key, { base: ancestor.base, dependents: [{ row, ancestor }] });
        else version.dependents.push({ row, ancestor });
      }
    }
  }
  const removed = new Set(all.filter(({ isRemoved }) => isRemoved).map(({ name }) => name));
  return [...Map.groupBy(versions.values(), ({ base }) => base.name)]
    .map(([name, own]) => ({
      name,
      isRemoved: removed.has(name),
      versions: own.sort((a, b) => compareTags(a.base.tag, b.base.tag)),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function keyOf(name: string, digest: string): string {
  return `${name} ${digest}`;
}
