import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ConfigProblem, ImageConfigFacts } from '../../../src/catalogue/model.ts';
import { listPlatforms } from '../../../src/catalogue/sizes.ts';
import { mediaTypes } from '../../../src/oci/media-type.ts';
import { listLeafViews } from '../../../src/view/leaf-view.ts';
import {
  type Content,
  createArtifact,
  createConfig,
  createDescriptor,
  createImage,
  createIndex,
  createRepository,
  hour,
  toPlatform,
} from '../../support/catalogue-values.ts';

function listLeaves(content: Content) {
  const repository = createRepository({ '1': content });
  return listLeafViews(content.digest, listPlatforms(content.digest, repository, hour(0)), repository);
}

const image = createImage('amd64', {
  createdAt: '2026-02-01T00:00:00.123Z',
  layers: [
    ['a', 750],
    ['b', 250],
  ],
  config: {
    user: '900',
    entrypoint: ['/bin/tini', '--'],
    command: ['node', 'a "b"'],
    exposedPorts: ['8080/tcp', '9090/tcp'],
    environment: ['PATH=/bin', 'EVIL=\u202e'],
    labels: { b: '2', a: 'https://example.org' },
  },
});

describe('a manifest by itself', () => {
  const [leaf] = listLeaves(image);

  it('is called by its platform', () => assert.equal(leaf?.title, 'linux/amd64'));

  it('says how it runs, in the words of a Dockerfile', () => {
    assert.deepEqual(
      leaf?.run.map(({ term, text }) => `${term} ${text}`),
      ['ENTRYPOINT ["/bin/tini", "--"]', 'CMD ["node", "a \\"b\\""]', 'USER 900', 'EXPOSE 8080/tcp 9090/tcp'],
    );
    assert.deepEqual(leaf?.environment, ['PATH=/bin', 'EVIL=⟨U+202E⟩']);
  });

  it('gives each layer its share', () => {
    assert.deepEqual(
      leaf?.layers.map(({ sizeBytes, share }) => [sizeBytes, share]),
      [
        [750, 75],
        [250, 25],
      ],
    );
    assert.equal(leaf?.compressedSizeBytes, 1000);
  });

  it('gives shares of what a pull transfers, where a layer is named twice', () => {
    const layers = [
      ['base', 600],
      ['own', 400],
      ['base', 600],
    ] as const;
    const [twice] = listLeaves(createImage('twice', { layers }));
    assert.deepEqual([twice?.compressedSizeBytes, twice?.layers.map(({ share }) => share)], [1000, [60, 40, 60]]);
  });

  it('sorts labels, and makes links of safe addresses', () => {
    assert.deepEqual(leaf?.labels, [
      { key: 'a', text: 'https://example.org', href: 'https://example.org/' },
      { key: 'b', text: '2', href: null },
    ]);
  });
});

describe('a manifest of an index', () => {
  it('is called by all the platforms that it serves, and stands in their order', () => {
    const other = createImage('other');
    const index = createIndex('index', [
      [other, { platform: toPlatform('linux/s390x') }],
      [image, { platform: toPlatform('linux/arm64') }],
      [image, { platform: toPlatform('linux/amd64') }],
    ]);
    assert.deepEqual(
      listLeaves(index).map(({ title }) => title),
      ['linux/amd64, linux/arm64', 'linux/s390x'],
    );
  });

  it('is called by what it is where it is for no platform', () => {
    const config = createDescriptor('chart', mediaTypes.helmConfig, 9);
    const index = createIndex('index', [
      [createArtifact('chart', { config }), { artifactType: 'application/x' }],
      [image, { platform: toPlatform('linux/amd64') }],
    ]);
    assert.deepEqual(
      listLeaves(index).map(({ title }) => title),
      ['linux/amd64', 'Helm chart'],
    );
  });
});

describe('what is less than whole', () => {
  const withConfig = (config: Partial<ImageConfigFacts> | ConfigProblem) => {
    const { configs, ...content } = createImage('x');
    const facts = 'problem' in config ? config : createConfig(config);
    return listLeaves({ ...content, configs: new Map([...configs.keys()].map((digest) => [digest, facts])) })[0];
  };

  it('says that values were withheld', () => {
    assert.equal(withConfig({ withheld: true })?.isWithheld, true);
    assert.equal(withConfig({})?.isWithheld, false);
  });

  it('says why a config tells nothing', () => {
    assert.match(withConfig({ problem: 'too-large' })?.configProblem ?? '', /too large/);
  });

  it('shows the fields of a chart', () => {
    const config = createDescriptor('chart', mediaTypes.helmConfig, 9);
    const content = {
      ...createArtifact('chart', { config }),
      configs: new Map([[config.digest, { chart: { name: 'web' } }]]),
    };
    assert.deepEqual(listLeaves(content)[0]?.chart, [{ key: 'name', text: 'web', href: null }]);
  });
});
