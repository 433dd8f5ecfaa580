/** What the audit of blobs found: for the status page, and for the pages of what is at fault. */
import type { BlobAudit } from '../catalogue/blob-audit.ts';
import {
  type BlobFault,
  type BlobFaultKind,
  concerns,
  listManifestFaults,
  type ManifestFault,
} from '../catalogue/blob-faults.ts';
import { listLeaves } from '../catalogue/facts.ts';
import type { Instant, Repository } from '../catalogue/model.ts';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import { type RepositoryExtent, toLayerKey } from './repository-extent.ts';

/** An image with tags that lead to a blob that is at fault. */
export interface FaultPlace {
  readonly name: RepositoryName;
  readonly tags: readonly Tag[];
}

export interface FaultFigure {
  readonly digest: Digest;
  readonly kind: BlobFaultKind;
  readonly foundAt: Instant;
  /** Whether another image has it, so that it is missing from these alone. */
  readonly isElsewhere: boolean;
  /** Sorted by name. */
  readonly places: readonly FaultPlace[];
}

export interface IntegrityView {
  /** How far bytes were read, and lengths were asked for; null where that was never done. */
  readonly bytes: BlobAudit | null;
  readonly sizes: BlobAudit | null;
  /** Only what stands in an image that is shown. */
  readonly faults: readonly FaultFigure[];
  /** Whether more images are concerned than are named. */
  readonly hasMore: boolean;
}

/** Sums up for the status page. Null where nothing was ever audited. */
export function toIntegrityView(
  audits: Pick<IntegrityView, 'bytes' | 'sizes' | 'hasMore'>,
  located: readonly { readonly name: RepositoryName; readonly faults: readonly ManifestFault[] }[],
): IntegrityView | null {
  if (audits.bytes === null && audits.sizes === null) return null;
  return { ...audits, faults: sumUpPlaces(located) };
}

/** What is at fault in one repository, for its own feed. */
export function toFaultFigures(repository: Repository, faults: readonly BlobFault[]): readonly FaultFigure[] {
  if (faults.length === 0) return [];
  return sumUpPlaces([{ name: repository.name, faults: listManifestFaults(repository, faults) }]);
}

function sumUpPlaces(
  located: readonly { readonly name: RepositoryName; readonly faults: readonly ManifestFault[] }[],
): readonly FaultFigure[] {
  const figures = new Map<string, { readonly fault: ManifestFault; readonly tagsOf: Map<RepositoryName, Set<Tag>> }>();
  for (const { name, faults } of located) {
    for (const fault of faults) {
      const key = `${fault.digest} ${fault.source} ${fault.lackedBy !== null}`;
      const figure = figures.get(key) ?? { fault, tagsOf: new Map() };
      figures.set(key, figure);
      const tags = figure.tagsOf.get(name) ?? new Set();
      figure.tagsOf.set(name, tags);
      for (const tag of fault.tags) tags.add(tag);
    }
  }
  return [...figures]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { fault, tagsOf }]) => ({
      ...{ digest: fault.digest, kind: fault.kind, foundAt: fault.foundAt, isElsewhere: fault.lackedBy !== null },
      places: [...tagsOf]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, tags]) => ({ name, tags: [...tags].sort() })),
    }));
}

/** Of these faults, those that a repository may have a part in, by the keys that its extent names content by. */
export function pickExtentFaults(
  name: RepositoryName,
  extent: RepositoryExtent,
  faults: readonly BlobFault[],
): readonly BlobFault[] {
  if (faults.length === 0) return [];
  const keys = new Set([...extent.layerKeys, ...extent.configKeys]);
  return faults.filter((fault) => keys.has(toLayerKey(fault.digest)) && concerns(fault, name));
}

/** A blob of an image that is at fault. */
export interface FaultNote {
  readonly digest: Digest;
  /** A sentence's end: what is wrong with it. */
  readonly text: string;
  readonly foundAt: Instant;
  readonly tags: readonly Tag[];
}

/** What is at fault in a repository, or in what one of its digests leads to; each blob once. */
export function listFaultNotes(
  repository: Repository,
  faults: readonly BlobFault[],
  within: Digest | null = null,
): readonly FaultNote[] {
  const all = listManifestFaults(repository, faults);
  if (all.length === 0) return [];
  const leaves = within === null ? null : new Set(listLeaves(within, repository).map(({ digest }) => digest));
  const notes = new Map<Digest, FaultNote>();
  for (const { digest, manifest, role, kind, foundAt, tags, lackedBy } of all) {
    if (leaves !== null && !leaves.has(manifest)) continue;
    const before = notes.get(digest)?.tags ?? [];
    const text = `${role === 'config' ? 'config' : 'layer'} ${toFaultText(kind, lackedBy !== null)}`;
    notes.set(digest, { digest, text, foundAt, tags: [...new Set([...before, ...tags])].sort() });
  }
  return [...notes.values()];
}

/** What a fault is, after the name of the blob. */
export function toFaultText(kind: BlobFaultKind, isElsewhere: boolean): string {
  return isElsewhere ? 'is missing from this image, though the registry has it for another' : faultTexts[kind];
}

const faultTexts: Readonly<Record<BlobFaultKind, string>> = {
  corrupt: 'is corrupt in the registry: its bytes are not those that its digest names',
  missing: 'is missing from the registry',
  misstated: 'has another length than the manifest says',
};
