/** Values -> what one pushes: manifests with the blobs and children that they name. */
import { computeDigest, type Digest } from '../../../src/oci/digest.ts';
import { mediaTypes } from '../../../src/oci/media-type.ts';
import type { RepositoryName, Tag } from '../../../src/oci/reference.ts';
import { createBlob, type StoredBlob } from '../store/blob.ts';
import type { RegistryStore, StoredManifest } from '../store/registry-store.ts';
import type { Layer } from './layer.ts';

/** A manifest, and everything that must be in the repository before it. */
export interface PushableContent {
  readonly manifest: StoredManifest;
  readonly blobs: readonly StoredBlob[];
  /** For an index, in its order. */
  readonly children: readonly PushableContent[];
}

/** A descriptor as it stands in a document. */
export interface DescriptorJson {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly [field: string]: unknown;
}

/** A platform as it stands in a document. */
export interface PlatformJson {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly 'os.version'?: string;
}

type Annotations = Readonly<Record<string, string>>;

/** Any document as a manifest of this type, its bytes as `JSON.stringify` gives them: for what the other functions cannot make. */
export function encodeManifest(mediaType: string, document: unknown): StoredManifest {
  const bytes = Buffer.from(JSON.stringify(document));
  return { digest: computeDigest(bytes), mediaType, bytes };
}

/** How an index, or a subject, names this content. */
export function toDescriptor({ manifest }: PushableContent): DescriptorJson {
  return { mediaType: manifest.mediaType, digest: manifest.digest, size: manifest.bytes.byteLength };
}

export interface ImageLayer {
  readonly layer: Layer;
  /** Default: gzip, in the image's family. */
  readonly mediaType?: string;
  /** For layers that are fetched from elsewhere: then the registry does not get the blob. */
  readonly urls?: readonly string[];
}

export interface ImageHistory {
  readonly created?: string;
  readonly created_by?: string;
  readonly comment?: string;
  readonly empty_layer?: boolean;
}

export interface ImageInput {
  /** Which family of media types; default `oci`. */
  readonly family?: 'docker' | 'oci';
  /** Default linux/amd64. */
  readonly platform?: PlatformJson;
  /** The config's `created`, as it shall stand there; left out when undefined. */
  readonly created?: string | undefined;
  readonly author?: string | undefined;
  /** The config's `config`: `Env`, `Entrypoint`, `Labels`, … */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly layers: readonly ImageLayer[];
  /** Default: none. */
  readonly history?: readonly ImageHistory[];
  readonly annotations?: Annotations;
  readonly subject?: DescriptorJson;
}

/** A container image for one platform. */
export function encodeImage(input: ImageInput): PushableContent {
  const { family = 'oci', platform = { os: 'linux', architecture: 'amd64' }, layers, annotations, subject } = input;
  const isDocker = family === 'docker';
  const config = createBlob(
    Buffer.from(
      JSON.stringify({
        created: input.created,
        author: input.author,
        ...platform,
        config: input.config ?? {},
        rootfs: { type: 'layers', diff_ids: layers.map(({ layer }) => layer.diffId) },
        history: input.history ?? [],
      }),
    ),
  );
  const usualType = isDocker ? mediaTypes.dockerLayerGzip : mediaTypes.ociLayerGzip;
  const mediaType = isDocker ? mediaTypes.dockerManifest : mediaTypes.ociManifest;
  const manifest = encodeManifest(mediaType, {
    schemaVersion: 2,
    mediaType,
    config: toBlobDescriptor(config, isDocker ? mediaTypes.dockerConfig : mediaTypes.ociConfig),
    layers: layers.map((layer) => ({
      ...toBlobDescriptor(layer.layer.blob, layer.mediaType ?? usualType),
      urls: layer.urls,
    })),
    subject,
    annotations,
  });
  const held = layers.filter(({ urls }) => urls === undefined).map(({ layer }) => layer.blob);
  return { manifest, blobs: [config, ...held], children: [] };
}

export interface IndexChild {
  readonly content: PushableContent;
  readonly platform?: PlatformJson;
  readonly artifactType?: string;
  readonly annotations?: Annotations;
}

export interface IndexInput {
  /** Default `oci`. */
  readonly family?: 'docker' | 'oci';
  readonly children: readonly IndexChild[];
  readonly artifactType?: string;
  readonly annotations?: Annotations;
  readonly subject?: DescriptorJson;
}

/** An image index, or a Docker list. */
export function encodeIndex({ family = 'oci', children, ...fields }: IndexInput): PushableContent {
  const mediaType = family === 'docker' ? mediaTypes.dockerList : mediaTypes.ociIndex;
  const manifests = children.map(({ content, platform, artifactType, annotations }) => ({
    ...toDescriptor(content),
    platform,
    artifactType,
    annotations,
  }));
  return {
    manifest: encodeManifest(mediaType, { schemaVersion: 2, mediaType, manifests, ...fields }),
    blobs: [],
    children: children.map(({ content }) => content),
  };
}

export interface ArtifactFile {
  readonly mediaType: string;
  readonly content: StoredBlob | string;
  readonly annotations?: Annotations;
}

export interface ArtifactInput {
  readonly artifactType?: string;
  /** Default: the empty config, as the specification wants it with an `artifactType`. */
  readonly config?: ArtifactFile;
  /** Become the manifest's layers. */
  readonly files: readonly ArtifactFile[];
  readonly annotations?: Annotations;
  readonly subject?: DescriptorJson;
}

/** Anything that is no container image: a chart, a signature, an SBOM. */
export function encodeArtifact({
  artifactType,
  files,
  annotations,
  subject,
  ...input
}: ArtifactInput): PushableContent {
  const config = toHeldFile(input.config ?? { mediaType: mediaTypes.ociEmpty, content: '{}' });
  const held = files.map(toHeldFile);
  const mediaType = mediaTypes.ociManifest;
  const manifest = encodeManifest(mediaType, {
    schemaVersion: 2,
    mediaType,
    artifactType,
    config: config.descriptor,
    layers: held.map(({ descriptor }) => descriptor),
    subject,
    annotations,
  });
  return { manifest, blobs: [config.blob, ...held.map(({ blob }) => blob)], children: [] };
}

function toHeldFile({ mediaType, content, annotations }: ArtifactFile) {
  const blob = typeof content === 'string' ? createBlob(Buffer.from(content)) : content;
  return { blob, descriptor: { ...toBlobDescriptor(blob, mediaType), annotations } };
}

function toBlobDescriptor(blob: StoredBlob, mediaType: string): DescriptorJson {
  return { mediaType, size: blob.sizeBytes, digest: blob.digest };
}

/** Puts content into a store, what it names first, and points tags at it. */
export function putContent(
  store: RegistryStore,
  name: RepositoryName,
  { manifest, blobs, children }: PushableContent,
  tags: readonly Tag[] = [],
): void {
  for (const blob of blobs) store.putBlob(name, blob);
  for (const child of children) putContent(store, name, child);
  store.putManifest(name, manifest);
  for (const tag of tags) store.putTag(name, tag, manifest.digest);
}
