/** What a digest is: something to run, or one of the many things that registries hold besides. */

import { annotationKeys } from '../oci/annotations.ts';
import { type Digest, isDigest } from '../oci/digest.ts';
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

const billOfMaterials = /(spdx|cyclonedx|syft)/;
const bundle = /^application\/vnd\.dev\.sigstore\.bundle/;

/** Media types that say by themselves what an artifact is; the first that fits decides. */
const tellTales = [
  [
    /^application\/vnd\.(dev\.cosign\.(simplesigning|artifact\.sig)|dev\.sigstore\.bundle|cncf\.notary\.signature)/,
    'signature',
  ],
  [/(in-toto|dsse\.envelope|slsa\.provenance)/, 'attestation'],
  [billOfMaterials, 'sbom'],
] as const;

/** What a bundle states that signs and says no more. Every other one attests something. */
const signingPredicate = 'https://sigstore.dev/cosign/sign/';

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
  if (facts.config.mediaType === mediaTypes.helmConfig) return 'helm-chart';
  const types = [facts.artifactType ?? '', facts.config.mediaType, ...facts.layers.map((layer) => layer.mediaType)];
  const told = pickKindOfTypes(types, facts.annotations);
  if (told !== null) return told;
  return isImageConfigType(facts.config.mediaType) && facts.artifactType === null ? 'image' : 'artifact';
}

/** The kind that media types, or for a Sigstore bundle its annotations, say by themselves; null where they do not. */
export function pickKindOfTypes(
  types: readonly string[],
  annotations: Readonly<Record<string, string>>,
): Extract<Kind, 'signature' | 'attestation' | 'sbom'> | null {
  const told = tellTales.find(([pattern]) => types.some((type) => pattern.test(type)))?.[1] ?? null;
  const predicate = annotations[annotationKeys.bundlePredicate];
  if (predicate === undefined || !types.some((type) => bundle.test(type))) return told;
  if (predicate.startsWith(signingPredicate)) return 'signature';
  return billOfMaterials.test(predicate.toLowerCase()) ? 'sbom' : 'attestation';
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

/** Whether `digest` names a version: not a signature or the like, nor any other artifact that names what it is about. */
export function isVersion(digest: Digest, repository: Pick<Repository, 'manifests'>): boolean {
  const kind = pickKind(digest, repository);
  return isVersionKind(kind) && (kind !== 'artifact' || repository.manifests.get(digest)?.subject == null);
}

const referrersTag = /^(sha256|sha512)-([0-9a-f]{32,128})(?:\.([a-z0-9-]+))?$/;

/**
 * Whether a tag is a referrer's address and no version: `sha256-<hex>`, or cosign's `sha256-<hex>.sig`.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema
 */
export function isReferrersTag(tag: string): boolean {
  return referrersTag.test(tag);
}

/** What such a tag is about, and its suffix (`sig`), or null; null for every other tag, and where it was cut short. */
export function parseReferrersTag(tag: string): { readonly subject: Digest; readonly suffix: string | null } | null {
  const [, algorithm, hex, suffix = null] = referrersTag.exec(tag) ?? [];
  const subject = `${algorithm}:${hex}`;
  return isDigest(subject) ? { subject, suffix } : null;
}

/** The tag that lists the referrers of a digest in registries without the API for it. */
export function toReferrersTag(subject: Digest): string {
  return subject.replace(':', '-').slice(0, longestTag);
}

const longestTag = 128;
