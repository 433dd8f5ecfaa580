import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { appendEvents } from '../../../src/catalogue/events.ts';
import type { Repository } from '../../../src/catalogue/model.ts';
import { computeDigest } from '../../../src/oci/digest.ts';
import { mediaTypes } from '../../../src/oci/media-type.ts';
import { parseTag } from '../../../src/oci/reference.ts';
import { decodeProvenRepository, decodeRepository, encodeRepository } from '../../../src/snapshot/repository-codec.ts';
import {
  changeTags,
  createArtifact,
  createDescriptor,
  createImage,
  createIndex,
  createOpaque,
  createRepository,
  hour,
  toPlatform,
} from '../../support/catalogue-values.ts';
import { listSampleRepositories } from '../../support/sample-catalogue.ts';

const image = createImage('image', {
  createdAt: '2026-01-01T00:00:00.5Z',
  platform: toPlatform('linux/arm/v7'),
  config: {
    ...{ author: 'ada', user: '900', workingDir: '/srv', stopSignal: 'SIGINT', withheld: true },
    ...{ entrypoint: [], command: ['a', 'a'], environment: ['A=b'], exposedPorts: ['80/tcp'], volumes: ['/data'] },
    labels: { b: '1', a: '2', constructor: '3', '10': 'x', '9': 'y', '\\': 'z', '"': 'w', ['__proto__']: 'v' },
    history: [
      { createdAt: null, createdBy: null, comment: null, emptyLayer: true },
      { createdAt: '2026-01-01T00:00:00Z', createdBy: 'RUN make', comment: 'buildkit', emptyLayer: false },
    ],
    diffIds: [computeDigest('1'), computeDigest('2')],
  },
  facts: { annotations: { z: '1', a: '2' }, artifactType: 'application/x', subject: computeDigest('subject') },
});
const windows = createImage('windows', { platform: toPlatform('windows/amd64', '10.0.20348.2762') });
const chart = createArtifact('chart', { config: createDescriptor('chart config', mediaTypes.helmConfig, 5) });
const full: Repository = {
  ...changeTags(
    createRepository({
      ['__proto__']: image,
      '2024': windows,
      '10': createIndex('index', [
        [image, { platform: toPlatform('linux/arm/v7'), artifactType: 'application/y', annotations: { k: 'v' } }],
        [windows, {}],
      ]),
      '9': createOpaque('broken', mediaTypes.ociManifest, 'it is not JSON'),
      latest: createOpaque('strange', 'application/strange'),
      chart: {
        ...chart,
        configs: new Map([[computeDigest('chart config'), { chart: { name: 'web', version: '1' } }]]),
      },
      unread: {
        ...createImage('unread'),
        configs: new Map([[computeDigest('unread config'), { problem: 'too-large' }]]),
      },
    }),
    {
      settling: { digest: null, state: 'settling', missedRuns: 1, observedAt: hour(3) },
      '2024': { moved: { notBefore: null, notAfter: hour(4) } },
      latest: { state: 'stale', observedAt: hour(2), missedRuns: 1, moved: { notBefore: hour(1), notAfter: hour(2) } },
    },
  ),
  staleSince: hour(9),
  missedRuns: 3,
  events: appendEvents(
    [],
    [
      { type: 'added', tag: null, from: null, to: null, notBefore: null, notAfter: hour(1) },
      {
        type: 'moved',
        tag: parseTag('__proto__'),
        from: computeDigest('x'),
        to: image.digest,
        notBefore: hour(1),
        notAfter: hour(2),
      },
      {
        type: 'removed',
        tag: parseTag('0'),
        from: null,
        to: null,
        notBefore: hour(1),
        notAfter: hour(2),
        firstSeenAt: hour(0),
      },
    ],
    2,
  ),
  archives: [{ year: 2025, file: '0'.repeat(64), events: 64 }],
};

function decode(text: string): Repository {
  return decodeRepository(JSON.parse(text));
}

