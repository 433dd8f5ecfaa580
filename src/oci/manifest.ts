/**
 * Manifests, as they are once decoded: the two shapes that matter, whatever family (Docker or OCI) they come from.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md
 */
import type { ChildDescriptor, Descriptor } from './descriptor.ts';

interface ManifestBase {
  /** From the document, else from the `Content-Type` that it came with. */
  readonly mediaType: string;
  readonly artifactType: string | null;
  readonly subject: Descriptor | null;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface ImageManifest extends ManifestBase {
  readonly shape: 'manifest';
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

export interface ImageIndex extends ManifestBase {
  readonly shape: 'index';
  readonly children: readonly ChildDescriptor[];
}

/** A document that is a manifest by its media type and that we do not read: Docker schema 1, or a type yet unknown. */
export interface OpaqueManifest extends ManifestBase {
  readonly shape: 'opaque';
}

export type Manifest = ImageManifest | ImageIndex | OpaqueManifest;
