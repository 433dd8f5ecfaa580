/** Images that most registries have one of: Windows beside Linux, and layers in Zstandard. */
import { computeDigest } from '../../../src/oci/digest.ts';
import { mediaTypes } from '../../../src/oci/media-type.ts';
import { encodeImage, encodeIndex, type IndexChild, type PlatformJson } from '../image/encode-content.ts';
import { createLayer, type Layer } from '../image/layer.ts';
import { encodeZstdFrame } from '../image/stored-frames.ts';
import { encodeTarEntry, tarEnd } from '../image/tar-entry.ts';
import { createBlob } from '../store/blob.ts';
import { amd64, arm64, armV7 } from './platforms.ts';
import type { Put } from './special-repositories.ts';

const windowsVersions = ['10.0.17763.8644', '10.0.20348.4893'] as const;

/** The smallest image there is, for every platform. Its Windows base layers are fetched from their maker. */
export function putPause(put: Put): void {
  for (const [tag, createdAt] of [
    ['3.6-1', '2021-09-02T08:11:52Z'],
    ['3.9-1', '2022-11-21T15:40:06Z'],
    ['3.10-1', '2026-05-28T10:27:33Z'],
  ] as const) {
    const linux = [amd64, arm64, armV7].map((platform) => toPauseChild(tag, platform, createdAt, []));
    const windows = windowsVersions.map((version) =>
      toPauseChild(tag, { os: 'windows', architecture: 'amd64', 'os.version': version }, createdAt, [
        createLayer(`windows nanoserver ${version}`, 0),
      ]),
    );
    const moving = tag === '3.10-1' ? ['latest'] : [];
    put('pause', encodeIndex({ family: 'docker', children: [...linux, ...windows] }), tag, ...moving);
  }
}

function toPauseChild(tag: string, platform: PlatformJson, created: string, foreign: readonly Layer[]): IndexChild {
  const seed = `pause ${tag} ${platform.os} ${platform.architecture}`;
  const content = encodeImage({
    family: 'docker',
    platform,
    created,
    config: { Entrypoint: ['/pause'], User: platform.os === 'windows' ? 'ContainerUser' : '65535:65535' },
    layers: [
      ...foreign.map((layer) => ({
        layer,
        mediaType: mediaTypes.dockerForeignLayer,
        urls: [`https://layers.example.org/${layer.blob.digest}`],
      })),
      { layer: createLayer(seed, 300_000) },
    ],
    history: [
      ...foreign.map(() => ({ created, created_by: 'Apply image 1809-RTM-amd64' })),
      { created, created_by: 'COPY pause /pause' },
    ],
  });
  return { content, platform };
}

export function putZstdImage(put: Put): void {
  for (const [tag, created] of [
    ['v1.0.0', '2026-02-17T12:03:44Z'],
    ['v1.1.0', '2026-06-30T09:48:19Z'],
  ] as const) {
    const program = Buffer.concat([
      encodeTarEntry('usr/bin/runner', Buffer.from(`runner ${tag}\n`.repeat(4000))),
      tarEnd,
    ]);
    const layer = { blob: createBlob(encodeZstdFrame(program)), diffId: computeDigest(program) };
    const image = encodeImage({
      created,
      config: { Entrypoint: ['/usr/bin/runner'], User: '65532' },
      layers: [{ layer, mediaType: mediaTypes.ociLayerZstd }],
      history: [{ created, created_by: 'COPY runner /usr/bin/runner # buildkit', comment: 'buildkit.dockerfile.v0' }],
    });
    put('repos/releng/job-runner', image, tag);
  }
}
