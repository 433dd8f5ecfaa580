/** Docker's credentials file, and the answer of its helper programs. */
import { z } from 'astro/zod';

const authEntry = z.object({
  auth: z.string().nullish(),
  username: z.string().nullish(),
  password: z.string().nullish(),
  identitytoken: z.string().nullish(),
  registrytoken: z.string().nullish(),
});
/** The file that `docker login` writes. */
export const dockerConfigSchema = z.object({
  auths: z.record(z.string(), authEntry).nullish(),
  credHelpers: z.record(z.string(), z.string()).nullish(),
  credsStore: z.string().nullish(),
});

export type DockerConfig = z.output<typeof dockerConfigSchema>;

/** What a credential helper answers to `get`. */
export const helperAnswerSchema = z.object({ Username: z.string(), Secret: z.string() });

export type HelperAnswer = z.output<typeof helperAnswerSchema>;
