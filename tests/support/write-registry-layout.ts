/**
 * Writes repositories into docker-registry's storage folder directly: much faster than pushing them, for worlds of ten
 * thousands of tags.
 *
 * @see https://github.com/distribution/distribution/blob/v2.8.2/registry/storage/paths.go
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBlob, type StoredBlob } from '../../scripts/demo-registry/store/blob.ts';
import type { StoredRepository } from '../../scripts/demo-registry/store/registry-store.ts';
import { type Digest, digestAlgorithm, digestHex } from '../../src/oci/digest.ts';
import { decodeManifest } from '../../src/oci/manifest.schema.ts';

export interface LayoutOptions {
  /**
   * `'omit'` leaves the layers' own bytes out and keeps only the links to them: a crawl never reads them, but the registry
   * then answers 404 for them. Default `'write'`.
   */
  readonly layers?: 'write' | 'omit';
}

/** `storageDir` is the registry's `rootdirectory`. The repositories may come from a generator: each is written before the next is asked for. */
export function writeRegistryLayout(
  storageDir: string,
  repositories: Iterable<StoredRepository>,
  options: LayoutOptions = {},
): void {
  const root = join(storageDir, 'docker/registry/v2');
  const written = new Set<Digest>();
  const writeContent = (digest: Digest, bytes: () => Uint8Array): void => {
    if (written.has(digest)) return;
    written.add(digest);
    const hex = digestHex(digest);
    const folder = join(root, 'blobs', digestAlgorithm(digest), hex.slice(0, 2), hex);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'data'), bytes());
  };

  for (const repository of repositories) {
    const folder = join(root, 'repositories', repository.name);
    const kept = options.layers === 'omit' ? configsOf(repository) : repository.blobs;
    for (const [digest, blob] of kept) writeContent(digest, () => readBlob(blob));
    for (const digest of repository.blobs.keys()) writeLink(join(folder, '_layers'), digest);
    for (const { digest, bytes } of repository.manifests.values()) {
      writeContent(digest, () => bytes);
      writeLink(join(folder, '_manifests/revisions'), digest);
    }
    if (repository.hadTags) mkdirSync(join(folder, '_manifests/tags'), { recursive: true });
    for (const [tag, digest] of repository.tags) {
      const tagFolder = join(folder, '_manifests/tags', tag);
      writeLink(join(tagFolder, 'index'), digest);
      mkdirSync(join(tagFolder, 'current'), { recursive: true });
      writeFileSync(join(tagFolder, 'current/link'), digest);
    }
  }
}

function writeLink(parent: string, digest: Digest): void {
  const folder = join(parent, digestAlgorithm(digest), digestHex(digest));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'link'), digest);
}

/** The blobs that are the config of some manifest, whatever its kind. */
function configsOf({ manifests, blobs }: StoredRepository): ReadonlyMap<Digest, StoredBlob> {
  const configs = new Map<Digest, StoredBlob>();
  for (const { bytes, mediaType } of manifests.values()) {
    const manifest = decodeManifest(bytes, mediaType);
    const blob = manifest.shape === 'manifest' ? blobs.get(manifest.config.digest) : undefined;
    if (blob) configs.set(blob.digest, blob);
  }
  return configs;
}
