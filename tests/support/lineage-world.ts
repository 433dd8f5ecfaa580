/** Catalogues of images that stand on one another, told in a few words: layers by their seeds, steps by what they ran. */
import { type BaseClaim, type RepositoryInventory, toInventory } from '../../src/catalogue/inventory.ts';
import { createLineage, type Lineage, type RowLineage } from '../../src/catalogue/lineage.ts';
import { createLineageIndexBuilder, type IndexedRow, type LineageIndex } from '../../src/catalogue/lineage-index.ts';
import type { Repository } from '../../src/catalogue/model.ts';
import { annotationKeys } from '../../src/oci/annotations.ts';
import { computeDigest, type Digest } from '../../src/oci/digest.ts';
import { parseRepositoryName } from '../../src/oci/reference.ts';
import { type Content, createImage, createIndex, createRepository, toPlatform } from './catalogue-values.ts';

export const worldHost = 'registry.example.org';

export interface StackedImage {
  /** Base first. */
  readonly layers: readonly string[];
  /** The steps of the build; one that begins with `#` made no layer. Unknown by default. */
  readonly steps?: readonly string[];
  readonly platform?: string;
  readonly claim?: Partial<BaseClaim>;
  readonly labels?: Readonly<Record<string, string>>;
  /** What makes its manifest another than that of an equal image. */
  readonly seed?: string;
  readonly createdAt?: string;
}

/** One platform. */
export function stack(image: StackedImage): Content {
  const { layers, steps = [], platform = 'linux/amd64', claim, labels = {}, seed = '', createdAt = null } = image;
  const name = `${platform} ${layers.join(' ')} ${steps.join(' ')} ${seed} ${JSON.stringify(claim ?? null)}`;
  return createImage(name, {
    createdAt,
    platform: toPlatform(platform),
    layers: layers.map((layer) => [`${platform} ${layer} compressed`, 1000] as const),
    facts: { annotations: claim === undefined ? {} : toAnnotations(claim) },
    config: {
      labels,
      diffIds: layers.map((layer) => diffIdOf(layer, platform)),
      history: steps.map((step) => ({
        createdAt: null,
        createdBy: step,
        comment: null,
        emptyLayer: step.startsWith('#'),
      })),
    },
  });
}

/** Several platforms; `claim` stands on the index. */
export function stackAll(images: readonly StackedImage[], claim?: Partial<BaseClaim>): Content {
  const children = images.map((image) => {
    const platform = toPlatform(image.platform ?? 'linux/amd64');
    return [stack(image), { platform }] as const;
  });
  const seed = JSON.stringify(images);
  return createIndex(seed, children, { annotations: claim === undefined ? {} : toAnnotations(claim) });
}

/** `''` is the layer of an empty archive. */
export function diffIdOf(layer: string, platform: string): Digest {
  if (layer === '') return `sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef` as Digest;
  return computeDigest(`${platform} ${layer}`);
}

function toAnnotations({ name, digest }: Partial<BaseClaim>): Readonly<Record<string, string>> {
  return {
    ...(name == null ? {} : { [annotationKeys.baseName]: name }),
    ...(digest == null ? {} : { [annotationKeys.baseDigest]: digest }),
  };
}

export type WorldPart = Readonly<Record<string, Content>> | Repository;

export interface LineageWorld {
  readonly index: LineageIndex;
  readonly lineage: Lineage;
  readonly inventories: readonly RepositoryInventory[];
  rowOf(reference: string): IndexedRow;
  of(reference: string): RowLineage;
  /** `bookworm:2 (layers), 3 behind 5` for each base; what is outside, denied or unknown follows. */
  describe(reference: string): string;
}

/** A catalogue by the names of its repositories. */
export function createLineageWorld(parts: Readonly<Record<string, WorldPart>>): LineageWorld {
  const builder = createLineageIndexBuilder();
  const inventories = Object.entries(parts).map(([name, part]) => {
    const repository = 'manifests' in part && part.manifests instanceof Map ? (part as Repository) : null;
    const own = repository ?? createRepository(part as Readonly<Record<string, Content>>);
    return toInventory({ ...own, name: parseRepositoryName(name) });
  });
  for (const inventory of inventories) builder.add(inventory);
  const index = builder.finish();
  const lineage = createLineage(index, [worldHost]);
  const rowOf = (reference: string): IndexedRow => {
    const [name = '', tag = ''] = reference.split(':');
    const row = index.repositories.get(name)?.rows.find(({ tags }) => tags.some((each) => each === tag));
    if (row === undefined) throw new TypeError(`the world has no ${reference}`);
    return row;
  };
  const of = (reference: string) => lineage.lineageOf(rowOf(reference));
  return { index, lineage, inventories, rowOf, of, describe: (reference) => describeLineage(of(reference)) };
}

function describeLineage({ bases, beneath, outside, denied, unknown, row }: RowLineage): string {
  const several = row.images.length > 1;
  const on = (platforms: readonly (string | null)[]) =>
    several && platforms.length < row.images.length ? ` on ${platforms.join('+')}` : '';
  const describeBase = ({
    name,
    tag,
    evidence,
    behind,
    newest,
    alsoNamed,
    platforms,
    row: own,
  }: RowLineage['bases'][0]) =>
    [
      `${name}:${tag}`,
      ...alsoNamed.map((also) => `=${also.name}:${also.tag}`),
      own === null ? '(formerly)' : `(${evidence})`,
      behind === null ? 'age unknown' : behind === 0 ? 'newest' : `${behind} behind ${newest}`,
    ].join(' ') + on(platforms);
  return [
    ...bases.map(describeBase),
    ...beneath.map((base) => `beneath ${describeBase(base)}`),
    ...outside.map(({ text, platforms }) => `outside ${text}${on(platforms)}`),
    ...denied.map(({ text, platforms }) => `denied ${text}${on(platforms)}`),
    ...(unknown.length === 0 ? [] : [`unknown${on(unknown)}`]),
  ].join('; ');
}
