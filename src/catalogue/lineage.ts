/**
 * What every image of the catalogue is built on, and how far behind that base it is. A base is a version: a digest that tags
 * point at. What cannot be told is left out, never guessed.
 */
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import { createTagLines, leadOf, measureAge, measureFormerAge, pickOlder, type TagLines } from './base-age.ts';
import { type BaseEvidence, type FoundBase, findBase, type ImageBase } from './base-image.ts';
import type { IndexedImage, IndexedRepository, IndexedRow, LineageIndex } from './lineage-index.ts';
import { toTagFamily } from './tag-family.ts';

import { compareTags } from './tag-order.ts';

/** A version of a repository that images stand on. */
export interface Base {
  /** Those of the image's platforms that stand on it. */
  readonly platforms: readonly (string | null)[];
  readonly evidence: BaseEvidence;
  readonly name: RepositoryName;
  /** The tag that says most exactly which it is. */
  readonly tag: Tag;
  readonly digest: Digest;
  /** Null where the tag has moved on, or is gone: then only history knows the digest. */
  readonly row: IndexedRow | null;
  /** Other repositories that have the same content. */
  readonly alsoNamed: readonly { readonly name: RepositoryName; readonly tag: Tag }[];
  /** The newest of the same line, or null where no order tells. */
  readonly newest: Tag | null;
  /** How many builds of that line are newer and have other layers; null is unknown. */
  readonly behind: number | null;
}

/** A text that says what some platforms are built on. */
export interface NamedBase {
  readonly platforms: readonly (string | null)[];
  readonly text: string;
}

/** What a digest that tags point at is built on. */
export interface RowLineage {
  readonly row: IndexedRow;
  /** One where all platforms agree. */
  readonly bases: readonly Base[];
  /** What its layers begin with, where the base itself is not among the images known here. */
  readonly beneath: readonly Base[];
  /** Bases that are not the catalogue's, as the annotations name them. */
  readonly outside: readonly NamedBase[];
  /** What annotations name and the layers deny. */
  readonly denied: readonly NamedBase[];
  /** Platforms of which nothing is known. */
  readonly unknown: readonly (string | null)[];
}

export interface Lineage {
  lineageOf(row: IndexedRow): RowLineage;
}

/** Opens the lineage of a catalogue. Each row is worked out when it is first asked for. `hosts` are the registry's names. */
export function createLineage(index: LineageIndex, hosts: readonly string[]): Lineage {
  const lines = new Map<IndexedRepository, TagLines>();
  const bases = new Map<IndexedImage, ImageBase>();
  const lineages = new Map<IndexedRow, RowLineage>();
  const linesOf = (repository: IndexedRepository) => {
    const known = lines.get(repository) ?? createTagLines(repository);
    lines.set(repository, known);
    return known;
  };
  const baseOf = (image: IndexedImage) => {
    const known = bases.get(image) ?? findBase(image, index, hosts);
    bases.set(image, known);
    return known;
  };
  return {
    lineageOf(row) {
      const known = lineages.get(row);
      if (known !== undefined) return known;
      const lineage = toRowLineage(row, baseOf, linesOf);
      // That nothing is found is found again as quickly, and of most rows of many catalogues nothing is.
      if (lineage.unknown.length < row.images.length) lineages.set(row, lineage);
      return lineage;
    },
  };
}

interface PlatformBase {
  readonly platform: string | null;
  readonly base: ImageBase;
}

type LinesOf = (repository: IndexedRepository) => TagLines;

function toRowLineage(row: IndexedRow, baseOf: (image: IndexedImage) => ImageBase, linesOf: LinesOf): RowLineage {
  const platforms = row.images.map((image): PlatformBase => ({ platform: image.platform, base: baseOf(image) }));
  const ofKind = (key: 'found' | 'beneath') =>
    toBases(
      platforms.flatMap(({ platform, base }) => (base[key] === null ? [] : [{ platform, found: base[key] }])),
      linesOf,
    );
  return {
    row,
    bases: ofKind('found'),
    beneath: ofKind('beneath'),
    outside: groupTexts(platforms, 'outside'),
    denied: groupTexts(platforms, 'denied'),
    unknown: platforms
      .filter(({ base }) => base.found === null && base.outside === null)
      .map(({ platform }) => platform),
  };
}

function groupTexts(platforms: readonly PlatformBase[], key: 'outside' | 'denied'): readonly NamedBase[] {
  const named = platforms.filter(({ base }) => base[key] !== null);
  return [...Map.groupBy(named, ({ base }) => base[key] ?? '')].map(([text, group]) => ({
    platforms: group.map(({ platform }) => platform),
    text,
  }));
}

interface PlatformFound {
  readonly platform: string | null;
  readonly found: FoundBase;
}

