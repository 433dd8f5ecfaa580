/** `/-/api/v1/index.json` and the JSON Schemas: where a program begins. */
import { fixedAddresses, schemaAddress } from '../view/addresses.ts';
import { type Site, toHref } from '../view/site.ts';
import { apiVersion } from './catalogue-json.schema.ts';
import { encodeJson } from './encode-json.ts';
import type { IndexJson } from './index-json.schema.ts';
import type { OutputFile } from './output-file.ts';
import { publishedSchemas } from './published.schema.ts';

/** Writes the index, then a schema for each kind of file. They depend on the program and the settings only. */
export function listIndexFiles(site: Site, hasCleanup: boolean): readonly OutputFile[] {
  const names = Object.keys(publishedSchemas);
  const index: IndexJson = {
    schemaVersion: apiVersion,
    title: site.settings.title,
    publicHost: site.settings.publicHost,
    links: {
      catalogue: toHref(site, fixedAddresses.catalogueJson),
      changes: toHref(site, fixedAddresses.changesJson),
      history: toHref(site, '-/api/v1/repositories/{name}/-/history.json'),
      repository: toHref(site, '-/api/v1/repositories/{name}/-/repository.json'),
      status: toHref(site, fixedAddresses.statusJson),
      storage: toHref(site, fixedAddresses.storageJson),
      repositoryStorage: toHref(site, '-/api/v1/repositories/{name}/-/storage.json'),
      lineage: toHref(site, fixedAddresses.lineageJson),
      ...(hasCleanup ? { cleanup: toHref(site, fixedAddresses.cleanupJson) } : {}),
    },
    schemas: Object.fromEntries(names.map((name) => [name, toHref(site, schemaAddress(name))])),
  };
  return [
    { path: fixedAddresses.apiIndex, text: encodeJson(index) },
    ...Object.entries(publishedSchemas).map(([name, schema]) => ({
      path: schemaAddress(name),
      text: encodeJson(schema),
    })),
  ];
}
