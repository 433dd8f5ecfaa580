/** Who stands on which base -> JSON. */
import type { BaseEvidence } from '../catalogue/base-image.ts';
import type { BaseRepository, BaseVersion, Dependent } from '../catalogue/dependents.ts';
import type { IndexedRow } from '../catalogue/lineage-index.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { fixedAddresses } from '../view/addresses.ts';
import type { BaseNote, ImageLineage } from '../view/image-lineage.ts';
import type { Site } from '../view/site.ts';
import { apiVersion } from './catalogue-json.schema.ts';
import { encodeJson } from './encode-json.ts';
import type { LineageJson } from './lineage-json.schema.ts';
import type { OutputFile } from './output-file.ts';

/** Writes it. `isJudged` says whether a row is the one that its image is judged by. */
export function encodeLineageJson(
  bases: readonly BaseRepository[],
  images: ReadonlyMap<RepositoryName, ImageLineage>,
  isJudged: (row: IndexedRow) => boolean,
  site: Site,
): OutputFile {
  const json: LineageJson = {
    schemaVersion: apiVersion,
    publicHost: site.settings.publicHost,
    bases: bases.map(({ name, isRemoved, versions }) => ({
      ...{ name, isRemoved },
      versions: versions.map((version) => toVersionJson(version, isJudged)),
    })),
    images: [...images].map(([name, lineage]) => ({
      ...{ name, tag: lineage.tag, isOutdated: lineage.isOutdated },
      bases: lineage.bases.map(toBaseJson),
      beneath: lineage.beneath.map(toBaseJson),
      further: lineage.further.map(toBaseJson),
      outside: lineage.outside.map(toNamedJson),
      denied: lineage.denied.map(toNamedJson),
      builtOnCount: lineage.builtOnCount,
    })),
  };
  return { path: fixedAddresses.lineageJson, text: encodeJson(json) };
}

type VersionJson = LineageJson['bases'][number]['versions'][number];

function toVersionJson({ base, dependents }: BaseVersion, isJudged: (row: IndexedRow) => boolean): VersionJson {
  const { tag, digest, newest, behind } = base;
  return {
    ...{ tag, digest, isTagged: base.row !== null },
    alsoNamed: base.alsoNamed.map((also) => `${also.name}:${also.tag}`),
    ...{ newest, behind },
    images: dependents
      .map((dependent) => toStandingJson(dependent, isJudged(dependent.row)))
      .sort((a, b) => (a.name === b.name ? 0 : a.name < b.name ? -1 : 1)),
  };
}

function toStandingJson(
  { row, ancestor: { base, via } }: Dependent,
  isCurrent: boolean,
): VersionJson['images'][number] {
  const isWhole = base.platforms.length === row.images.length;
  return {
    name: row.repository.name,
    tags: [...row.tags],
    isCurrent,
    via: via.map((between) => `${between.name}:${between.tag}`),
    platforms: isWhole ? null : base.platforms.map((platform) => platform ?? 'unknown'),
    evidence: [base, ...via].map(({ evidence }) => evidence).reduce(pickWeaker),
  };
}

function pickWeaker(a: BaseEvidence, b: BaseEvidence): BaseEvidence {
  if (a === 'annotation' || b === 'annotation') return 'annotation';
  return a === 'layers' ? a : b;
}

function toBaseJson({ platforms, alsoNamed, ...base }: BaseNote): LineageJson['images'][number]['bases'][number] {
  return {
    ...base,
    platforms: platforms === null ? null : [...platforms],
    alsoNamed: alsoNamed.map(({ name, tag }) => ({ name, tag })),
  };
}

function toNamedJson({ platforms, text }: ImageLineage['outside'][number]) {
  return { platforms: platforms === null ? null : [...platforms], text };
}
