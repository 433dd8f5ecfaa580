/** What the repositories of a world hold: manifests and configs as builders write them. No layer is ever read, so none is kept. */
import {
  encodeImage,
  encodeIndex,
  type PushableContent,
  putContent,
} from '../../scripts/demo-registry/image/encode-content.ts';
import { createLayer, type Layer } from '../../scripts/demo-registry/image/layer.ts';
import { createRegistryStore, type StoredRepository } from '../../scripts/demo-registry/store/registry-store.ts';
import { annotationKeys } from '../../src/oci/annotations.ts';
import { parseTag } from '../../src/oci/reference.ts';
import { latest, type PlannedRepository } from './worlds.ts';

/** Every tenth repository builds for two platforms. */
const platformsOfMany = [
  { os: 'linux', architecture: 'amd64' },
  { os: 'linux', architecture: 'arm64' },
];
const firstBuildMs = Date.UTC(2023, 0, 2, 3, 4, 5);
const weekMs = 7 * 86_400_000;
const rootLayers = Array.from({ length: 8 }, (_, at) => createLayer(`root ${at}`, 2_000_000 + at * 70_000));

/** The repository as a registry holds it. */
export function makeRepository({ name, tags }: PlannedRepository): StoredRepository {
  const store = createRegistryStore();
  const isMulti = hash(name) % 10 === 0;
  let newest: PushableContent | null = null;
  for (const [build, tag] of tags.entries()) {
    if (tag !== latest || newest === null) newest = makeImage(name, tag, build, isMulti);
    putContent(store, name, newest, [tag]);
  }
  const stored = store.repository(name);
  if (stored === undefined) throw new TypeError(`${name} has no tags`);
  return stored;
}

/** The same repository after another build: one tag more, and `latest` on it. */
export function planChange({ name, tags }: PlannedRepository): PlannedRepository {
  const versions = tags.filter((tag) => tag !== latest);
  return { name, tags: [...versions, parseTag(`99.0.${versions.length}`), latest] };
}

function makeImage(name: string, tag: string, build: number, isMulti: boolean): PushableContent {
  const images = (isMulti ? platformsOfMany : platformsOfMany.slice(0, 1)).map((platform) => ({
    platform,
    content: makePlatform(name, tag, build, platform),
  }));
  const [only] = images;
  return only && images.length === 1 ? only.content : encodeIndex({ children: images });
}

function makePlatform(name: string, tag: string, build: number, platform: (typeof platformsOfMany)[number]) {
  const created = `${new Date(firstBuildMs + build * weekMs + (hash(name) % 100_000) * 1000).toISOString().slice(0, 19)}Z`;
  const seed = `${name} ${platform.architecture}`;
  const root = rootLayers[hash(name) % rootLayers.length] as Layer;
  const packages = createLayer(`${seed} packages ${build}`, 3000);
  const program = createLayer(`${seed} program ${Math.floor(build / 3)}`, 5000);
  const image = encodeImage({
    platform,
    created,
    config: {
      User: '900',
      ExposedPorts: { '8080/tcp': {} },
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C.UTF-8', `APP_NAME=${name}`],
      Entrypoint: ['/srv/service/server'],
      WorkingDir: '/srv/service',
      Labels: {
        [annotationKeys.title]: name.slice(name.lastIndexOf('/') + 1),
        [annotationKeys.source]: `https://git.example.org/${name}`,
        [annotationKeys.revision]: hash(`${name} ${build}`).toString(16).padStart(8, '0').repeat(5),
        [annotationKeys.version]: tag,
        [annotationKeys.licenses]: 'Apache-2.0',
      },
    },
    layers: [{ layer: root }, { layer: packages }, { layer: program }],
    history: [
      { created, created_by: `/bin/sh -c #(nop) ADD file:${root.diffId.slice(7, 39)} in / ` },
      { created, created_by: '/bin/sh -c #(nop)  CMD ["/bin/bash"]', empty_layer: true },
      { created, created_by: 'ENV LC_ALL=C.UTF-8', comment: 'buildkit.dockerfile.v0', empty_layer: true },
      { created, created_by: 'RUN /bin/sh -c apt-get update && apt-get install -y ca-certificates # buildkit' },
      { created, created_by: `COPY . /srv/service # buildkit`, comment: 'buildkit.dockerfile.v0' },
      { created, created_by: 'USER 900', comment: 'buildkit.dockerfile.v0', empty_layer: true },
      {
        created,
        created_by: 'ENTRYPOINT ["/srv/service/server"]',
        comment: 'buildkit.dockerfile.v0',
        empty_layer: true,
      },
    ],
  });
  // The config comes first; layers are what nobody asks for.
  return { ...image, blobs: image.blobs.slice(0, 1) };
}

/** FNV-1a: a number that is the same for the same text. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  return state >>> 0;
}
