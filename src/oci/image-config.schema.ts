/** Config bytes -> `ImageConfig`. Every field may be missing or null: builders of ten years wrote these. */
import { z } from 'astro/zod';
import { boundText, mostEntries } from './bounded-text.ts';
import { type Digest, isDigest } from './digest.ts';
import type { ImageConfig } from './image-config.ts';
import { decodeWith, parseJson } from './json.ts';
import { mostDescriptors, textMap } from './manifest.schema.ts';

const anything = z.unknown().optional();
const text = anything.transform((value) => (typeof value === 'string' ? boundText(value) : null));
const shortText = anything.transform((value) => (typeof value === 'string' ? boundText(value, 255) : null));
const command = anything.transform((value) => {
  const words: readonly unknown[] | null = typeof value === 'string' ? [value] : Array.isArray(value) ? value : null;
  if (words === null || !words.every((word) => typeof word === 'string')) return null;
  return words.slice(0, mostEntries).map((word) => boundText(word));
});
const keySet = z
  .record(z.string(), z.unknown())
  .nullish()
  .catch(null)
  .transform((set) =>
    Object.keys(set ?? {})
      .slice(0, mostEntries)
      .map((key) => boundText(key, 255))
      .sort(),
  );

const config = z.object({
  created: shortText,
  author: shortText,
  os: shortText,
  architecture: shortText,
  variant: shortText,
  'os.version': shortText,
  config: z
    .object({
      User: text,
      WorkingDir: text,
      Entrypoint: command,
      Cmd: command,
      Env: z.array(z.string()).nullish().catch(null),
      ExposedPorts: keySet,
      Volumes: keySet,
      StopSignal: shortText,
      Labels: textMap.catch({}),
    })
    .nullish()
    .catch(null),
  history: z
    .array(z.object({ created: shortText, created_by: text, comment: text, empty_layer: anything }))
    .nullish()
    .catch(null),
  rootfs: z
    .object({ diff_ids: z.array(z.unknown()).max(mostDescriptors).nullish() })
    .nullish()
    .catch(null),
});

/**
 * Decodes an image configuration. Throws a `DecodeError` when the bytes are not a JSON object.
 *
 * A `diff_ids` list with one value that is no digest is dropped whole: a gap would make every later layer look like another.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties
 */
export function decodeImageConfig(bytes: Uint8Array): ImageConfig {
  const raw = decodeWith(config, parseJson(bytes, 'the image config'), 'the image config');
  const run = raw.config ?? null;
  const diffIds = raw.rootfs?.diff_ids ?? [];
  return {
    createdAt: raw.created ?? null,
    platform:
      raw.os && raw.architecture
        ? {
            os: raw.os,
            architecture: raw.architecture,
            variant: raw.variant || null,
            osVersion: raw['os.version'] || null,
          }
        : null,
    author: raw.author || null,
    user: run?.User || null,
    workingDir: run?.WorkingDir || null,
    entrypoint: run?.Entrypoint ?? null,
    command: run?.Cmd ?? null,
    environment: (run?.Env ?? []).slice(0, mostEntries).map((entry) => boundText(entry)),
    exposedPorts: run?.ExposedPorts ?? [],
    volumes: run?.Volumes ?? [],
    stopSignal: run?.StopSignal || null,
    labels: run?.Labels ?? {},
    history: (raw.history ?? []).slice(0, mostEntries).map((entry) => ({
      createdAt: entry.created ?? null,
      createdBy: entry.created_by ?? null,
      comment: entry.comment || null,
      emptyLayer: entry.empty_layer === true,
    })),
    diffIds: diffIds.every(isDigest) ? (diffIds as readonly Digest[]) : [],
  };
}
