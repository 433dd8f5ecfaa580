/** The files of the API: where each is, what it is for, and the JSON Schema that is served beside it. */
import { z } from 'astro/zod';
import { fixedAddresses } from '../view/addresses.ts';
import { catalogueJsonSchema } from './catalogue-json.schema.ts';
import { changesJsonSchema } from './changes-json.schema.ts';
import { cleanupJsonSchema } from './cleanup-json.schema.ts';
import { historyJsonSchema } from './history-json.schema.ts';
import { indexJsonSchema } from './index-json.schema.ts';
import { lineageJsonSchema } from './lineage-json.schema.ts';
import { repositoryJsonSchema } from './repository-json.schema.ts';
import { statusJsonSchema } from './status-json.schema.ts';
import { repositoryStorageJsonSchema, storageJsonSchema } from './storage-json.schema.ts';

export interface PublishedFile {
  /** The schema's, in `schema/<name>.json`. */
  readonly name: string;
  /** Below the site's base; `<name>` stands for a repository's. */
  readonly path: string;
  readonly about: string;
  readonly schema: z.ZodType;
}

const repositories = '-/api/v1/repositories/<name>/-/';

/** In the order of the reference. */
export const publishedFiles: readonly PublishedFile[] = [
  {
    name: 'index',
    path: fixedAddresses.apiIndex,
    about: 'Where a program begins: links to all the others. Changes with the settings.',
    schema: indexJsonSchema,
  },
  {
    name: 'catalogue',
    path: fixedAddresses.catalogueJson,
    about: 'Every repository with its recommended tag. Changes when anything in the registry does.',
    schema: catalogueJsonSchema,
  },
  {
    name: 'repository',
    path: `${repositories}repository.json`,
    about: 'Everything about one repository: tags, manifests, platforms, newest events. Changes when it does.',
    schema: repositoryJsonSchema,
  },
  {
    name: 'history',
    path: `${repositories}history.json`,
    about:
      'All that is remembered of one repository: which tag pointed where, from when to when. Changes when it does.',
    schema: historyJsonSchema,
  },
  {
    name: 'changes',
    path: fixedAddresses.changesJson,
    about: 'What happened lately in the whole registry.',
    schema: changesJsonSchema,
  },
  {
    name: 'status',
    path: fixedAddresses.statusJson,
    about:
      'For monitors: how old and how complete the site is, and what `verify` found. The only one that is written every hour.',
    schema: statusJsonSchema,
  },
  {
    name: 'storage',
    path: fixedAddresses.storageJson,
    about: 'Who uses the bytes: each image and path, each byte once.',
    schema: storageJsonSchema,
  },
  {
    name: 'repository-storage',
    path: `${repositories}storage.json`,
    about: 'The same of one repository, by tag. Changes also with what others share.',
    schema: repositoryStorageJsonSchema,
  },
  {
    name: 'lineage',
    path: fixedAddresses.lineageJson,
    about: 'Which image is built on which, and how far behind.',
    schema: lineageJsonSchema,
  },
  {
    name: 'cleanup',
    path: fixedAddresses.cleanupJson,
    about: 'What the rules of the settings propose to delete. Absent where they leave it out.',
    schema: cleanupJsonSchema,
  },
];

/** By the name that each is served under. Open to fields that later releases add: who keeps a schema must not refuse them. */
export const publishedSchemas: Readonly<Record<string, Readonly<Record<string, unknown>>>> = Object.fromEntries(
  publishedFiles.map(({ name, schema }) => [
    name,
    z.toJSONSchema(schema, {
      override: ({ jsonSchema }) => {
        if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      },
    }),
  ]),
);
