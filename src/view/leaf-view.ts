/** One part of a manifest's page: a manifest by itself, or one of those in an index. */
import { isAttestationChild, type Leaf, listLeaves } from '../catalogue/facts.ts';
import { pickKind } from '../catalogue/kinds.ts';
import type { ConfigProblem, Facts, Repository } from '../catalogue/model.ts';
import { type PlatformImage, toCompressedSize } from '../catalogue/sizes.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import { isForeignLayerType } from '../oci/media-type.ts';
import { formatPlatform } from '../oci/platform.ts';
import { type AuthorText, type Texts, toAuthorTexts } from './author-texts.ts';
import { type BuildStep, listBuildSteps } from './build-steps.ts';
import { kindNames } from './kind-names.ts';
import type { LayerUses } from './layer-uses.ts';
import { type RunFact, toRunFacts } from './run-facts.ts';
import { shortenDigest } from './short-digest.ts';
import { toVisibleText } from './visible-text.ts';

export interface LayerFigure extends Descriptor {
  readonly isForeign: boolean;
  /** Of what a pull of the platform transfers, in per cent, to one decimal. */
  readonly share: number;
  /** How many images it is in, this one included; rounded down beyond nine. */
  readonly imageCount: number;
}

/** A manifest by itself, or one platform of an index. */
export interface LeafView {
  /** Its platform, or all that it serves; what it is, where it is for no platform. */
  readonly title: string;
  readonly anchor: string;
  readonly digest: Digest;
  /** Why there is nothing to show, or null. */
  readonly problem: string | null;
  readonly config: Descriptor | null;
  readonly configProblem: string | null;
  /** When it was created, as it is recorded. */
  readonly recordedAt: string | null;
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

/** The parts of what `digest` names, in the order of `platforms`, which are its own; attestations are none. */
export function listLeafViews(
  digest: Digest,
  platforms: readonly PlatformImage[],
  repository: Repository,
  layerUses: LayerUses = () => 0,
): readonly LeafView[] {
  const shared = repository.manifests.get(digest)?.annotations ?? {};
  const place = new Map(platforms.toReversed().map((each, at) => [each.digest, platforms.length - at]));
  return listLeaves(digest, repository)
    .filter(({ child }) => child === null || !isAttestationChild(child))
    .map((leaf) => toLeafView(leaf, toTitle(leaf, platforms, repository), shared, repository, layerUses))
    .sort((a, b) => (place.get(a.digest) ?? Infinity) - (place.get(b.digest) ?? Infinity) || 0);
}

/** One manifest may serve several platforms. */
function toTitle({ digest }: Leaf, platforms: readonly PlatformImage[], repository: Repository): string {
  const served = platforms.filter((each) => each.digest === digest);
  if (served.length === 0) return kindNames[pickKind(digest, repository)];
  return served.map(({ platform }) => (platform === null ? 'Unknown platform' : formatPlatform(platform))).join(', ');
}

function toLeafView(
  { digest, child, facts }: Leaf,
  title: string,
  shared: Texts,
  repository: Repository,
  layerUses: LayerUses,
): LeafView {
  const content = facts?.shape === 'manifest' ? repository.configs.get(facts.config.digest) : undefined;
  const config = content !== undefined && 'diffIds' in content ? content : null;
  const layers = facts?.shape === 'manifest' ? facts.layers : [];
  return {
    title,
    anchor: toAnchor(digest),
    digest,
    problem: toProblem(facts),
    config: facts?.shape === 'manifest' ? facts.config : null,
    configProblem: content !== undefined && 'problem' in content ? configProblems[content.problem] : null,
    recordedAt: config?.createdAt == null ? null : toVisibleText(config.createdAt),
    author: config?.author == null ? null : toVisibleText(config.author),
    compressedSizeBytes: toCompressedSize(facts),
    layers: toLayerFigures(layers, layerUses),
    run: config === null ? [] : toRunFacts(config),
    environment: (config?.environment ?? []).map(toVisibleText),
    steps: config === null ? [] : listBuildSteps(config, layers),
    isWithheld: config?.withheld ?? false,
    labels: toAuthorTexts(config?.labels ?? {}),
    chart: content !== undefined && 'chart' in content ? toAuthorTexts(content.chart) : [],
    annotations: child === null ? [] : toAuthorTexts({ ...child.annotations, ...facts?.annotations }, shared),
  };
}

function toLayerFigures(layers: readonly Descriptor[], layerUses: LayerUses): readonly LayerFigure[] {
  const distinct = new Map(layers.map(({ digest, sizeBytes }) => [digest, sizeBytes]));
  const total = [...distinct.values()].reduce((sum, sizeBytes) => sum + sizeBytes, 0);
  return layers.map((layer) => ({
    ...layer,
    isForeign: isForeignLayerType(layer.mediaType),
    imageCount: layerUses(layer.digest),
    share: total === 0 ? 0 : Math.round((layer.sizeBytes / total) * 1000) / 10,
  }));
}

const configProblems: Readonly<Record<ConfigProblem['problem'], string>> = {
  invalid: 'Its config is not valid, so nothing more is known of it.',
  'too-large': 'Its config is too large to be read.',
  'redirect-refused': 'Its config is kept on another host, which this site does not read from.',
};

/** Why a manifest tells nothing, or null. */
export function toProblem(facts: Facts | null): string | null {
  if (facts === null) return 'Its manifest could not be read from the registry.';
  if (facts.shape !== 'opaque') return null;
  return facts.problem ?? 'This type of manifest is not one that can be read here.';
}

/** Where on the page the part of a manifest begins. */
export function toAnchor(digest: Digest): string {
  return shortenDigest(digest).replace(':', '-');
}
