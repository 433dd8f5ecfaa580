/**
 * What an in-memory registry holds. Content is stored once; repositories link to the blobs and manifests that were pushed
 * to them, as a real registry does, so that a digest is not readable through every name.
 */
import type { Digest } from '../../../src/oci/digest.ts';
import type { RepositoryName, Tag } from '../../../src/oci/reference.ts';
import type { StoredBlob } from './blob.ts';

export interface StoredManifest {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface StoredRepository {
  readonly name: RepositoryName;
  readonly blobs: ReadonlyMap<Digest, StoredBlob>;
  readonly manifests: ReadonlyMap<Digest, StoredManifest>;
  readonly tags: ReadonlyMap<Tag, Digest>;
  /** Whether it ever had a tag: one that lost all of them is empty, one that never had any is unknown to `tags/list`. */
  readonly hadTags: boolean;
}

export interface RegistryStore {
  /** In the order of a walk through folders: `a/b` stands before `a-b`. */
  repositories(): readonly StoredRepository[];
  repository(name: RepositoryName): StoredRepository | undefined;
  putBlob(name: RepositoryName, blob: StoredBlob): void;
  putManifest(name: RepositoryName, manifest: StoredManifest): void;
  /** Points `tag` at a manifest of the same repository; throws when there is none with this digest. */
  putTag(name: RepositoryName, tag: Tag, digest: Digest): void;
  /** Each returns whether there was anything to delete. A manifest takes the tags that point to it along. */
  deleteTag(name: RepositoryName, tag: Tag): boolean;
  deleteManifest(name: RepositoryName, digest: Digest): boolean;
  deleteBlob(name: RepositoryName, digest: Digest): boolean;
  deleteRepository(name: RepositoryName): boolean;
}

interface MutableRepository extends StoredRepository {
  readonly blobs: Map<Digest, StoredBlob>;
  readonly manifests: Map<Digest, StoredManifest>;
  readonly tags: Map<Tag, Digest>;
  hadTags: boolean;
}

export function createRegistryStore(): RegistryStore {
  const repositories = new Map<RepositoryName, MutableRepository>();
  let sorted: readonly MutableRepository[] | null = null;

  const ensureRepository = (name: RepositoryName): MutableRepository => {
    const existing = repositories.get(name);
    if (existing) return existing;
    const created = { name, blobs: new Map(), manifests: new Map(), tags: new Map(), hadTags: false };
    repositories.set(name, created);
    sorted = null;
    return created;
  };

  return {
    repositories: () => {
      sorted ??= [...repositories.values()].sort((a, b) => comparePaths(a.name, b.name));
      return sorted;
    },
    repository: (name) => repositories.get(name),
    putBlob: (name, blob) => {
      ensureRepository(name).blobs.set(blob.digest, blob);
    },
    putManifest: (name, manifest) => {
      ensureRepository(name).manifests.set(manifest.digest, manifest);
    },
    putTag: (name, tag, digest) => {
      const repository = ensureRepository(name);
      if (!repository.manifests.has(digest)) throw new Error(`${name} has no manifest ${digest} for the tag ${tag}`);
      repository.tags.set(tag, digest);
      repository.hadTags = true;
    },
    deleteTag: (name, tag) => repositories.get(name)?.tags.delete(tag) ?? false,
    deleteManifest: (name, digest) => {
      const repository = repositories.get(name);
      if (!repository?.manifests.delete(digest)) return false;
      for (const [tag, target] of repository.tags) if (target === digest) repository.tags.delete(tag);
      return true;
    },
    deleteBlob: (name, digest) => repositories.get(name)?.blobs.delete(digest) ?? false,
    deleteRepository: (name) => {
      sorted = null;
      return repositories.delete(name);
    },
  };
}

/** The order of paths, part by part: a slash comes before every other character. */
export function comparePaths(a: string, b: string): number {
  const left = a.replaceAll('/', '\0');
  const right = b.replaceAll('/', '\0');
  return left < right ? -1 : left > right ? 1 : 0;
}