describe('a repository', () => {
  it('is read as it was written, with one of everything', () => {
    assert.deepEqual(decode(encodeRepository(full)), full);
  });

  it('has the same bytes, in whatever order its maps were filled', () => {
    const backwards: Repository = {
      ...full,
      tags: new Map([...full.tags].reverse()),
      manifests: new Map([...full.manifests].reverse()),
      configs: new Map([...full.configs].reverse()),
    };
    assert.equal(encodeRepository(backwards), encodeRepository(full));
    assert.equal(encodeRepository(decode(encodeRepository(full))), encodeRepository(full));
  });

  it('keeps tags that would be keys of every object, and numbers', () => {
    const tags = [...decode(encodeRepository(full)).tags.keys()];
    assert.deepEqual(tags, ['10', '2024', '9', '__proto__', 'chart', 'latest', 'settling', 'unread']);
  });

  it('keeps an entry to a line, for `diff`', () => {
    const changed = changeTags(full, { latest: { missedRuns: 2 } });
    const before = encodeRepository(full).split('\n');
    const after = encodeRepository(changed).split('\n');
    assert.equal(before.length, after.length);
    assert.equal(before.filter((line, at) => line !== after[at]).length, 1);
  });

  it('says what repeats once: the next rebuild of an image costs little', () => {
    const build = (seed: string) =>
      createImage(seed, {
        layers: [
          ['base 1', 1],
          ['base 2', 2],
          ['base 3', 3],
          [`${seed} layer`, 4],
        ],
        config: {
          environment: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8'],
          history: [
            { createdAt: hour(0), createdBy: 'RUN apt-get update'.repeat(20), comment: null, emptyLayer: false },
          ],
          diffIds: ['base 1', 'base 2', 'base 3', seed].map((text) => computeDigest(text)),
        },
      });
    const builds = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`1.${at}`, build(`build ${at}`)]));
    const size = encodeRepository(createRepository(builds)).length;
    assert.ok(size / 100 < 1000, `${Math.round(size / 100)} bytes a build`);
  });

  it('keeps an event in less than 400 bytes', () => {
    const happening = {
      type: 'moved',
      tag: parseTag('1.2.3-s1-20260816'),
      from: computeDigest('a'),
      to: computeDigest('b'),
    } as const;
    const many = Array(100).fill({ ...happening, notBefore: hour(1), notAfter: hour(2) });
    const without = encodeRepository(createRepository()).length;
    const size = encodeRepository(createRepository({}, { events: appendEvents([], many, 504) })).length;
    assert.ok((size - without) / 100 < 400, `${(size - without) / 100} bytes an event`);
  });
});

describe('every repository of the sample catalogue', () => {
  for (const repository of listSampleRepositories()) {
    it(repository.name.slice(0, 60), () => {
      const text = encodeRepository(repository);
      assert.equal(encodeRepository(decode(text)), text);
      assert.deepEqual(decodeProvenRepository(JSON.parse(text)), decode(text));
    });
  }
});

describe('a file that is none', () => {
  const written = JSON.parse(encodeRepository(full));
  const cases: readonly (readonly [string, unknown])[] = [
    ['null', null],
    ['a list', []],
    ['an empty object', {}],
    ['another schema version', { ...written, schemaVersion: 3 }],
    ['a name that is none', { ...written, name: '../etc' }],
    ['a tag that is none', { ...written, tags: [{ ...written.tags[0], tag: 'a/b' }] }],
    ['a place beyond its table', { ...written, tags: [{ ...written.tags[0], digest: 999_999 }] }],
    ['a negative place', { ...written, tags: [{ ...written.tags[0], digest: -1 }] }],
    ['a digest that is none', { ...written, digests: ['sha256:00'] }],
    ['a manifest under no digest', { ...written, manifests: { latest: Object.values(written.manifests)[0] } }],
    ['a time that is none', { ...written, firstSeenAt: '2026-01-01' }],
    ['an event of another kind', { ...written, events: [{ ...written.events[0], type: 'vanished' }] }],
    ['no table', { ...written, texts: undefined }],
  ];
  for (const [name, value] of cases) it(name, () => assert.throws(() => decodeRepository(value)));

  // With the digest that the index names, these can only be a defect of ours; still no address may be made of them.
  const seen = [
    'null',
    'a list',
    'an empty object',
    'another schema version',
    'a name that is none',
    'a tag that is none',
  ];
  const seenToo = [
    'a place beyond its table',
    'a negative place',
    'a digest that is none',
    'a manifest under no digest',
  ];
  for (const [name, value] of cases.filter(([one]) => [...seen, ...seenToo, 'no table'].includes(one))) {
    it(`${name}, though its bytes are proven`, () => assert.throws(() => decodeProvenRepository(value)));
  }
});
