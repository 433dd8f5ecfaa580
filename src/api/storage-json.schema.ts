/** `/-/api/v1/storage.json`, and the `storage.json` of each repository. A promise: fields are added, never changed or taken away. */
import { z } from 'astro/zod';
import { apiVersion } from './catalogue-json.schema.ts';

const count = z.int().nonnegative();
const holding = {
  tagCount: count,
  taggedBytes: count.describe('What the tags would hold if nothing were shared: each tag counted in full.'),
  storedBytes: count.describe(
    'What they lead to: manifests, configs and layers, each once. Sums of bytes end at 9007199254740991, which means so many or more.',
  ),
  uniqueBytes: count.describe('Of these, what nothing else leads to: what would be freed if all of it went.'),
  sharedBytes: count.describe('`storedBytes` without `uniqueBytes`.'),
  isLeast: z
    .boolean()
    .describe('There is more: not all of the content could be read, or it is more than a number can say.'),
};

export const storageJsonSchema = z.object({
  schemaVersion: z.literal(apiVersion),
  publicHost: z.string(),
  isExact: z
    .boolean()
    .describe(
      'False where something in the registry could not be read, and may share what `uniqueBytes` has, which is the most then; or where there is more than a number can say.',
    ),
  registry: z.object({
    ...holding,
    imageCount: count,
    contentCount: count.describe('Distinct manifests, configs and layers.'),
    foreignBytes: count.describe('Layers that name another place to be fetched from. They are in no other number.'),
  }),
  namespaces: z.array(z.object({ path: z.string(), imageCount: count, ...holding })).describe('Sorted by path.'),
  images: z
    .array(z.object({ name: z.string(), ...holding, links: z.object({ json: z.string() }) }))
    .describe('Sorted by name.'),
  shared: z
    .array(z.object({ sizeBytes: count, savedBytes: count, images: z.array(z.string()) }))
    .describe('The contents that most is saved by sharing of; `savedBytes` counts every image but one.'),
});

export const repositoryStorageJsonSchema = z.object({
  schemaVersion: z.literal(apiVersion),
  name: z.string(),
  ...holding,
  digests: z
    .array(
      z.object({
        digest: z.string(),
        tags: z.array(z.string()).describe('All tags of the digest: to delete one deletes them all.'),
        storedBytes: count,
        uniqueBytes: count.describe('What would be freed if the digest went.'),
        isLeast: z.boolean(),
      }),
    )
    .describe('Newest first.'),
});

export type StorageJson = z.output<typeof storageJsonSchema>;
export type RepositoryStorageJson = z.output<typeof repositoryStorageJsonSchema>;
