/** Who holds how many bytes -> JSON. */
import type { InventoryRow } from '../catalogue/inventory.ts';
import type { Holding, RowHoldings, Storage } from '../catalogue/storage.ts';
import { multiplyBytes } from '../oci/byte-count.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { fixedAddresses, repositoryStorageJsonAddress } from '../view/addresses.ts';
import { type Site, toHref } from '../view/site.ts';
import { apiVersion } from './catalogue-json.schema.ts';
import { encodeJson } from './encode-json.ts';
import type { OutputFile } from './output-file.ts';
import type { RepositoryStorageJson, StorageJson } from './storage-json.schema.ts';

/** Writes the file of the whole registry. */
export function encodeStorageJson(storage: Storage, isExact: boolean, site: Site): OutputFile {
  const { registry, namespaces, repositories, shared, contentCount, foreignBytes } = storage;
  const json: StorageJson = {
    schemaVersion: apiVersion,
    publicHost: site.settings.publicHost,
    isExact,
    registry: { ...toHoldingJson(registry), imageCount: registry.imageCount, contentCount, foreignBytes },
    namespaces: namespaces.map((each) => ({ path: each.path, imageCount: each.imageCount, ...toHoldingJson(each) })),
    images: repositories.map((each) => ({
      name: each.name,
      ...toHoldingJson(each),
      links: { json: toHref(site, repositoryStorageJsonAddress(each.name)) },
    })),
    shared: shared.map(({ sizeBytes, repositories: images }) => ({
      sizeBytes,
      savedBytes: multiplyBytes(sizeBytes, images.length - 1),
      images: [...images],
    })),
  };
  return { path: fixedAddresses.storageJson, text: encodeJson(json) };
}

/** What a repository holds, and each of its digests. */
export interface StorageFigures {
  readonly whole: Holding;
  readonly rows: RowHoldings;
}

/** Writes the file of one repository, whose digests are these, in the same order. */
export function encodeRepositoryStorageJson(
  name: RepositoryName,
  { whole, rows }: StorageFigures,
  digests: readonly Pick<InventoryRow, 'digest' | 'tags'>[],
): OutputFile {
  const { storedBytes, uniqueBytes, areWhole } = rows;
  if (storedBytes.length !== digests.length) {
    throw new TypeError(`${name} has ${digests.length} digests, not ${storedBytes.length}`);
  }
  const json: RepositoryStorageJson = {
    schemaVersion: apiVersion,
    name,
    ...toHoldingJson(whole),
    digests: digests.map(({ digest, tags }, at) => ({
      digest,
      tags: [...tags],
      storedBytes: storedBytes[at] as number,
      uniqueBytes: uniqueBytes[at] as number,
      isLeast: areWhole[at] !== 1,
    })),
  };
  return { path: repositoryStorageJsonAddress(name), text: encodeJson(json) };
}

function toHoldingJson({ tagCount, taggedBytes, storedBytes, uniqueBytes, isWhole }: Holding) {
  return { tagCount, taggedBytes, storedBytes, uniqueBytes, sharedBytes: storedBytes - uniqueBytes, isLeast: !isWhole };
}
