/**
 * One manifest's page. It shows what the digest itself says and nothing that may change around it (tags, first sight, who
 * shares its layers), so it is written once.
 */
import { pickBuildDate } from '../catalogue/dates.ts';
import { isAttestationChild, type Leaf, listLeaves } from '../catalogue/facts.ts';
import { artifactTypeOf, type Kind, pickKind } from '../catalogue/kinds.ts';
import type { ConfigProblem, Facts, Instant, Repository } from '../catalogue/model.ts';
import { listPlatforms, toCompressedSize } from '../catalogue/sizes.ts';
import { annotationKeys } from '../oci/annotations.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import type { ImageConfig } from '../oci/image-config.ts';
import { isForeignLayerType } from '../oci/media-type.ts';
import { comparePlatforms, formatPlatform, type Platform } from '../oci/platform.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { type BuildStep, listBuildSteps } from './build-steps.ts';
import type { PlatformFigure } from './image-view.ts';
import type { Link } from './listing-view.ts';
import { pickDescription } from './own-words.ts';
import { listInspectCommands, listPullCommands, type PullCommand } from './pull-commands.ts';
import { toSafeHref } from './safe-link.ts';
import { shortenDigest } from './short-digest.ts';
import { listPathsAbove, type Site, toImageHref, toPathHref } from './site.ts';
import { toVisibleText } from './visible-text.ts';

/** A key and a text that the image's author wrote. */
export interface AuthorText {
  readonly key: string;
  readonly text: string;
  /** Null where the text is no safe address. */
  readonly href: string | null;
}

/** How an image runs: what its config says, in the words of a Dockerfile. */
export interface RunFact {
  readonly term: 'ENTRYPOINT' | 'CMD' | 'USER' | 'WORKDIR' | 'EXPOSE' | 'VOLUME' | 'STOPSIGNAL';
  readonly text: string;
}

export interface LayerFigure extends Descriptor {
  readonly isForeign: boolean;
  /** Of the platform's layers together, in per cent, to one decimal. */
  readonly share: number;
}

/** A manifest by itself, or one platform of an index. */
export interface LeafView {
  /** Null for what has no platform, or one that nobody names. */
  readonly platform: string | null;
  readonly anchor: string;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly manifestSizeBytes: number | null;
  /** Why there is nothing to show, or null. */
  readonly problem: string | null;
  readonly config: Descriptor | null;
  readonly configProblem: string | null;
  readonly recordedAt: string | null;
  readonly createdAt: Instant | null;
  readonly author: string | null;
  readonly compressedSizeBytes: number | null;
  readonly layers: readonly LayerFigure[];
  readonly run: readonly RunFact[];
  readonly environment: readonly string[];
  readonly steps: readonly BuildStep[];
  /** Values of the environment and the build history were left out on purpose. */
  readonly isWithheld: boolean;
  readonly labels: readonly AuthorText[];
  /** The fields of a Helm chart. */
  readonly chart: readonly AuthorText[];
  /** Of a platform of an index, save what the index says as well. */
  readonly annotations: readonly AuthorText[];
}

/** Something in an index that is about one of its platforms. */
export interface AttestationFigure extends Descriptor {
  readonly about: string | null;
}

export interface ManifestView {
  readonly name: RepositoryName;
  readonly host: string;
  readonly digest: Digest;
  readonly breadcrumbs: readonly Link[];
  readonly imageHref: string;
  readonly description: string | null;
  readonly kind: Kind;
  readonly shape: Facts['shape'] | null;
  readonly mediaType: string | null;
  readonly artifactType: string | null;
  readonly sizeBytes: number | null;
  readonly subject: Digest | null;
  readonly createdAt: Instant | null;
  readonly problem: string | null;
  readonly pull: readonly PullCommand[];
  readonly inspect: readonly string[];
  readonly annotations: readonly AuthorText[];
  /** Empty for what is no index. */
  readonly platforms: readonly (PlatformFigure & { readonly anchor: string })[];
  readonly leaves: readonly LeafView[];
  readonly attestations: readonly AttestationFigure[];
}

/** No date is in the future of this one: the page knows no time of its own. */
const farFuture = '9999-12-31T23:59:59Z';

/** Everything that a manifest's page shows. */
export function toManifestView(repository: Repository, digest: Digest, site: Site): ManifestView {
  const { name } = repository;
  const facts = repository.manifests.get(digest) ?? null;
  const kind = pickKind(digest, repository);
  const { publicHost } = site.settings;
  const leaves = listLeaves(digest, repository);
  const isIndex = facts?.shape === 'index';
  return {
    ...{ name, digest, kind },
    host: publicHost,
    breadcrumbs: listPathsAbove(name).map((path) => ({
      text: path.slice(path.lastIndexOf('/') + 1),
      href: toPathHref(site, path),
    })),
    imageHref: toImageHref(site, name),
    description: pickDescription(digest, repository),
    shape: facts?.shape ?? null,
    mediaType: facts?.mediaType ?? null,
    artifactType: facts === null ? null : artifactTypeOf(facts),
    sizeBytes: facts?.sizeBytes ?? null,
    subject: facts?.subject ?? null,
    createdAt: pickBuildDate(digest, repository, farFuture),
    problem: toProblem(facts),
    pull: listPullCommands(kind, publicHost, name, { digest }),
    inspect: listInspectCommands(publicHost, name, digest),
    annotations: toAuthorTexts(facts?.annotations ?? {}),
    platforms: isIndex
      ? listPlatforms(digest, repository, farFuture).map(({ platform, ...figures }) => ({
          platform: platform === null ? null : formatPlatform(platform),
          ...figures,
          anchor: toAnchor(figures.digest),
        }))
      : [],
    leaves: leaves
      .filter(({ child }) => child === null || !isAttestationChild(child))
      .map((leaf) => toLeafView(leaf, facts?.annotations ?? {}, repository))
      .sort(byPlatform)
      .map(({ view }) => view),
    attestations: leaves.flatMap((leaf) => toAttestation(leaf, leaves)),
  };
}

