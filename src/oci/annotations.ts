/**
 * The predefined annotation keys, and the ones that other tools made common.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys
 */
export const annotationKeys = {
  created: 'org.opencontainers.image.created',
  authors: 'org.opencontainers.image.authors',
  url: 'org.opencontainers.image.url',
  documentation: 'org.opencontainers.image.documentation',
  source: 'org.opencontainers.image.source',
  version: 'org.opencontainers.image.version',
  revision: 'org.opencontainers.image.revision',
  vendor: 'org.opencontainers.image.vendor',
  licenses: 'org.opencontainers.image.licenses',
  title: 'org.opencontainers.image.title',
  description: 'org.opencontainers.image.description',
  baseName: 'org.opencontainers.image.base.name',
  baseDigest: 'org.opencontainers.image.base.digest',
  /** BuildKit marks the attestation manifests of an index with it. */
  attestationType: 'vnd.docker.reference.type',
  attestationSubject: 'vnd.docker.reference.digest',
  /**
   * What a Sigstore bundle states, which its media type does not say.
   *
   * @see https://github.com/sigstore/cosign/blob/v2.5.0/specs/BUNDLE_SPEC.md
   */
  bundlePredicate: 'dev.sigstore.bundle.predicateType',
} as const;
