/** What the contract tests find in both registries. */
import {
  encodeArtifact,
  encodeImage,
  encodeIndex,
  encodeManifest,
  putContent,
  toDescriptor,
} from '../../scripts/demo-registry/image/encode-content.ts';
import { createLayer } from '../../scripts/demo-registry/image/layer.ts';
import { createBlob } from '../../scripts/demo-registry/store/blob.ts';
import { createRegistryStore, type RegistryStore } from '../../scripts/demo-registry/store/registry-store.ts';
import { mediaTypes } from '../../src/oci/media-type.ts';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.ts';

const amd64 = { os: 'linux', architecture: 'amd64' };
const arm64 = { os: 'linux', architecture: 'arm64' };
const created = '2026-08-16T03:00:00Z';

export const layer = createLayer('the layer that all share', 200_000);

const toImage = (family: 'docker' | 'oci', platform: typeof amd64) =>
  encodeImage({ family, platform, created, layers: [{ layer }], history: [{ created, created_by: 'COPY . /' }] });

export const dockerImage = toImage('docker', amd64);
export const ociImage = toImage('oci', amd64);
export const dockerList = encodeIndex({
  family: 'docker',
  children: [
    { content: toImage('docker', arm64), platform: arm64 },
    { content: dockerImage, platform: amd64 },
  ],
});
export const ociIndex = encodeIndex({
  children: [
    { content: ociImage, platform: amd64 },
    { content: toImage('oci', arm64), platform: arm64 },
  ],
});
/** The same as `ociImage`, but the document does not say its media type. */
const untyped = (() => {
  const { mediaType: _, ...document } = JSON.parse(Buffer.from(ociImage.manifest.bytes).toString());
  return { ...ociImage, manifest: encodeManifest(mediaTypes.ociManifest, document) };
})();
export const signature = encodeArtifact({
  artifactType: 'application/vnd.example.signature.v1',
  files: [{ mediaType: 'text/plain', content: 'signed' }],
  subject: toDescriptor(ociImage),
});

/** Every kind of manifest, by the tag that it has in `kinds/all`. */
export const kinds = {
  'docker-image': dockerImage,
  'docker-list': dockerList,
  'oci-image': ociImage,
  'oci-index': ociIndex,
  untyped,
  signature,
} as const;

/** How many repositories there are beside the few with a meaning: more than the largest page holds. */
export const bulkCount = 1000;

export function createContractStore(): RegistryStore {
  const store = createRegistryStore();
  const all = parseRepositoryName('kinds/all');
  for (const [tag, content] of Object.entries(kinds)) putContent(store, all, content, [parseTag(tag)]);

  const emptied = parseRepositoryName('emptied');
  putContent(store, emptied, ociImage, [parseTag('gone')]);
  store.deleteTag(emptied, parseTag('gone'));

  const blob = createBlob(Buffer.from('never tagged'));
  store.putBlob(parseRepositoryName('kinds'), blob);
  store.putBlob(parseRepositoryName('kinds-more'), blob);
  for (let index = 0; index < bulkCount; index += 1) {
    store.putBlob(parseRepositoryName(`bulk/r${String(index).padStart(4, '0')}`), blob);
  }
  return store;
}
