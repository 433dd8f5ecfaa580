/** What the Distribution API's listings and errors look like on the wire. */
import { z } from 'astro/zod';

/** Docker's registry writes `null` for an empty list. */
const names = z
  .custom<readonly unknown[]>(Array.isArray, 'not a list')
  .nullable()
  .transform((list) => list ?? []);

/**
 * Some other JSON is not an empty catalog: the key has to be there.
 *
 * @see https://distribution.github.io/distribution/spec/api/#catalog
 */
export const catalogSchema = z.looseObject({ repositories: names });

/**
 * Some registries leave the key out where there is nothing to list, and then name the repository at least.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags
 */
export const tagsSchema = z.union([
  z.looseObject({ tags: names }),
  z.looseObject({ name: z.string(), tags: z.never().optional() }).transform(() => ({ tags: [] })),
]);

/** @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes */
export const errorsSchema = z.object({ errors: z.array(z.object({ code: z.string() })).min(1) });

/** @see https://distribution.github.io/distribution/spec/auth/token/#token-response-fields */
export const tokenSchema = z.object({
  token: z.string().nullish(),
  access_token: z.string().nullish(),
  /** What is no lifetime is taken for none: the token may be good all the same. */
  expires_in: z.number().positive().nullish().catch(null),
});
