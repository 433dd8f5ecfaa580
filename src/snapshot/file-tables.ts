/** The tables of a repository's file, and what is written as places in them wherever it stands. */
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import type { Platform } from '../oci/platform.ts';
import { createTable, rowAt } from './place-table.ts';
import type { RepositoryFileInput } from './repository.schema.ts';

type PlatformPlaces = [number, number, number | null, number | null];
type Step = [string | null, number | null, number | null, 0 | 1];

/** Empty tables: of a file that is being written. */
export function createTables() {
  return {
    digests: createTable<Digest>((digest) => digest),
    texts: createTable<string>((text) => text),
    descriptors: createTable<[number, number, number]>((descriptor) => descriptor.join()),
    steps: createTable<Step>((step) => JSON.stringify(step)),
  };
}

export type Tables = ReturnType<typeof createTables>;

export function placeDescriptor({ digest, mediaType, sizeBytes }: Descriptor, tables: Tables): number {
  return tables.descriptors.place([tables.digests.place(digest), tables.texts.place(mediaType), sizeBytes]);
}

export function readDescriptor(place: number, file: RepositoryFileInput): Descriptor {
  const [digest, mediaType, sizeBytes] = rowAt(file.descriptors, place);
  return { mediaType: rowAt(file.texts, mediaType), digest: rowAt(file.digests, digest), sizeBytes };
}

/** Here as below: what there is nothing of is `undefined`, and not written. */
export function placePlatform(platform: Platform | null, { texts }: Tables): PlatformPlaces | undefined {
  if (platform === null) return undefined;
  const { os, architecture, variant, osVersion } = platform;
  return [
    texts.place(os),
    texts.place(architecture),
    variant === null ? null : texts.place(variant),
    osVersion === null ? null : texts.place(osVersion),
  ];
}

export function decodePlatform(platform: PlatformPlaces | undefined, { texts }: RepositoryFileInput): Platform | null {
  if (platform === undefined) return null;
  const [os, architecture, variant, osVersion] = platform;
  return {
    os: rowAt(texts, os),
    architecture: rowAt(texts, architecture),
    variant: variant === null ? null : rowAt(texts, variant),
    osVersion: osVersion === null ? null : rowAt(texts, osVersion),
  };
}

export function placeText(text: string | null, { texts }: Tables): number | undefined {
  return text === null ? undefined : texts.place(text);
}

export function placeAnyTexts(texts: Readonly<Record<string, string>>, tables: Tables) {
  return Object.keys(texts).length === 0 ? undefined : placeTexts(texts, tables);
}

/** In the order of the keys, whatever order they were in. */
export function placeTexts(texts: Readonly<Record<string, string>>, tables: Tables): [number, number][] {
  const entries = Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return entries.map(([key, text]) => [tables.texts.place(key), tables.texts.place(text)]);
}

export function decodeTexts(
  places: readonly (readonly [number, number])[] | undefined,
  { texts }: RepositoryFileInput,
) {
  return Object.fromEntries((places ?? []).map(([key, place]) => [rowAt(texts, key), rowAt(texts, place)]));
}
