/** Manifest bytes -> `Manifest`. Lenient about what is missing, strict about what is there: a size is a size. */
import { z } from 'astro/zod';
import { boundText, mostEntries } from './bounded-text.ts';
import { isDigest } from './digest.ts';
import { decodeWith, parseJson } from './json.ts';
import type { Manifest } from './manifest.ts';
import { isIndexType, isManifestType, isSchema1Type, mediaTypes, parseMediaType } from './media-type.ts';

/** More than any image has: a manifest of more is broken or hostile. */
export const mostDescriptors = 5000;

const digest = z.custom<import('./digest.ts').Digest>(isDigest, 'not a sha256 or sha512 digest');
const sizeBytes = z.int().nonnegative();
const shortText = z.string().transform((text) => boundText(text, 255));
/** Encoders write an empty text where there is none. */
const optionalText = shortText.nullish().transform((text) => text || null);

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

/** Without a system or an architecture it says nothing that one can rely on. */
const platform = z
  .object({
    os: optionalText,
    architecture: optionalText,
    variant: optionalText,
    'os.version': optionalText,
  })
  .transform(({ os, architecture, variant, 'os.version': osVersion }) =>
    os === null || architecture === null ? null : { os, architecture, variant, osVersion },
  )
  .nullish()
  .catch(null);

/** A child of an index, or what the referrers API lists, which is one. */
export const childDescriptor = z
  .object({
    mediaType: z.string(),
    digest,
    size: sizeBytes,
    platform,
    artifactType: optionalText,
    annotations: textMap.catch({}),
  })
  .transform((raw) => ({
    mediaType: boundText(parseMediaType(raw.mediaType), 255),
    digest: raw.digest,
    sizeBytes: raw.size,
    platform: raw.platform ?? null,
    artifactType: raw.artifactType,
    annotations: raw.annotations,
  }));

const common = { artifactType: optionalText, subject: descriptor.nullish(), annotations: textMap.catch({}) };
const head = z.object({ mediaType: z.string().nullish(), schemaVersion: z.unknown().optional() });
/** `null` is how some encoders write an empty list. */
const listOf = <S extends z.ZodType>(entry: S) =>
  z
    .array(entry)
    .max(mostDescriptors)
    .nullable()
    .transform((list) => list ?? []);
const imageManifest = z.object({ ...common, config: descriptor, layers: listOf(descriptor) });
const imageIndex = z.object({ ...common, manifests: listOf(childDescriptor) });

const manifestMembers = ['schemaVersion', 'config', 'layers', 'manifests', 'fsLayers'];

/** Whether a document may be a manifest at all, of whatever kind: proxies and registries answer 200 with other JSON as well. */
export function isManifestShaped(value: unknown, contentType: string | null): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || 'errors' in value) return false;
  if (manifestMembers.some((member) => member in value)) return true;
  if ('mediaType' in value && typeof value.mediaType === 'string') return true;
  const mediaType = parseMediaType(contentType ?? '');
  return Object.keys(value).length > 0 && (isIndexType(mediaType) || isManifestType(mediaType));
}

/**
 * Decodes a manifest. The document's own `mediaType` wins over `contentType`; where neither names a type of the
 * specification, its fields decide. What is neither a manifest nor an index (Docker schema 1, a media type yet unknown)
 * comes back as `opaque`.
 *
 * Throws a `DecodeError` when the bytes are not JSON or do not have the shape that their media type promises.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions
 */
export function decodeManifest(bytes: Uint8Array, contentType: string | null): Manifest {
  const document = parseJson(bytes, 'the manifest');
  const { mediaType: own, schemaVersion } = decodeWith(head, document, 'the manifest');
  const mediaType = boundText(parseMediaType(own || contentType || ''), 255);
  const isKnown = isIndexType(mediaType) || isManifestType(mediaType) || isSchema1Type(mediaType);
  const fields = document as Record<string, unknown>;

  if (isIndexType(mediaType) || (!isKnown && 'manifests' in fields)) {
    const { manifests: children, subject, ...raw } = decodeWith(imageIndex, document, 'the image index');
    const type = isKnown || own ? mediaType : mediaTypes.ociIndex;
    return { shape: 'index', ...raw, mediaType: type, subject: subject ?? null, children };
  }
  if (isManifestType(mediaType) || (!isKnown && schemaVersion === 2 && 'config' in fields && 'layers' in fields)) {
    const { subject, ...raw } = decodeWith(imageManifest, document, 'the manifest');
    const type = isKnown || own ? mediaType : mediaTypes.ociManifest;
    return { shape: 'manifest', ...raw, mediaType: type, subject: subject ?? null };
  }
  return {
    shape: 'opaque',
    mediaType: schemaVersion === 1 && !isKnown ? mediaTypes.dockerSchema1 : mediaType || 'unknown',
    artifactType: null,
    subject: null,
    annotations: {},
  };
}
