/** What the referrers API answers: an image index whose children are the referrers. */
import { z } from 'astro/zod';
import type { ChildDescriptor } from './descriptor.ts';
import { decodeWith } from './json.ts';
import { childDescriptor } from './manifest.schema.ts';
import { mediaTypes, parseMediaType } from './media-type.ts';

/** One page of referrers. */
export interface ReferrersPage {
  readonly referrers: readonly ChildDescriptor[];
  /** How many entries are no descriptors, and were left out. */
  readonly invalid: number;
}

const page = z.object({
  mediaType: z.string().nullish(),
  manifests: z
    .array(z.unknown())
    .nullable()
    .transform((list) => list ?? []),
});

/**
 * Decodes a page of referrers. One broken entry costs nobody the others. Throws a `DecodeError` for what is no image index.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
 */
export function decodeReferrers(document: unknown): ReferrersPage {
  const { manifests } = decodeWith(page.refine(isIndex, 'not an image index'), document, 'the list of referrers');
  const read = manifests.map((entry) => childDescriptor.safeParse(entry));
  const referrers = read.flatMap(({ data }) => data ?? []);
  return { referrers, invalid: read.length - referrers.length };
}

/** Without a media type the list alone has to do: some registries leave it out. */
function isIndex({ mediaType }: z.output<typeof page>): boolean {
  return !mediaType || parseMediaType(mediaType) === mediaTypes.ociIndex;
}
