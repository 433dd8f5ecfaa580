/** The JSON Schemas that are served beside the API, made from the schemas that its files are held to. */
import { z } from 'astro/zod';
import { catalogueJsonSchema } from './catalogue-json.schema.ts';
import { changesJsonSchema } from './changes-json.schema.ts';
import { cleanupJsonSchema } from './cleanup-json.schema.ts';
import { historyJsonSchema } from './history-json.schema.ts';
import { lineageJsonSchema } from './lineage-json.schema.ts';
import { repositoryJsonSchema } from './repository-json.schema.ts';
import { statusJsonSchema } from './status-json.schema.ts';
import { repositoryStorageJsonSchema, storageJsonSchema } from './storage-json.schema.ts';

/** By the name that each is served under. */
export const publishedSchemas: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  catalogue: z.toJSONSchema(catalogueJsonSchema),
  changes: z.toJSONSchema(changesJsonSchema),
  history: z.toJSONSchema(historyJsonSchema),
  repository: z.toJSONSchema(repositoryJsonSchema),
  status: z.toJSONSchema(statusJsonSchema),
  storage: z.toJSONSchema(storageJsonSchema),
  'repository-storage': z.toJSONSchema(repositoryStorageJsonSchema),
  lineage: z.toJSONSchema(lineageJsonSchema),
  cleanup: z.toJSONSchema(cleanupJsonSchema),
};
