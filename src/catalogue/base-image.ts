/**
 * What one platform of an image is built on. What its layers prove is believed before what somebody wrote: an annotation
 * decides which of several answers is meant, and speaks alone only where the layers cannot.
 */
import type { Digest } from '../oci/digest.ts';
import { isRepositoryName, isTag, type Tag } from '../oci/reference.ts';
import { compareHistories, type IndexedImage, type IndexedRepository, type LineageIndex } from './lineage-index.ts';
import { withheldMark } from './redaction.ts';

/** `annotation` alone: the base's own layers are not known here any more, or never were. */
export type BaseEvidence = 'layers' | 'annotation-and-layers' | 'annotation';

/** A base that an image of this catalogue is, or was. */
export type FoundBase =
  | {
      readonly kind: 'images';
      readonly evidence: BaseEvidence;
      /** All that have these layers: the same content, however many names it has. */
      readonly images: readonly IndexedImage[];
      /** The reference or digest that the annotation names, to choose a name by. */
      readonly named: LocalName | null;
      readonly namedDigest: Digest | null;
    }
  | {
      readonly kind: 'former';
      readonly repository: IndexedRepository;
      readonly tag: Tag;
      readonly digest: Digest;
    };

export interface ImageBase {
  /** Null where no image of the catalogue is known to be the base. */
  readonly found: FoundBase | null;
  /** What its layers begin with, where the base itself is not among the images known here. */
  readonly beneath: FoundBase | null;
  /** The base as the annotation names it, where it is none of the catalogue's. */
  readonly outside: string | null;
  /** What the annotation names although the layers deny it: squashed, put on another base, or a mistake. */
  readonly denied: string | null;
}

/** A reference to this registry. */
export interface LocalName {
  readonly repository: string;
  readonly tag: Tag | null;
}

const nothing: ImageBase = { found: null, beneath: null, outside: null, denied: null };

/** Finds the base of an image. `hosts` are the registry's own names. */
export function findBase(image: IndexedImage, index: LineageIndex, hosts: readonly string[]): ImageBase {
  const { claim } = image;
  const byLayers = findByLayers(image, index, null);
  const layersOnly: ImageBase = byLayers === null ? nothing : { ...nothing, found: toFound(byLayers, 'layers') };
  if (claim === null) return layersOnly;

  const named = claim.name === null ? null : parseLocalName(claim.name, hosts);
  const text = claim.name ?? claim.digest ?? '';
  const byDigest = claim.digest === null ? null : findByDigest(image, claim.digest, named, index);
  if (byDigest === 'denied') return { ...layersOnly, denied: text };
  if (byDigest !== null) {
    if (isInherited(image, byDigest, byLayers)) return layersOnly;
    return { ...nothing, found: byDigest, beneath: byDigest.kind === 'former' ? layersOnly.found : null };
  }

  const repository = named === null ? undefined : index.repositories.get(named.repository);
  if (named !== null && repository !== undefined) {
    const inRepository = findByLayers(image, index, repository);
    if (inRepository === null) return { ...layersOnly, denied: text };
    const found: FoundBase = { ...toFound(inRepository, 'annotation-and-layers'), named };
    return isInherited(image, found, byLayers) ? layersOnly : { ...nothing, found };
  }
  return { ...nothing, beneath: layersOnly.found, outside: text.includes(withheldMark) ? withheldMark : text };
}

/** `registry.example.org/debian:13@sha256:…` -> `debian`, `13`, where that host is ours; else null. */
export function parseLocalName(reference: string, hosts: readonly string[]): LocalName | null {
  const host = hosts.find((each) => reference.startsWith(`${each}/`));
  if (host === undefined) return null;
  const [path = ''] = reference.slice(host.length + 1).split('@', 1);
  const colon = path.lastIndexOf(':');
  const repository = colon === -1 ? path : path.slice(0, colon);
  const tag = colon === -1 ? null : path.slice(colon + 1);
  if (!isRepositoryName(repository)) return null;
  return { repository, tag: isTag(tag) ? tag : null };
}

/**
 * The images with the most of this one's first layers, whole: of one platform, and of another repository, for the builds of
 * one share layers by their builder's cache. Where both have kept the steps of their builds, the base's must be the first of
 * the image's; that tells a base from a sibling that was built alike. Among equals the one with most steps is the nearest.
 */
function findByLayers(
  image: IndexedImage,
  index: LineageIndex,
  only: IndexedRepository | null,
): readonly IndexedImage[] | null {
  for (let node = image.node; node !== 0; node = index.parentOf(node)) {
    let nearest: IndexedImage[] = [];
    let mostSteps = 0;
    for (const candidate of index.endingAt(node)) {
      if (only === null ? candidate.repository === image.repository : candidate.repository !== only) continue;
      if (candidate.platform !== image.platform || candidate.digest === image.digest) continue;
      const agreement = compareHistories(image, candidate);
      if (agreement === 'contradicted') continue;
      const steps = agreement === 'unknown' ? 0 : agreement;
      // With the same layers only the steps can tell who stands on whom; without them it is a copy under another name.
      if (node === image.node && (steps === 0 || steps >= image.history.length)) continue;
      if (steps < mostSteps) continue;
      if (steps > mostSteps) nearest = [];
      mostSteps = steps;
      nearest.push(candidate);
    }
    if (nearest.length > 0) return nearest;
  }
  return null;
}

/** `denied` where the digest is known and its layers are not this image's first. Null where it is not known. */
function findByDigest(
  image: IndexedImage,
  digest: Digest,
  named: LocalName | null,
  index: LineageIndex,
): FoundBase | 'denied' | null {
  const claimed = index.findClaimed(digest);
  if (claimed === null) return null;
  const all = new Set([...claimed.images, ...claimed.rows.flatMap(({ images }) => images)]);
  const others = [...all].filter(({ platform, digest: own }) => platform === image.platform && own !== image.digest);
  const choice = { named, namedDigest: digest };
  const proven = others.filter(({ node }) => node !== 0 && index.isBeneath(node, image.node));
  if (proven.length > 0) return { kind: 'images', evidence: 'annotation-and-layers', images: proven, ...choice };
  const unclear = image.node === 0 ? others : others.filter(({ node }) => node === 0);
  if (unclear.length > 0) return { kind: 'images', evidence: 'annotation', images: unclear, ...choice };
  if (all.size > 0) return 'denied';
  const former = claimed.former.filter(({ repository }) => repository.name === (named?.repository ?? repository.name));
  const [was] = former.sort((a, b) => (a.repository.name < b.repository.name ? -1 : 1));
  return was === undefined ? null : { kind: 'former', ...was, digest };
}

/** Some builders copy the base's own annotations: then they name what the base stands on, and its layers are nearer. */
function isInherited(image: IndexedImage, found: FoundBase, byLayers: readonly IndexedImage[] | null): boolean {
  if (byLayers === null) return false;
  if (found.kind === 'images' && found.images.some((each) => byLayers.includes(each))) return false;
  return byLayers.some(
    ({ claim }) => claim !== null && claim.name === image.claim?.name && claim.digest === image.claim.digest,
  );
}

function toFound(images: readonly IndexedImage[], evidence: BaseEvidence) {
  return { kind: 'images', evidence, images, named: null, namedDigest: null } as const;
}
