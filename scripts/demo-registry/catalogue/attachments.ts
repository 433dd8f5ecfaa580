/** What is pushed about an image: cosign's tags, and manifests that name their subject. */
import { annotationKeys } from '../../../src/oci/annotations.ts';
import { type Digest, digestHex } from '../../../src/oci/digest.ts';
import { mediaTypes } from '../../../src/oci/media-type.ts';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.ts';
import { encodeArtifact, encodeIndex, type PushableContent } from '../image/encode-content.ts';
import type { RegistryStore, StoredManifest } from '../store/registry-store.ts';
import type { CatalogueSettings } from './catalogue-settings.ts';
import type { Put } from './special-repositories.ts';

const signedTags: Readonly<Record<string, readonly string[]>> = {
  'cert-manager/controller': ['1.16.3-1-20260809', '1.16.3-1-20260816'],
  'cert-manager/webhook': ['1.16.3-1-20260816'],
};

/** cosign signs a digest under a tag that is made from it: `sha256-<hex>.sig`; attestations and SBOMs likewise. */
export function putSignatures(store: RegistryStore, put: Put, { publicHost }: CatalogueSettings): void {
  for (const [name, tags] of Object.entries(signedTags)) {
    for (const tag of tags) {
      const signed = findTagged(store, name, tag);
      if (!signed) continue;
      const prefix = `sha256-${digestHex(signed.digest)}`;
      put(name, encodeSignature(`${publicHost}/${name}`, signed.digest), `${prefix}.sig`);
      put(name, encodeSbom(name, signed.digest), `${prefix}.sbom`);
    }
  }
}

function encodeSignature(reference: string, digest: Digest): PushableContent {
  const payload = {
    critical: {
      identity: { 'docker-reference': reference },
      image: { 'docker-manifest-digest': digest },
      type: 'cosign container image signature',
    },
    optional: null,
  };
  return encodeArtifact({
    config: { mediaType: mediaTypes.ociConfig, content: JSON.stringify({ architecture: '', os: '', config: {} }) },
    files: [
      {
        mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
        content: JSON.stringify(payload),
        annotations: {
          'dev.cosignproject.cosign/signature': Buffer.from(`not a signature of ${digest}`).toString('base64'),
        },
      },
    ],
  });
}

function encodeSbom(name: string, digest: Digest): PushableContent {
  return encodeArtifact({
    config: { mediaType: mediaTypes.ociConfig, content: JSON.stringify({ architecture: '', os: '', config: {} }) },
    files: [{ mediaType: 'text/spdx+json', content: toSpdx(name, digest) }],
  });
}

/** Manifests with a `subject`, and the tag by which registries without a referrers API list them. */
export function putReferrers(store: RegistryStore, put: Put): void {
  const name = 'repos/releng/blubber/buildkit';
  for (const tag of ['v1.7.0', 'v1.8.0']) {
    const subject = findTagged(store, name, tag);
    if (!subject) continue;
    const { digest, mediaType, bytes } = subject;
    const about = { subject: { mediaType, digest, size: bytes.byteLength } };
    const annotations = {
      [annotationKeys.created]: tag === 'v1.8.0' ? '2026-08-12T09:30:00Z' : '2026-06-02T09:30:00Z',
    };
    const referrers = [
      { artifactType: 'application/spdx+json', content: toSpdx(name, digest) },
      { artifactType: 'application/vnd.dev.sigstore.bundle.v0.3+json', content: JSON.stringify({ subject: digest }) },
    ].map(({ artifactType, content }) => ({
      artifactType,
      annotations,
      content: encodeArtifact({ artifactType, files: [{ mediaType: artifactType, content }], annotations, ...about }),
    }));
    put(name, encodeIndex({ children: referrers }), `sha256-${digestHex(digest)}`);
  }
}

function toSpdx(name: string, digest: Digest): string {
  return JSON.stringify({ spdxVersion: 'SPDX-2.3', dataLicense: 'CC0-1.0', name: `${name}@${digest}`, packages: [] });
}

function findTagged(store: RegistryStore, name: string, tag: string): StoredManifest | undefined {
  const repository = store.repository(parseRepositoryName(name));
  const digest = repository?.tags.get(parseTag(tag));
  return digest && repository?.manifests.get(digest);
}
