/** What a digest is: something to run, or one of the many things that registries hold besides. */
import type { Digest } from '../oci/digest.ts';
import { isImageConfigType, isSchema1Type, mediaTypes } from '../oci/media-type.ts';
import { isAttestationChild } from './facts.ts';
import type { Facts, Repository } from './model.ts';

export type Kind =
  | 'image'
  | 'image-index'
  | 'helm-chart'
  | 'signature'
  | 'attestation'
  | 'sbom'
  | 'artifact'
  | 'docker-schema1'
  | 'unknown';

/** Media types that say by themselves what an artifact is; the first that fits decides. */
const tellTales: readonly (readonly [RegExp, Kind])[] = [
  [/^application\/vnd\.(dev\.cosign\.simplesigning|dev\.sigstore\.bundle|cncf\.notary\.signature)/, 'signature'],
  [/(in-toto|dsse\.envelope|slsa\.provenance)/, 'attestation'],
  [/(spdx|cyclonedx|syft)/, 'sbom'],
];

/** The kind of what `digest` names. Unreadable and unheard-of content is `unknown`. */
export function pickKind(digest: Digest, { manifests }: Pick<Repository, 'manifests'>): Kind {
  const facts = manifests.get(digest);
  return facts === undefined ? 'unknown' : pickKindOfFacts(facts);
}

/** The kind that facts by themselves make known. */
export function pickKindOfFacts(facts: Facts): Kind {
  if (facts.shape === 'opaque') return isSchema1Type(facts.mediaType) ? 'docker-schema1' : 'unknown';
  if (facts.shape === 'index') {
    const hasPlatforms = facts.children.some((child) => child.artifactType === null && !isAttestationChild(child));
    return hasPlatforms && facts.artifactType === null ? 'image-index' : 'artifact';
  }
  const types = [facts.artifactType ?? '', facts.config.mediaType, ...facts.layers.map((layer) => layer.mediaType)];
  if (facts.config.mediaType === mediaTypes.helmConfig) return 'helm-chart';
  for (const [pattern, kind] of tellTales) {
    if (types.some((type) => pattern.test(type))) return kind;
  }
  return isImageConfigType(facts.config.mediaType) && facts.artifactType === null ? 'image' : 'artifact';
}

/** The type that an artifact declares: `artifactType`, else the media type of its config, as the specification falls back. */
export function artifactTypeOf(facts: Facts): string | null {
  if (facts.artifactType !== null) return facts.artifactType;
  if (facts.shape !== 'manifest' || isImageConfigType(facts.config.mediaType)) return null;
  return facts.config.mediaType === mediaTypes.ociEmpty ? null : facts.config.mediaType;
}

/** Whether tags of this kind are versions of the repository, rather than being about one. */
export function isVersionKind(kind: Kind): boolean {
  return kind !== 'signature' && kind !== 'attestation' && kind !== 'sbom';
}

const referrersTag = /^sha(?:256|512)-[0-9a-f]{32,128}(?:\.[a-z0-9-]+)?$/;

/**
 * Whether a tag is a referrer's address and no version: `sha256-<hex>`, or cosign's `sha256-<hex>.sig`.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema
 */
export function isReferrersTag(tag: string): boolean {
  return referrersTag.test(tag);
}
