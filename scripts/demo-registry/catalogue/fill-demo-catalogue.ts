/**
 * The demo's catalogue: what a large public registry of a foundation looks like, made from its published references and from
 * draws that are the same every time. No clock, no chance: every run and every host gets the same digests.
 */
import { parseRepositoryName, parseTag, type RepositoryName } from '../../../src/oci/reference.ts';
import { putContent } from '../image/encode-content.ts';
import type { RegistryStore } from '../store/registry-store.ts';
import { type BaseImages, createBaseImages } from './base-images.ts';
import type { Build } from './build.ts';
import { dayMs, newestBuildMs, toBuildTimes } from './build-times.ts';
import type { CatalogueSettings } from './catalogue-settings.ts';
import { type Distribution, distributions, findDistribution, findParent } from './lineage.ts';
import { isBuiltFromScratch } from './product.ts';
import { encodeProduct } from './product-build.ts';
import { type ListedRepository, readReferences } from './references.ts';
import { drawBetween, drawFraction } from './seeded.ts';
import { fillSpecialRepositories } from './special-repositories.ts';

export interface FillOptions extends Partial<CatalogueSettings> {
  /** Which repositories to put into the store; their bases are made, but not put, when they are not selected. Default: all. */
  readonly selects?: (name: RepositoryName) => boolean;
}

/** Puts the catalogue into `store`. */
export function fillDemoCatalogue(store: RegistryStore, options: FillOptions = {}): void {
  const { selects = () => true, layerScale = 1, publicHost = 'docker-registry.example.org' } = options;
  const settings: CatalogueSettings = { layerScale, publicHost };
  const bases = createBaseImages(settings);
  const listed = new Map(readReferences().map((repository) => [repository.name, repository]));
  const built = new Map<RepositoryName, readonly Build[]>();

  for (const distribution of Object.keys(distributions) as Distribution[]) {
    putBase(store, distribution, bases.kept(distribution), selects);
  }
  /** A repository's builds, oldest first; those of its parent are made before. */
  const buildsOf = (repository: ListedRepository): readonly Build[] => {
    const existing = built.get(repository.name);
    if (existing) return existing;
    const parent = listed.get(findParent(repository.name) ?? ('' as RepositoryName));
    const parents = parent ? buildsOf(parent) : [];
    const builds = encodeBuilds(repository, parents, bases, settings);
    built.set(repository.name, builds);
    return builds;
  };
  for (const repository of listed.values()) {
    if (selects(repository.name)) putProduct(store, repository, buildsOf(repository));
  }
  fillSpecialRepositories(store, selects, settings);
}

/** Which of its parent's builds an image stands on, and the image itself, for each version. */
function encodeBuilds(
  { name, versions, moving }: ListedRepository,
  parents: readonly Build[],
  bases: BaseImages,
  settings: CatalogueSettings,
): readonly Build[] {
  // A repository that has moving tags alone gets the image behind them from a tag of its own.
  const tags = versions.length > 0 ? versions : moving.slice(0, 1);
  const times = new Map(toBuildTimes(name, tags));
  if (withTesting.has(name)) times.set(testing, Math.min(Math.max(...times.values()) + 2.5 * dayMs, newestBuildMs));
  const builds = [...times].map(([tag, builtAtMs]) => {
    const knownAtMs = builtAtMs - lagMs(name);
    const onParent = parents.findLast((build) => build.builtAtMs <= knownAtMs);
    const parent = onParent ?? bases.at(findDistribution(name, knownAtMs), knownAtMs);
    return encodeProduct({ name, tag, builtAtMs, parent: isBuiltFromScratch(name) ? null : parent }, settings);
  });
  return builds.sort((a, b) => a.builtAtMs - b.builtAtMs);
}

/** How old a base is when a repository builds on it: most take the newest, some pin one and forget it. */
function lagMs(name: RepositoryName): number {
  const days =
    drawFraction(name, 'forgetful') < 0.8 ? drawBetween(0.3, 5, name, 'lag') : drawBetween(30, 300, name, 'lag');
  return days * dayMs;
}

function putProduct(store: RegistryStore, { name, moving }: ListedRepository, builds: readonly Build[]): void {
  for (const build of builds) putContent(store, name, build.content, [build.tag]);
  const versions = builds.filter(({ tag }) => tag !== testing);
  const newest = versions.at(-1);
  if (!newest) return;
  const oneBefore = versions.at(-2) ?? newest;
  for (const tag of moving) {
    // Now and then nobody moved it along.
    const isForgotten = tag === 'stable' || drawFraction(name, tag) < 0.15;
    store.putTag(name, tag, (isForgotten ? oneBefore : newest).content.manifest.digest);
  }
  const minor = withMinorAlias.has(name) ? /^v?\d+\.\d+(?=\.)/.exec(newest.tag)?.[0] : undefined;
  if (minor) store.putTag(name, parseTag(minor), newest.content.manifest.digest);
}

const withMinorAlias: ReadonlySet<string> = new Set(['coredns', 'envoy', 'haproxy', 'kubectl', 'memcached', 'otelcol']);
const testing = parseTag('testing');
const withTesting: ReadonlySet<string> = new Set(['abstractwiki-rust', 'kubectl', 'mediawiki-httpd', 'php8.3-fpm']);

/** The base's builds, `latest`, and for the oldest ones the longer name that they have as well. */
function putBase(
  store: RegistryStore,
  distribution: Distribution,
  builds: readonly Build[],
  selects: (name: RepositoryName) => boolean,
): void {
  const isOld = /^(?:jessie|stretch|buster)$/.test(distribution);
  const names = [distribution, ...(isOld ? [`wikimedia-${distribution}`] : [])].map(parseRepositoryName);
  for (const name of names.filter(selects)) {
    for (const build of builds) putContent(store, name, build.content, [build.tag]);
    const newest = builds.at(-1);
    if (newest) store.putTag(name, parseTag('latest'), newest.content.manifest.digest);
  }
}
