/** `/-/api/v1/index.json` and the JSON Schemas: where a program begins. */
import { z } from 'astro/zod';
import { encodeStableJson } from '../snapshot/stable-json.ts';
import { fixedAddresses, schemaAddress } from '../view/addresses.ts';
import { type Site, toHref } from '../view/site.ts';
import { apiVersion, catalogueJsonSchema } from './catalogue-json.schema.ts';
import type { OutputFile } from './output-file.ts';
import { repositoryJsonSchema } from './repository-json.schema.ts';
import { statusJsonSchema } from './status-json.schema.ts';

const schemas = { catalogue: catalogueJsonSchema, repository: repositoryJsonSchema, status: statusJsonSchema } as const;

/** Writes the index, then a schema for each kind of file. They depend on the program and the settings only. */
export function listIndexFiles(site: Site): readonly OutputFile[] {
  const index = {
    schemaVersion: apiVersion,
    title: site.settings.title,
    publicHost: site.settings.publicHost,
    links: {
      catalogue: toHref(site, fixedAddresses.catalogueJson),
      repository: toHref(site, '-/api/v1/repositories/{name}/-/repository.json'),
      status: toHref(site, fixedAddresses.statusJson),
    },
    schemas: Object.fromEntries(Object.keys(schemas).map((name) => [name, toHref(site, schemaAddress(name))])),
  };
  return [
    { path: fixedAddresses.apiIndex, text: encodeStableJson(index) },
    ...Object.entries(schemas).map(([name, schema]) => ({
      path: schemaAddress(name),
      text: encodeStableJson(z.toJSONSchema(schema)),
    })),
  ];
}
