/** What an audit found wrong with blobs, and which manifests and tags that concerns. */
import { createHash } from 'node:crypto';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import type { Instant, Repository } from './model.ts';
import { listNamingManifests, type NamedBlob } from './named-blobs.ts';

/**
 * `corrupt`: the bytes, or their number, are not those that were named. `missing`: the registry does not have it. `misstated`:
 * the bytes are right, and a manifest says that they are more or fewer.
 */
export type BlobFaultKind = 'corrupt' | 'missing' | 'misstated';

export interface BlobFault {
  /** Where it was read: each source has a store of its own. */
  readonly source: string;
  readonly digest: Digest;
  readonly kind: BlobFaultKind;
  /** How many bytes there are; null where that is unknown. */
  readonly sizeBytes: number | null;
  /** When it was first found so. */
  readonly foundAt: Instant;
  /**
   * Null where it concerns whoever names the blob. Else the mark of the only repository that it concerns: that one does not
   * have the blob, though another one does.
   */
  readonly lackedBy: string | null;
}

/** A repository that lacks a blob, as it is kept: no name stands there, so none is left behind when it is hidden. */
export function toLackMark(source: string, name: RepositoryName, digest: Digest): string {
  return createHash('sha256')
    .update(JSON.stringify([source, name, digest]))
    .digest('hex')
    .slice(0, 32);
}

/** Whether a fault is a matter of a repository that names the blob. */
export function concerns({ source, digest, lackedBy }: BlobFault, name: RepositoryName): boolean {
  return lackedBy === null || lackedBy === toLackMark(source, name, digest);
}

/** A fault, in one manifest. */
export interface ManifestFault extends BlobFault {
  readonly manifest: Digest;
  /** The tags that lead to the manifest, sorted. */
  readonly tags: readonly Tag[];
  readonly role: NamedBlob['role'];
}

/** The faults of what a repository's tags lead to, by manifest and digest. */
export function listManifestFaults(
  repository: Pick<Repository, 'name' | 'source' | 'state' | 'tags' | 'manifests'>,
  faults: readonly BlobFault[],
): readonly ManifestFault[] {
  const own = new Map<Digest, BlobFault>();
  for (const fault of faults) {
    if (fault.source !== repository.source || !concerns(fault, repository.name)) continue;
    // What is wrong for all weighs more than what one lacks.
    if (fault.lackedBy === null || !own.has(fault.digest)) own.set(fault.digest, fault);
  }
  if (own.size === 0) return [];
  return listNamingManifests(repository).flatMap(({ digest: manifest, tags, blobs }) =>
    blobs
      .flatMap(({ digest, sizeBytes, role, isForeign }) => {
        const fault = own.get(digest);
        if (fault === undefined || isForeign) return [];
        // A wrong number is the fault of the manifest that says it, and of no other.
        if (fault.kind === 'misstated' && sizeBytes === fault.sizeBytes) return [];
        return { ...fault, manifest, tags, role };
      })
      .sort((a, b) => (a.digest < b.digest ? -1 : 1)),
  );
}
