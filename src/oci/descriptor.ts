/**
 * Descriptors: how one piece of content names another.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md
 */
import type { Digest } from './digest.ts';
import type { Platform } from './platform.ts';

/** `sizeBytes` is the length of the content as it is transferred: for a layer, compressed. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/** A child of an image index. `platform` is null where the index does not say. */
export interface ChildDescriptor extends Descriptor {
  readonly platform: Platform | null;
  readonly artifactType: string | null;
  readonly annotations: Readonly<Record<string, string>>;
}
