/** Brings what an in-memory store holds, or a part of it, to a real registry. */

import { encodeImage } from '../../scripts/demo-registry/image/encode-content.ts';
import type { RegistryStore, StoredRepository } from '../../scripts/demo-registry/store/registry-store.ts';
import type { Digest } from '../../src/oci/digest.ts';
import { decodeManifest } from '../../src/oci/manifest.schema.ts';
import { parseTag, type RepositoryName, type Tag } from '../../src/oci/reference.ts';
import { createPusher, type Pusher, type PusherOptions } from './pusher.ts';

export interface CopyOptions extends PusherOptions {
  /** Which repositories; default: all. */
  readonly selects?: (name: RepositoryName) => boolean;
  /** Which of their tags; default: all, and then manifests without a tag come too. */
  readonly selectsTag?: (name: RepositoryName, tag: Tag) => boolean;
  /** Repositories at the same time; default 4. */
  readonly concurrency?: number;
}

/** Layers are pushed as large as they are: fill the store with small ones. */
export async function copyCatalogue(store: RegistryStore, url: string, options: CopyOptions = {}): Promise<void> {
  const { selects = () => true, concurrency = 4 } = options;
  const pusher = createPusher(url, options);
  const waiting = store.repositories().filter(({ name }) => selects(name));
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      await copyRepository(pusher, next, options.selectsTag);
  };
  await Promise.all(Array.from({ length: concurrency }, work));
}

async function copyRepository(
  pusher: Pusher,
  repository: StoredRepository,
  selectsTag: CopyOptions['selectsTag'],
): Promise<void> {
  const { name, blobs, manifests, tags, hadTags } = repository;
  const copied = new Set<Digest>();
  /** A manifest after everything that it names. */
  const copyManifest = async (digest: Digest): Promise<void> => {
    const manifest = manifests.get(digest);
    if (!manifest || copied.has(digest)) return;
    copied.add(digest);
    const decoded = decodeManifest(manifest.bytes, manifest.mediaType);
    if (decoded.shape === 'index') for (const child of decoded.children) await copyManifest(child.digest);
    if (decoded.shape === 'manifest') {
      for (const { digest: part } of [decoded.config, ...decoded.layers]) {
        const blob = blobs.get(part);
        if (blob) await pusher.pushBlob(name, blob);
      }
    }
    await pusher.pushManifest(name, manifest);
  };

  for (const [tag, digest] of tags) {
    if (selectsTag && !selectsTag(name, tag)) continue;
    await copyManifest(digest);
    const manifest = manifests.get(digest);
    if (manifest) await pusher.pushManifest(name, manifest, tag);
  }
  if (selectsTag) return;
  for (const digest of manifests.keys()) await copyManifest(digest);
  for (const blob of blobs.values()) await pusher.pushBlob(name, blob);
  if (hadTags && tags.size === 0) await pushAndDelete(pusher, name);
}

/** What lost its tags must have had some. */
async function pushAndDelete(pusher: Pusher, name: RepositoryName): Promise<void> {
  const image = encodeImage({ layers: [] });
  await pusher.pushContent(name, image, [parseTag('gone')]);
  await pusher.deleteManifest(name, image.manifest.digest);
}