type Texts = Readonly<Record<string, string>>;

function toLeafView({ digest, child, facts }: Leaf, shared: Texts, repository: Repository) {
  const content = facts?.shape === 'manifest' ? repository.configs.get(facts.config.digest) : undefined;
  const config = content !== undefined && 'diffIds' in content ? content : null;
  const platform = child?.platform ?? config?.platform ?? null;
  const layers = facts?.shape === 'manifest' ? facts.layers : [];
  const view: LeafView = {
    platform: platform === null ? null : formatPlatform(platform),
    anchor: toAnchor(digest),
    digest,
    mediaType: facts?.mediaType ?? child?.mediaType ?? 'unknown',
    manifestSizeBytes: facts?.sizeBytes ?? child?.sizeBytes ?? null,
    problem: toProblem(facts),
    config: facts?.shape === 'manifest' ? facts.config : null,
    configProblem: content !== undefined && 'problem' in content ? configProblems[content.problem] : null,
    recordedAt: config?.createdAt == null ? null : toVisibleText(config.createdAt),
    createdAt: pickBuildDate(digest, repository, farFuture),
    author: config?.author == null ? null : toVisibleText(config.author),
    compressedSizeBytes: toCompressedSize(facts),
    layers: toLayerFigures(layers),
    run: config === null ? [] : listRunFacts(config),
    environment: (config?.environment ?? []).map(toVisibleText),
    steps: config === null ? [] : listBuildSteps(config, layers),
    isWithheld: config?.withheld ?? false,
    labels: toAuthorTexts(config?.labels ?? {}),
    chart: content !== undefined && 'chart' in content ? toAuthorTexts(content.chart) : [],
    annotations: child === null ? [] : toAuthorTexts({ ...child.annotations, ...facts?.annotations }, shared),
  };
  return { platform, view };
}

function byPlatform(a: { platform: Platform | null }, b: { platform: Platform | null }): number {
  if (a.platform === null || b.platform === null) return Number(a.platform === null) - Number(b.platform === null);
  return comparePlatforms(a.platform, b.platform);
}

function toLayerFigures(layers: readonly Descriptor[]): readonly LayerFigure[] {
  const total = layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return layers.map((layer) => ({
    ...layer,
    isForeign: isForeignLayerType(layer.mediaType),
    share: total === 0 ? 0 : Math.round((layer.sizeBytes / total) * 1000) / 10,
  }));
}

function listRunFacts(config: ImageConfig): readonly RunFact[] {
  const facts: readonly (readonly [RunFact['term'], string | null])[] = [
    ['ENTRYPOINT', toWords(config.entrypoint)],
    ['CMD', toWords(config.command)],
    ['USER', config.user],
    ['WORKDIR', config.workingDir],
    ['EXPOSE', config.exposedPorts.join(' ') || null],
    ['VOLUME', config.volumes.join(' ') || null],
    ['STOPSIGNAL', config.stopSignal],
  ];
  return facts.flatMap(([term, text]) => (text === null ? [] : [{ term, text: toVisibleText(text) }]));
}

function toWords(words: readonly string[] | null): string | null {
  return words === null || words.length === 0 ? null : JSON.stringify(words).replaceAll('","', '", "');
}

/** `texts` by key, without those that `known` has too. */
function toAuthorTexts(texts: Texts, known: Texts = {}): readonly AuthorText[] {
  return Object.entries(texts)
    .filter(([key, text]) => !Object.hasOwn(known, key) || known[key] !== text)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, text]) => ({ key: toVisibleText(key), text: toVisibleText(text), href: toSafeHref(text) }));
}

function toAttestation({ child, digest, facts }: Leaf, leaves: readonly Leaf[]): readonly AttestationFigure[] {
  if (child === null || !isAttestationChild(child)) return [];
  const subject = leaves.find((leaf) => leaf.digest === child.annotations[annotationKeys.attestationSubject]);
  const platform = subject?.child?.platform ?? null;
  const { mediaType } = facts ?? child;
  return [
    { digest, mediaType, sizeBytes: child.sizeBytes, about: platform === null ? null : formatPlatform(platform) },
  ];
}

function toProblem(facts: Facts | null): string | null {
  if (facts === null) return 'Its manifest could not be read from the registry.';
  if (facts.shape !== 'opaque') return null;
  return facts.problem ?? 'This type of manifest is not one that can be read here.';
}

const configProblems: Readonly<Record<ConfigProblem['problem'], string>> = {
  invalid: 'Its config is not valid, so nothing more is known of it.',
  'too-large': 'Its config is too large to be read.',
  'redirect-refused': 'Its config is kept on another host, which this site does not read from.',
};

function toAnchor(digest: Digest): string {
  return shortenDigest(digest).replace(':', '-');
}
