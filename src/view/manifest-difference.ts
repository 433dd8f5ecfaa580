/** What differs between a manifest and the one before it, platform by platform. */
import { imageConfigOf, isAttestationChild, type Leaf, listPlacedLeaves } from '../catalogue/facts.ts';
import type { Repository } from '../catalogue/model.ts';
import { sumBytes } from '../oci/byte-count.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import type { ImageConfig } from '../oci/image-config.ts';
import { formatPlatform } from '../oci/platform.ts';
import type { Tag } from '../oci/reference.ts';
import { type RunFact, toRunFacts } from './run-facts.ts';
import type { TagListing } from './tag-rows.ts';
import { toVisibleText } from './visible-text.ts';

/** The manifest to compare with. `moved`: the tag pointed there before. `build`: it is the build before of one version. */
export interface Previous {
  readonly digest: Digest;
  readonly reason: 'moved' | 'build';
  readonly tag: Tag;
}

/** A text that is not what it was. Null where there was, or is, none. */
export interface TextChange {
  readonly what: RunFact['term'] | 'ENV' | 'LABEL';
  readonly key: string | null;
  readonly before: string | null;
  readonly after: string | null;
}

export interface LayerCount {
  readonly count: number;
  readonly sizeBytes: number;
}

export interface PlatformDifference {
  readonly platform: string;
  /** `same`: the very same manifest. */
  readonly state: 'same' | 'changed' | 'added' | 'removed';
  readonly kept: LayerCount;
  readonly added: LayerCount;
  readonly dropped: LayerCount;
  readonly texts: readonly TextChange[];
}

export interface ManifestDifference extends Previous {
  readonly platforms: readonly PlatformDifference[];
}

/** Compares `digest` with the one before it. Null where none is known, or nothing is known of it any more. */
export function findDifference(digest: Digest, repository: Repository, listing: TagListing): ManifestDifference | null {
  const previous = findPrevious(digest, repository, listing);
  if (previous === null) return null;
  const before = toPlatformLeaves(previous.digest, repository);
  const after = toPlatformLeaves(digest, repository);
  const platforms = [...new Set([...after.keys(), ...before.keys()])].map((platform) =>
    comparePlatform(platform, before.get(platform), after.get(platform), repository),
  );
  return platforms.length === 0 ? null : { ...previous, platforms };
}

/** What a tag that points here pointed at before; else the build before of the same version. */
function findPrevious(digest: Digest, repository: Repository, { versions }: TagListing): Previous | null {
  const isKnown = (other: Digest | null): other is Digest =>
    other !== null && other !== digest && repository.manifests.has(other);
  const moves = repository.events.filter(({ type, to }) => type === 'moved' && to === digest);
  const move = moves.findLast(({ from, tag }) => isKnown(from) && repository.tags.get(tag as Tag)?.digest === digest);
  if (move !== undefined) return { digest: move.from as Digest, reason: 'moved', tag: move.tag as Tag };
  for (const { rows } of versions) {
    const at = rows.findIndex((row) => row.digest === digest);
    const next = at === -1 ? undefined : rows.slice(at + 1).find((row) => isKnown(row.digest));
    if (next !== undefined) return { digest: next.digest as Digest, reason: 'build', tag: next.lead };
  }
  return null;
}

/** The manifests beneath a digest by their platforms; those that could not be read, and attestations, are none. */
function toPlatformLeaves(digest: Digest, repository: Repository): ReadonlyMap<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  for (const leaf of listPlacedLeaves(digest, repository)) {
    if (leaf.facts?.shape !== 'manifest' || (leaf.child !== null && isAttestationChild(leaf.child))) continue;
    const platform = leaf.child?.platform ?? imageConfigOf(leaf.facts, repository)?.platform ?? null;
    const name = platform === null ? 'unknown platform' : formatPlatform(platform);
    if (!leaves.has(name)) leaves.set(name, leaf);
  }
  return leaves;
}

function comparePlatform(
  platform: string,
  before: Leaf | undefined,
  after: Leaf | undefined,
  repository: Repository,
): PlatformDifference {
  const [old, now] = [layersOf(before), layersOf(after)];
  const [oldDigests, newDigests] = [new Set(old.map((each) => each.digest)), new Set(now.map((each) => each.digest))];
  const state =
    before === undefined
      ? 'added'
      : after === undefined
        ? 'removed'
        : before.digest === after.digest
          ? 'same'
          : 'changed';
  return {
    ...{ platform, state },
    kept: countLayers(now.filter((layer) => oldDigests.has(layer.digest))),
    added: countLayers(now.filter((layer) => !oldDigests.has(layer.digest))),
    dropped: countLayers(old.filter((layer) => !newDigests.has(layer.digest))),
    texts: state === 'changed' ? compareTexts(configOf(before, repository), configOf(after, repository)) : [],
  };
}

function compareTexts(before: ImageConfig | null, after: ImageConfig | null): readonly TextChange[] {
  if (before === null || after === null) return [];
  const runFacts = (config: ImageConfig) => new Map(toRunFacts(config).map(({ term, text }) => [term, text] as const));
  return [
    ...compareMaps(runFacts(before), runFacts(after)).map(({ key, ...texts }) => ({ what: key, key: null, ...texts })),
    ...compareMaps(toVariables(before), toVariables(after)).map((change) => ({
      what: 'ENV' as const,
      ...show(change),
    })),
    ...compareMaps(new Map(Object.entries(before.labels)), new Map(Object.entries(after.labels))).map((change) => ({
      what: 'LABEL' as const,
      ...show(change),
    })),
  ];
}

interface Change<Key> {
  readonly key: Key;
  readonly before: string | null;
  readonly after: string | null;
}

function compareMaps<Key extends string>(
  before: ReadonlyMap<Key, string>,
  after: ReadonlyMap<Key, string>,
): readonly Change<Key>[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => before.get(key) !== after.get(key))
    .sort()
    .map((key) => ({ key, before: before.get(key) ?? null, after: after.get(key) ?? null }));
}

/** A variable whose value is withheld has none here either. */
function toVariables({ environment }: ImageConfig): ReadonlyMap<string, string> {
  return new Map(
    environment.map((entry) => {
      const [key = '', ...value] = entry.split('=');
      return [key, value.join('=')] as const;
    }),
  );
}

function show({ key, before, after }: Change<string>): Change<string> {
  const visible = (text: string | null) => (text === null ? null : toVisibleText(text));
  return { key: toVisibleText(key), before: visible(before), after: visible(after) };
}

function configOf(leaf: Leaf | undefined, repository: Repository): ImageConfig | null {
  return leaf?.facts == null ? null : imageConfigOf(leaf.facts, repository);
}

/** Each once, however often a manifest names it: it is transferred once. */
function layersOf(leaf: Leaf | undefined): readonly Descriptor[] {
  if (leaf?.facts?.shape !== 'manifest') return [];
  return [...new Map(leaf.facts.layers.map((layer) => [layer.digest, layer])).values()];
}

function countLayers(layers: readonly Descriptor[]): LayerCount {
  return { count: layers.length, sizeBytes: sumBytes(layers, ({ sizeBytes }) => sizeBytes) };
}
