/** One build of an image, as the catalogue plans it: what is pushed, and what a later build can stand on. */
import { annotationKeys } from '../../../src/oci/annotations.ts';
import { mediaTypes } from '../../../src/oci/media-type.ts';
import type { RepositoryName, Tag } from '../../../src/oci/reference.ts';
import {
  encodeArtifact,
  encodeImage,
  encodeIndex,
  type IndexChild,
  type PushableContent,
} from '../image/encode-content.ts';
import { type ImageStack, toImageInput } from './image-stack.ts';

export interface Build {
  readonly name: RepositoryName;
  readonly tag: Tag;
  readonly builtAtMs: number;
  /** One for each platform, in the order of the index. */
  readonly stacks: readonly ImageStack[];
  readonly content: PushableContent;
}

export interface BuildInput extends Omit<Build, 'content'> {
  readonly family: 'docker' | 'oci';
  /** What the config says: not always the truth. Undefined: nothing. */
  readonly created: string | undefined;
  readonly author?: string | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  /** Whether BuildKit's provenance attestations accompany the platforms in an index. */
  readonly isAttested?: boolean;
}

export function encodeBuild({ family, created, author, annotations, isAttested = false, ...build }: BuildInput): Build {
  const images = build.stacks.map((stack) => ({
    content: encodeImage({
      ...toImageInput(stack),
      family,
      created,
      author,
      ...(family === 'oci' && annotations ? { annotations } : {}),
    }),
    platform: stack.platform,
  }));
  const [only] = images;
  if (only && images.length === 1 && !isAttested) return { ...build, content: only.content };
  const attestations = isAttested ? images.map(({ content }) => encodeAttestation(content, build.name)) : [];
  const content = encodeIndex({
    family,
    children: [...images, ...attestations],
    ...(family === 'oci' && annotations ? { annotations } : {}),
  });
  return { ...build, content };
}

function encodeAttestation(image: PushableContent, name: RepositoryName): IndexChild {
  const { digest } = image.manifest;
  const statement = JSON.stringify({
    _type: 'https://in-toto.io/Statement/v0.1',
    predicateType: 'https://slsa.dev/provenance/v0.2',
    subject: [{ name: `pkg:docker/${name}`, digest: { sha256: digest.slice('sha256:'.length) } }],
    predicate: { buildType: 'https://mobyproject.org/buildkit@v1', builder: { id: '' } },
  });
  const config = { architecture: 'unknown', os: 'unknown', config: {}, rootfs: { type: 'layers', diff_ids: [] } };
  return {
    content: encodeArtifact({
      config: { mediaType: mediaTypes.ociConfig, content: JSON.stringify(config) },
      files: [
        {
          mediaType: 'application/vnd.in-toto+json',
          content: statement,
          annotations: { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v0.2' },
        },
      ],
    }),
    platform: { os: 'unknown', architecture: 'unknown' },
    annotations: {
      [annotationKeys.attestationType]: 'attestation-manifest',
      [annotationKeys.attestationSubject]: digest,
    },
  };
}
