/** A registry of a few images, small enough to say in a test what must come of it. */
import { encodeImage, encodeIndex, putContent } from '../../scripts/demo-registry/image/encode-content.ts';
import { createLayer } from '../../scripts/demo-registry/image/layer.ts';
import { createRegistryStore, type RegistryStore } from '../../scripts/demo-registry/store/registry-store.ts';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.ts';

const base = createLayer('base', 20_000);

/** An image of two layers; `version` and `created` make it different from the others. */
export function encodeSmallImage(
  name: string,
  version: string,
  created = '2026-08-16T03:00:00Z',
  architecture = 'amd64',
) {
  return encodeImage({
    platform: { os: 'linux', architecture },
    created,
    layers: [{ layer: base }, { layer: createLayer(`${name} ${version} ${architecture}`, 5000) }],
    config: { Labels: { 'org.opencontainers.image.title': name }, Env: ['PATH=/usr/bin', `VERSION=${version}`] },
    history: [
      { created, created_by: 'COPY base /' },
      { created, created_by: `RUN install ${name}=${version}` },
    ],
  });
}

/** Points a tag at a small image. */
export function putSmallImage(store: RegistryStore, name: string, tag: string, created?: string): void {
  putContent(store, parseRepositoryName(name), encodeSmallImage(name, tag, created), [parseTag(tag)]);
}

/** `base` (two tags and `latest`), `web/front` (one tag for two platforms), and `count` images `bulk/nn` of one tag. */
export function createSmallStore(count = 0): RegistryStore {
  const store = createRegistryStore();
  putSmallImage(store, 'base', '1.0', '2026-07-01T00:00:00Z');
  const newest = encodeSmallImage('base', '1.1');
  putContent(store, parseRepositoryName('base'), newest, [parseTag('1.1'), parseTag('latest')]);
  const platforms = ['amd64', 'arm64'].map((architecture) => ({
    content: encodeSmallImage('web/front', '2.0', '2026-08-01T00:00:00Z', architecture),
    platform: { os: 'linux', architecture },
  }));
  putContent(store, parseRepositoryName('web/front'), encodeIndex({ children: platforms }), [parseTag('2.0')]);
  for (let number = 0; number < count; number++) {
    putSmallImage(store, `bulk/${String(number).padStart(2, '0')}`, '1.0');
  }
  return store;
}
