/** One repository, as the search is told of it. */
import { imageConfigOf, listLeaves } from '../catalogue/facts.ts';
import type { Facts, Repository } from '../catalogue/model.ts';
import { annotationKeys } from '../oci/annotations.ts';
import type { Digest } from '../oci/digest.ts';
import { parseRepositoryName, type RepositoryName } from '../oci/reference.ts';
import type { SearchableRepository } from '../search/encode-search-files.ts';
import { packDigests, type SearchableDigest } from '../search/packed-digests.ts';
import { cutText, longestDescription, toSearchedDescription } from '../search/search-record.ts';
import { imageAddress } from '../view/addresses.ts';
import type { ImageLineage } from '../view/image-lineage.ts';
import { pickOwnText } from '../view/own-words.ts';
import type { RepositorySummary } from '../view/repository-summary.ts';
import type { Site, SiteSettings } from '../view/site.ts';
import { listTagRows } from '../view/tag-rows.ts';

/** What the search finds a repository by. `summary` is its own. */
export function toSearchableRepository(
  repository: Repository,
  summary: RepositorySummary,
  settings: SiteSettings,
): SearchableRepository {
  const { name, recommended, createdAt, platforms } = summary;
  const address = imageAddress(name);
  const { versions, attachments } = listTagRows(repository, recommended?.tag ?? null);
  const rows = [...versions.flatMap((group) => group.rows), ...attachments];
  const tags = rows.flatMap(({ lead, aliases }) => [lead, ...aliases]);
  return {
    name,
    description: summary.description,
    tagCount: summary.tagCount,
    recommendedTag: recommended?.tag ?? null,
    createdOn: createdAt?.slice(0, 10) ?? null,
    compressedSizeBytes: platforms[0]?.compressedSizeBytes ?? summary.artifactSizeBytes,
    platforms: platforms.flatMap(({ platform }) => platform ?? []),
    kinds: summary.kinds,
    bases: recommended === null ? [] : listBases(recommended.digest, repository, settings),
    state: summary.staleSince === null ? 'current' : 'stale',
    isBaseOutdated: false,
    path: address === `${name}/tags/` ? null : address,
    tags,
    digests: packDigests(
      rows.flatMap(({ digest, lead }) => (digest === null ? [] : listDigests(digest, lead, repository))),
      tags,
    ),
    labels: recommended === null ? [] : listLabels(recommended.digest, repository),
  };
}

/**
 * The same repositories with what their own files do not say: the operator's notes, and the bases that their layers tell of.
 * `lineages` are those of the whole catalogue, by name.
 */
export async function* completeSearchables(
  repositories: AsyncIterable<SearchableRepository>,
  { notesOf }: Pick<Site, 'notesOf'>,
  lineages: ReadonlyMap<RepositoryName, ImageLineage>,
): AsyncGenerator<SearchableRepository> {
  for await (const repository of repositories) {
    const name = parseRepositoryName(repository.name);
    const { description, owner, deprecatedSince } = notesOf(name);
    yield {
      ...repository,
      description: describe(description ?? repository.description, owner),
      ...(owner === undefined ? {} : { labels: [...repository.labels, ['owner', owner] as const] }),
      ...(deprecatedSince === undefined ? {} : { state: 'deprecated' as const }),
      isBaseOutdated: lineages.get(name)?.isOutdated === true,
      bases: addBases(repository.bases, lineages.get(name)),
    };
  }
}

const longestOwner = 60;
const separator = ' · ';

/** What is searched as words: who looks after an image belongs to it, and must not be what a long description pushes out. */
function describe(description: string | null, owner: string | undefined): string | null {
  if (owner === undefined) return description;
  const shortOwner = cutText(owner.replace(/\s+/g, ' ').trim(), longestOwner);
  if (description === null) return shortOwner;
  const words = toSearchedDescription(description) ?? '';
  return `${cutText(words, longestDescription - separator.length - shortOwner.length)}${separator}${shortOwner}`;
}

/** Names without tags: many images stand on one, and each on another build of it. What the layers deny is left out. */
function addBases(named: readonly string[], lineage: ImageLineage | undefined): readonly string[] {
  if (lineage === undefined) return named;
  const { bases, beneath, further, denied } = lineage;
  const believed = denied.length > 0 ? [] : named;
  const proven = [...bases, ...beneath, ...further].flatMap(({ name, alsoNamed }) => [
    name,
    ...alsoNamed.map((other) => other.name),
  ]);
  const isNamed = (name: string) => believed.some((base) => base === name || base.startsWith(`${name}:`));
  return [...believed, ...new Set(proven.filter((name) => !isNamed(name)))];
}

/** Every digest that a tag leads to. */
function listDigests(digest: Digest, tag: string, repository: Repository): readonly SearchableDigest[] {
  const toKind = (facts: Facts | null) =>
    facts === null || facts.shape === 'opaque' ? 'other' : facts.shape === 'index' ? 'index' : 'manifest';
  const found: SearchableDigest[] = [{ digest, kind: toKind(repository.manifests.get(digest) ?? null), tag }];
  for (const leaf of listLeaves(digest, repository)) {
    if (leaf.digest !== digest) found.push({ digest: leaf.digest, kind: toKind(leaf.facts), tag });
    if (leaf.facts?.shape !== 'manifest') continue;
    found.push({ digest: leaf.facts.config.digest, kind: 'config', tag });
    for (const layer of leaf.facts.layers) found.push({ digest: layer.digest, kind: 'layer', tag });
  }
  return found;
}

/** The labels of all platforms, the first that has a key deciding, and the annotations besides. */
function listLabels(digest: Digest, repository: Repository): readonly (readonly [string, string])[] {
  const labels = new Map<string, string>();
  const add = (texts: Readonly<Record<string, string>>) => {
    for (const [key, text] of Object.entries(texts)) if (!labels.has(key)) labels.set(key, text);
  };
  for (const { facts } of listLeaves(digest, repository)) {
    if (facts !== null) add(imageConfigOf(facts, repository)?.labels ?? {});
  }
  add(repository.manifests.get(digest)?.annotations ?? {});
  return [...labels];
}

/** The base that the image names, where it lies in this registry: `registry.example.org/debian:13` is `debian:13`. */
function listBases(digest: Digest, repository: Repository, settings: SiteSettings): readonly string[] {
  const base = pickOwnText(digest, repository, [annotationKeys.baseName]);
  const host = [settings.publicHost, ...settings.alternateHosts].find((each) => base?.startsWith(`${each}/`));
  return base === null || host === undefined ? [] : [base.slice(host.length + 1)];
}
