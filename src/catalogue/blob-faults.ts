/** What an audit found wrong with blobs, and which manifests and tags that concerns. */
import type { Digest } from '../oci/digest.ts';
import type { Tag } from '../oci/reference.ts';
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
  repository: Pick<Repository, 'source' | 'state' | 'tags' | 'manifests'>,
  faults: readonly BlobFault[],
): readonly ManifestFault[] {
  const own = new Map(faults.filter(({ source }) => source === repository.source).map((one) => [one.digest, one]));
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
