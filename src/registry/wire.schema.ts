/** What the Distribution API's listings and errors look like on the wire. */
import { z } from 'astro/zod';

/** Docker's registry writes `null` for an empty list; some proxies leave the key out. */
const names = z
  .array(z.unknown())
  .nullish()
  .transform((list) => list ?? []);

/** @see https://distribution.github.io/distribution/spec/api/#catalog */
export const catalogSchema = z.looseObject({ repositories: names });

/** @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags */
export const tagsSchema = z.looseObject({ tags: names });

/** @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes */
export const errorsSchema = z.object({ errors: z.array(z.object({ code: z.string() })).min(1) });

/** @see https://distribution.github.io/distribution/spec/auth/token/#token-response-fields */
export const tokenSchema = z.object({
  token: z.string().nullish(),
  access_token: z.string().nullish(),
  expires_in: z.number().positive().nullish(),
});
