/** `/-/api/v1/index.json`: where a program begins. A promise: fields are added, never changed or taken away. */
import { z } from 'astro/zod';
import { apiVersion } from './catalogue-json.schema.ts';

const address = z.string().describe('An absolute path on this host.');

export const indexJsonSchema = z.object({
  schemaVersion: z.literal(apiVersion),
  title: z.string(),
  publicHost: z.string().describe('The host in pull commands.'),
  links: z
    .object({
      catalogue: address,
      changes: address,
      history: z.string().describe("The address of a repository's file; `{name}` is its name, slashes and all."),
      repository: z.string().describe("The address of a repository's file; `{name}` is its name."),
      status: address,
      storage: address,
      repositoryStorage: z.string().describe("The address of a repository's file; `{name}` is its name."),
      lineage: address,
      cleanup: address.optional().describe('Absent where the settings leave the clean-up out.'),
    })
    .describe('Where each file is.'),
  schemas: z.record(z.string(), address).describe('The JSON Schema of each kind of file, by its name.'),
});

export type IndexJson = z.output<typeof indexJsonSchema>;