/** One base for all platforms where one version fits all of them, else one for each. */
function toBases(platforms: readonly PlatformFound[], linesOf: LinesOf): readonly Base[] {
  const byImages = platforms.flatMap(({ platform, found }) => (found.kind === 'images' ? [{ platform, found }] : []));
  const former = platforms.flatMap(({ platform, found }) => (found.kind === 'former' ? [{ platform, found }] : []));
  const common = byImages
    .map(({ found }) => listRows(found))
    .reduce<ReadonlySet<IndexedRow> | null>((left, right) => left?.intersection(right) ?? right, null);
  const groups = common !== null && common.size > 0 ? [byImages] : byImages.map((one) => [one]);
  const found = groups.flatMap((group) => {
    const rows = common !== null && common.size > 0 ? common : listRows((group[0] as (typeof byImages)[number]).found);
    return group.length === 0 ? [] : [toBase(group, rows, linesOf)];
  });
  const byDigest = Map.groupBy(former, ({ found: { repository, digest } }) => `${repository.name} ${digest}`);
  return [...found, ...[...byDigest.values()].map((group) => toFormerBase(group, linesOf))];
}

type ImagesFound = Extract<FoundBase, { kind: 'images' }>;

/** What has the digest that an annotation names, else what has the images. */
function listRows({ images, namedDigest }: ImagesFound): ReadonlySet<IndexedRow> {
  const rows = images.flatMap((image) => image.rows);
  const named = rows.filter(({ digest }) => digest === namedDigest);
  return new Set(named.length > 0 ? named : rows);
}

/**
 * One content under several names is named after the repository with most builds of its line, for there it comes from; a copy
 * of one of them says nothing about what is newer.
 */
function toBase(
  group: readonly { readonly platform: string | null; readonly found: ImagesFound }[],
  candidates: ReadonlySet<IndexedRow>,
  linesOf: LinesOf,
): Base {
  const { named } = (group[0] as (typeof group)[number]).found;
  const rows = preferNamed(candidates, named);
  const byRepository = Map.groupBy(rows, ({ repository }) => repository);
  const choices = [...byRepository].map(([repository, own]) => {
    // The newest of those with the same content: what an image on an equal build lacks is nothing.
    const row = own.sort(byTag)[0] as IndexedRow;
    const ages = group.map(({ platform }) => measureAge(row, platform, linesOf(repository)));
    return { repository, row, age: ages.reduce(pickOlder) };
  });
  const builds = new Map(choices.map((each) => [each, linesOf(each.repository).lineOf(leadOf(each.row)).length]));
  choices.sort((a, b) => (builds.get(b) ?? 0) - (builds.get(a) ?? 0) || byName(a.repository, b.repository));
  choices.sort((a, b) => Number(a.repository.isRemoved) - Number(b.repository.isRemoved));
  const [{ repository, row, age } = unreachable(), ...others] = choices;
  return {
    platforms: group.map(({ platform }) => platform),
    evidence: group.map(({ found }) => found.evidence).reduce(weaker),
    name: repository.name,
    tag: named?.repository === repository.name && named.tag !== null ? pickTag(row, named.tag) : leadOf(row),
    digest: row.digest,
    row,
    alsoNamed: others.map((other) => ({ name: other.repository.name, tag: leadOf(other.row) })),
    ...age,
  };
}

function unreachable(): never {
  throw new TypeError('a base without a version');
}

/** A tag that has no numbers of its own says less than its sibling does. */
function pickTag(row: IndexedRow, named: Tag): Tag {
  return row.tags.includes(named) && toTagFamily(named).isOrdered ? named : leadOf(row);
}

function preferNamed(rows: ReadonlySet<IndexedRow>, named: ImagesFound['named']): readonly IndexedRow[] {
  const inRepository = [...rows].filter(({ repository }) => repository.name === named?.repository);
  const withTag = inRepository.filter(({ tags }) => named?.tag != null && tags.includes(named.tag));
  if (withTag.length > 0) return withTag;
  return inRepository.length > 0 ? inRepository : [...rows];
}

/** The shorter name first. */
function byName(a: IndexedRepository, b: IndexedRepository): number {
  return a.name.length - b.name.length || (a.name < b.name ? -1 : 1);
}

function byTag(a: IndexedRow, b: IndexedRow): number {
  return compareTags(leadOf(a), leadOf(b));
}

function weaker(a: BaseEvidence, b: BaseEvidence): BaseEvidence {
  return strength.indexOf(a) < strength.indexOf(b) ? a : b;
}

const strength: readonly BaseEvidence[] = ['annotation', 'layers', 'annotation-and-layers'];

function toFormerBase(
  group: readonly { readonly platform: string | null; readonly found: Extract<FoundBase, { kind: 'former' }> }[],
  linesOf: LinesOf,
): Base {
  const { repository, tag, digest } = (group[0] as (typeof group)[number]).found;
  return {
    platforms: group.map(({ platform }) => platform),
    evidence: 'annotation',
    ...{ name: repository.name, tag, digest, row: null, alsoNamed: [] },
    ...measureFormerAge(repository, tag, digest, linesOf(repository)),
  };
}
