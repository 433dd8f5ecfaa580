/** Manifest bytes -> `Manifest`. Lenient about what is missing, strict about what is there: a size is a size. */
import { z } from 'astro/zod';
import { boundText, mostEntries } from './bounded-text.ts';
import { isDigest } from './digest.ts';
import { decodeWith, parseJson } from './json.ts';
import type { Manifest } from './manifest.ts';
import { isIndexType, isManifestType, isSchema1Type, mediaTypes, parseMediaType } from './media-type.ts';

const digest = z.custom<import('./digest.ts').Digest>(isDigest, 'not a sha256 or sha512 digest');
const sizeBytes = z.int().nonnegative();
const shortText = z.string().transform((text) => boundText(text, 255));

/** A map of texts; entries that are not text are dropped, for no reader can show them. */
export const textMap = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((map): Readonly<Record<string, string>> => {
    const entries = Object.entries(map ?? {})
      .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
      .slice(0, mostEntries)
      .map(([key, text]) => [boundText(key, 255), boundText(text)] as const);
    return Object.fromEntries(entries);
  });

const descriptor = z.object({ mediaType: z.string(), digest, size: sizeBytes }).transform((raw) => ({
  mediaType: boundText(parseMediaType(raw.mediaType), 255),
  digest: raw.digest,
  sizeBytes: raw.size,
}));

const platform = z
  .object({
    os: shortText,
    architecture: shortText,
    variant: shortText.nullish(),
    'os.version': shortText.nullish(),
  })
  .transform((raw) => ({
    os: raw.os,
    architecture: raw.architecture,
    variant: raw.variant || null,
    osVersion: raw['os.version'] || null,
  }));

const child = z
  .object({
    mediaType: z.string(),
    digest,
    size: sizeBytes,
    platform: platform.nullish().catch(null),
    artifactType: shortText.nullish(),
    annotations: textMap,
  })
  .transform((raw) => ({
    mediaType: boundText(parseMediaType(raw.mediaType), 255),
    digest: raw.digest,
    sizeBytes: raw.size,
    platform: raw.platform ?? null,
    artifactType: raw.artifactType ?? null,
    annotations: raw.annotations,
  }));

const common = { artifactType: shortText.nullish(), subject: descriptor.nullish(), annotations: textMap };
const head = z.object({ mediaType: z.string().nullish(), schemaVersion: z.unknown() });
const imageManifest = z.object({ ...common, config: descriptor, layers: z.array(descriptor).max(5000) });
const imageIndex = z.object({ ...common, manifests: z.array(child).max(5000) });

/**
 * Decodes a manifest. The document's own `mediaType` wins over `contentType`; without either, its fields decide. What is
 * neither a manifest nor an index (Docker schema 1, a media type yet unknown) comes back as `opaque`.
 *
 * Throws a `DecodeError` when the bytes are not JSON or do not have the shape that their media type promises.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions
 */
export function decodeManifest(bytes: Uint8Array, contentType: string | null): Manifest {
  const document = parseJson(bytes, 'the manifest');
  const { mediaType: own, schemaVersion } = decodeWith(head, document, 'the manifest');
  const mediaType = boundText(parseMediaType(own ?? contentType ?? ''), 255);
  const fields = document as Record<string, unknown>;

  if (isIndexType(mediaType) || (!isManifestType(mediaType) && !isSchema1Type(mediaType) && 'manifests' in fields)) {
    const raw = decodeWith(imageIndex, document, 'the image index');
    return {
      shape: 'index',
      mediaType: isIndexType(mediaType) ? mediaType : mediaTypes.ociIndex,
      artifactType: raw.artifactType ?? null,
      subject: raw.subject ?? null,
      annotations: raw.annotations,
      children: raw.manifests,
    };
  }
  if (isManifestType(mediaType) || (schemaVersion === 2 && 'config' in fields && 'layers' in fields)) {
    const raw = decodeWith(imageManifest, document, 'the manifest');
    return {
      shape: 'manifest',
      mediaType: mediaType || mediaTypes.ociManifest,
      artifactType: raw.artifactType ?? null,
      subject: raw.subject ?? null,
      annotations: raw.annotations,
      config: raw.config,
      layers: raw.layers,
    };
  }
  const schema1 = schemaVersion === 1 && !isSchema1Type(mediaType);
  return {
    shape: 'opaque',
    mediaType: schema1 ? mediaTypes.dockerSchema1 : mediaType || 'unknown',
    artifactType: null,
    subject: null,
    annotations: {},
  };
}
