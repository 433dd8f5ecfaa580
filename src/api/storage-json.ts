/** Who holds how many bytes -> JSON. */
import type { Holding, RepositoryHolding, Storage } from '../catalogue/storage.ts';
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
      savedBytes: sizeBytes * (images.length - 1),
      images: [...images],
    })),
  };
  return { path: fixedAddresses.storageJson, text: encodeJson(json) };
}

/** Writes the file of one repository. */
export function encodeRepositoryStorageJson(holding: RepositoryHolding): OutputFile {
  const json: RepositoryStorageJson = {
    schemaVersion: apiVersion,
    name: holding.name,
    ...toHoldingJson(holding),
    digests: holding.readRows().map(({ row, storedBytes, uniqueBytes, isWhole }) => ({
      digest: row.row.digest,
      tags: [...row.row.tags],
      ...{ storedBytes, uniqueBytes },
      isLeast: !isWhole,
    })),
  };
  return { path: repositoryStorageJsonAddress(holding.name), text: encodeJson(json) };
}

function toHoldingJson({ tagCount, taggedBytes, storedBytes, uniqueBytes, isWhole }: Holding) {
  return { tagCount, taggedBytes, storedBytes, uniqueBytes, sharedBytes: storedBytes - uniqueBytes, isLeast: !isWhole };
}
