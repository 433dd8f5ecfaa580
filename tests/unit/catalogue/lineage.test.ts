import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CatalogueEvent } from '../../../src/catalogue/model.ts';
import { computeDigest, type Digest } from '../../../src/oci/digest.ts';
import { parseTag } from '../../../src/oci/reference.ts';
import { type Content, createRepository, hour } from '../../support/catalogue-values.ts';
import { createLineageWorld, stack, stackAll, type WorldPart, worldHost } from '../../support/lineage-world.ts';

const debianSteps = ['ADD rootfs', '# CMD bash'];
const base = (day: string, more: object = {}) =>
  stack({ layers: [`debian ${day}`], steps: debianSteps, seed: day, ...more });
const production = (day: string, more: object = {}) =>
  stack({
    layers: [`debian ${day}`, `node ${day}`],
    steps: [...debianSteps, 'RUN apt install node', '# ENTRYPOINT node'],
    ...more,
  });
const service = (day: string, more: object = {}) =>
  stack({
    layers: [`debian ${day}`, `node ${day}`, 'app'],
    steps: [...debianSteps, 'RUN apt install node', '# ENTRYPOINT node', 'COPY app'],
    ...more,
  });
const plain = (...layers: readonly string[]) => stack({ layers });
const claim = (name: string | null, digest: Digest | null = null) => ({ claim: { name, digest } });
const both = ['linux/amd64', 'linux/arm64'];

/** Bases of three days, newest last. */
const bases = { 20260101: base('1'), 20260108: base('2'), 20260115: base('3') };

function movedFrom(from: Content, to: Content, tag = 'latest'): CatalogueEvent {
  const seen = { notBefore: null, notAfter: hour(1), ordinal: 0, run: 2, firstSeenAt: null };
  return { ...seen, type: 'moved', tag: parseTag(tag), from: from.digest, to: to.digest };
}

interface Case {
  readonly name: string;
  readonly world: Readonly<Record<string, WorldPart>>;
  readonly of?: string;
  readonly expected: string;
}

const cases: readonly Case[] = [
  {
    name: 'a base by its layers, and how many rebuilds it is behind',
    world: { bookworm: bases, node: { 1: production('1') } },
    of: 'node:1',
    expected: 'bookworm:20260101 (layers) 2 behind 20260115',
  },
  {
    name: 'an older build of a line whose newest one also has the version, which moved on to it',
    world: {
      debian: {
        'bookworm-20260101': base('1'),
        'bookworm-20260108': base('2'),
        ...Object.fromEntries(['bookworm-20260115', '12.9', '12', 'bookworm', 'latest'].map((tag) => [tag, base('3')])),
      },
      node: { 1: production('1') },
    },
    of: 'node:1',
    expected: 'debian:bookworm-20260101 (layers) 2 behind bookworm-20260115',
  },
  {
    name: 'the build before the newest, where only the newest has the version',
    world: {
      ubuntu: { 'jammy-20260101': base('1'), 'jammy-20260108': base('2'), jammy: base('2'), '22.04': base('2') },
      node: { 1: production('1') },
    },
    of: 'node:1',
    expected: 'ubuntu:jammy-20260101 (layers) 1 behind jammy-20260108',
  },
  {
    name: 'the newest, by whichever of its names',
    world: {
      ubuntu: { 'jammy-20260101': base('1'), 'jammy-20260108': base('2'), jammy: base('2'), '22.04': base('2') },
      node: { 1: production('2') },
    },
    of: 'node:1',
    expected: 'ubuntu:22.04 (layers) newest',
  },
  {
    name: 'the newest base',
    world: { bookworm: bases, node: { 1: production('3') } },
    of: 'node:1',
    expected: 'bookworm:20260115 (layers) newest',
  },
  {
    name: 'the nearest of several bases',
    world: { bookworm: bases, node: { 1: production('1'), 2: production('3') }, app: { 1: service('1') } },
    expected: 'node:1 (layers) 1 behind 2',
  },
  {
    name: 'a base without steps on either side',
    world: { bookworm: { 20260101: plain('d1'), 20260108: plain('d2') }, app: { 1: plain('d1', 'a') } },
    expected: 'bookworm:20260101 (layers) 1 behind 20260108',
  },
  {
    name: 'nothing: the common first layer is no whole image',
    world: { one: { 1: plain('d', 'x') }, app: { 1: plain('d', 'a') } },
    expected: 'unknown',
  },
  { name: 'nothing: from scratch', world: { bookworm: bases, app: { 1: plain('a') } }, expected: 'unknown' },
  { name: 'nothing: no layers at all', world: { bookworm: bases, app: { 1: plain() } }, expected: 'unknown' },
  {
    name: 'nothing: an image of empty layers is the beginning of many',
    world: { empty: { 1: plain('') }, app: { 1: plain('', 'a') } },
    expected: 'unknown',
  },
  {
    name: 'nothing: a squashed image keeps none of the layers',
    world: { bookworm: bases, app: { 1: stack({ layers: ['all in one'], steps: ['merge'] }) } },
    expected: 'unknown',
  },
  {
    name: 'nothing: an earlier build of the same repository, whose layers a cache gave again',
    world: { app: { '1.0': plain('d', 'x'), '1.1': plain('d', 'x', 'y') } },
    of: 'app:1.1',
    expected: 'unknown',
  },
  {
    name: 'a sibling that a cache gave the same layers is no base; what both stand on is',
    world: {
      bookworm: bases,
      sibling: { 1: stack({ layers: ['debian 1', 'x'], steps: [...debianSteps, 'RUN x', '# CMD sibling'] }) },
      app: { 1: stack({ layers: ['debian 1', 'x', 'y'], steps: [...debianSteps, 'RUN x', 'RUN y'] }) },
    },
    expected: 'bookworm:20260101 (layers) 2 behind 20260115',
  },
  {
    name: 'nothing: the same image under another name',
    world: { bookworm: bases, copy: { 1: base('1') } },
    of: 'copy:1',
    expected: 'unknown',
  },
  {
    name: 'nothing: the same layers with another label, and no steps to tell who came first',
    world: { one: { 1: stack({ layers: ['d'], seed: 'a' }) }, app: { 1: stack({ layers: ['d'], seed: 'b' }) } },
    expected: 'unknown',
  },
  {
    name: 'an image that adds settings and no layer',
    world: { bookworm: bases, app: { 1: stack({ layers: ['debian 1'], steps: [...debianSteps, '# ENV A=b'] }) } },
    expected: 'bookworm:20260101 (layers) 2 behind 20260115',
  },
  {
    name: 'of two images with the same layers, the one whose settings it inherits',
    world: {
      bookworm: bases,
      shell: { 1: stack({ layers: ['debian 1'], steps: [...debianSteps, '# ENV A=b'] }) },
      app: { 1: stack({ layers: ['debian 1', 'a'], steps: [...debianSteps, '# ENV A=b', 'COPY a'] }) },
    },
    expected: 'shell:1 (layers) newest',
  },
  {
    name: 'one base under two names',
    world: {
      bookworm: { 20260101: plain('d1') },
      'mirror/bookworm': { 20260101: stack({ layers: ['d1'], seed: 'again' }) },
      app: { 1: plain('d1', 'a') },
    },
    expected: 'bookworm:20260101 =mirror/bookworm:20260101 (layers) newest',
  },
  {
    name: 'one base under two names, of which one went on: there it comes from',
    world: {
      a: { 20260101: plain('d1') },
      bookworm: { 20260101: plain('d1'), 20260108: plain('d2') },
      app: { 1: plain('d1', 'a') },
    },
    expected: 'bookworm:20260101 =a:20260101 (layers) 1 behind 20260108',
  },
  {
    name: 'one base under two names, and an annotation that says which',
    world: {
      bookworm: { 20260101: plain('d1'), 20260108: plain('d2') },
      'mirror/bookworm': { 20260101: plain('d1') },
      app: { 1: stack({ layers: ['d1', 'a'], ...claim(`${worldHost}/bookworm:20260101`) }) },
    },
    expected: 'bookworm:20260101 (annotation-and-layers) 1 behind 20260108',
  },
  {
    name: 'a rebuild that changed no layer puts nobody behind',
    world: {
      bookworm: { 20260101: base('1'), 20260108: base('1', { seed: 'again' }) },
      app: { 1: service('1') },
    },
    expected: 'bookworm:20260108 (layers) newest',
  },
  {
    name: 'rebuilds are counted by what is in them',
    world: {
      bookworm: { ...bases, 20260122: base('3', { seed: 'again' }), 20260129: base('4') },
      app: { 1: service('1') },
    },
    expected: 'bookworm:20260101 (layers) 3 behind 20260129',
  },
  {
    name: 'an image put on a new base stands on that',
    world: {
      bookworm: bases,
      app: {
        1: stack({
          layers: ['debian 3', 'a'],
          steps: [...debianSteps, 'COPY a'],
          ...claim(`${worldHost}/bookworm:20260101`, bases[20260101].digest),
        }),
      },
    },
    expected: `bookworm:20260115 (layers) newest; denied ${worldHost}/bookworm:20260101`,
  },
  {
    name: 'an annotation that the layers deny is told and not believed',
    world: {
      bookworm: bases,
      app: { 1: stack({ layers: ['flat'], ...claim(`${worldHost}/bookworm:20260101`, bases[20260101].digest) }) },
    },
    expected: `denied ${worldHost}/bookworm:20260101; unknown`,
  },
  {
    name: 'a digest that the layers confirm',
    world: { bookworm: bases, app: { 1: service('2', claim(null, bases[20260108].digest)) } },
    expected: 'bookworm:20260108 (annotation-and-layers) 1 behind 20260115',
  },
  {
    name: 'annotations that were copied from the base name what that stands on',
    world: {
      bookworm: bases,
      node: { 1: production('1', claim(`${worldHost}/bookworm:20260101`, bases[20260101].digest)) },
      app: { 1: service('1', claim(`${worldHost}/bookworm:20260101`, bases[20260101].digest)) },
    },
    expected: 'node:1 (layers) newest',
  },
  {
    name: 'annotations of its own are believed before nearer layers',
    world: {
      bookworm: bases,
      node: { 1: production('1') },
      app: { 1: service('1', claim(`${worldHost}/bookworm:20260101`, bases[20260101].digest)) },
    },
    expected: 'bookworm:20260101 (annotation-and-layers) 2 behind 20260115',
  },
  {
    name: 'a base elsewhere is a text',
    world: { bookworm: bases, app: { 1: stack({ layers: ['x'], ...claim('docker.io/library/debian:13') }) } },
    expected: 'outside docker.io/library/debian:13',
  },
  {
    name: 'a base elsewhere, upon one of ours',
    world: { bookworm: bases, app: { 1: service('1', claim('docker.io/library/node:24')) } },
    expected: 'beneath bookworm:20260101 (layers) 2 behind 20260115; outside docker.io/library/node:24',
  },
  {
    name: 'a base that may not be named',
    world: { bookworm: bases, app: { 1: stack({ layers: ['x'], ...claim(`${worldHost}/withheld:13`) }) } },
    expected: 'outside withheld',
  },
  {
    name: 'a name without a host is no image of ours',
    world: { debian: { 13: plain('d') }, app: { 1: stack({ layers: ['x'], ...claim('debian:13') }) } },
    expected: 'outside debian:13',
  },
  {
    name: 'a base that its tag has left since',
    world: {
      debian: createRepository(
        { 13: plain('new') },
        { events: [movedFrom(plain('old'), plain('mid'), '13'), movedFrom(plain('mid'), plain('new'), '13')] },
      ),
      app: { 1: stack({ layers: ['x', 'a'], ...claim(`${worldHost}/debian:13`, plain('old').digest) }) },
    },
    expected: 'debian:13 (formerly) 2 behind 13',
  },
  {
    name: 'a base whose tag is gone',
    world: {
      bookworm: createRepository(bases, {
        events: [{ ...movedFrom(plain('old'), plain('x'), '20251225'), type: 'removed', to: null }],
      }),
      app: { 1: stack({ layers: ['x', 'a'], ...claim(null, plain('old').digest) }) },
    },
    expected: 'bookworm:20251225 (formerly) 3 behind 20260115',
  },
  {
    name: 'a base in a repository that is gone',
    world: { old: createRepository({ 1: plain('d') }, { state: 'removed' }), app: { 1: plain('d', 'a') } },
    expected: 'old:1 (layers) age unknown',
  },
  {
    name: 'a label that the base handed down says nothing',
    world: {
      app: { 1: stack({ layers: ['x'], labels: { 'org.opencontainers.image.base.name': `${worldHost}/bookworm:1` } }) },
      bookworm: bases,
    },
    expected: 'unknown',
  },
  {
    name: 'a digest that nobody knows, without a name',
    world: { app: { 1: stack({ layers: ['x'], ...claim(null, computeDigest('nowhere')) }) } },
    expected: `outside ${computeDigest('nowhere')}`,
  },
  {
    name: 'whole numbers count builds, unless there are versions besides',
    world: { lib: { 1: plain('a'), 2: plain('b'), '2.1': plain('c') }, app: { 1: plain('a', 'x') } },
    expected: 'lib:1 (layers) newest',
  },
  {
    name: 'other lines of the base do not count, nor do previews and flavours',
    world: {
      node: {
        '24.1.0': plain('a'),
        '24.2.0': plain('b'),
        '24.2.0-slim': plain('c'),
        '24.3.0-rc1': plain('d'),
        '26.0.0': plain('e'),
      },
      app: { 1: plain('a', 'x') },
    },
    expected: 'node:24.1.0 (layers) 1 behind 24.2.0',
  },
  {
    name: 'commits have no order but their dates',
    world: {
      lib: {
        '3f9c2d1': stack({ layers: ['a'], createdAt: '2026-01-01T00:00:00Z' }),
        a1b2c3d: stack({ layers: ['b'], createdAt: '2026-01-03T00:00:00Z' }),
        '0c0ffee': stack({ layers: ['c'], createdAt: '2026-01-02T00:00:00Z' }),
      },
      app: { 1: plain('a', 'x') },
    },
    expected: 'lib:3f9c2d1 (layers) 2 behind a1b2c3d',
  },
  {
    name: 'platforms that agree',
    world: {
      bookworm: {
        20260101: stackAll(both.map((platform) => ({ layers: ['d1'], platform }))),
        20260108: stackAll(both.map((platform) => ({ layers: ['d2'], platform }))),
      },
      app: { 1: stackAll(both.map((platform) => ({ layers: ['d1', 'a'], platform }))) },
    },
    expected: 'bookworm:20260101 (layers) 1 behind 20260108',
  },
  {
    name: 'platforms that disagree',
    world: {
      bookworm: {
        20260101: stackAll(both.map((platform) => ({ layers: ['d1'], platform }))),
        20260108: stackAll(both.map((platform) => ({ layers: ['d2'], platform }))),
      },
      app: {
        1: stackAll([
          { layers: ['d1', 'a'], platform: 'linux/amd64' },
          { layers: ['d2', 'a'], platform: 'linux/arm64' },
          { layers: ['flat'], platform: 'linux/s390x' },
        ]),
      },
    },
    expected:
      'bookworm:20260101 (layers) 1 behind 20260108 on linux/amd64; bookworm:20260108 (layers) newest on linux/arm64; unknown on linux/s390x',
  },
  {
    name: 'one platform was rebuilt with the same layers, the other was not',
    world: {
      bookworm: {
        20260101: stackAll(both.map((platform) => ({ layers: ['d1'], platform }))),
        20260108: stackAll([
          { layers: ['d1'], platform: 'linux/amd64', seed: 'again' },
          { layers: ['d2'], platform: 'linux/arm64' },
        ]),
      },
      app: { 1: stackAll(both.map((platform) => ({ layers: ['d1', 'a'], platform }))) },
    },
    expected: 'bookworm:20260101 (layers) 1 behind 20260108',
  },
  {
    name: 'an index that names the index that it is based on',
    world: {
      bookworm: { 20260101: stackAll(both.map((platform) => ({ layers: ['d1'], platform }))) },
      app: {
        1: stackAll(
          both.map((platform) => ({ layers: ['d1', 'a'], platform })),
          { digest: stackAll(both.map((platform) => ({ layers: ['d1'], platform }))).digest },
        ),
      },
    },
    expected: 'bookworm:20260101 (annotation-and-layers) newest',
  },
  {
    name: 'an index that names the base of one of its platforms',
    world: {
      bookworm: { 20260101: stackAll(both.map((platform) => ({ layers: ['d1'], platform }))) },
      app: {
        1: stackAll(
          both.map((platform) => ({ layers: ['d1', 'a'], platform })),
          { digest: stack({ layers: ['d1'], platform: 'linux/amd64' }).digest },
        ),
      },
    },
    expected: 'bookworm:20260101 (annotation-and-layers) newest',
  },
  {
    name: 'a base for another platform only',
    world: { bookworm: { 1: stack({ layers: ['d'], platform: 'linux/arm64' }) }, app: { 1: plain('d', 'a') } },
    expected: 'unknown',
  },
  {
    name: '64-bit ARM, with its version or without',
    world: {
      bookworm: { 1: stackAll([{ layers: ['d'], platform: 'linux/arm64/v8' }]) },
      app: {
        1: createAliased('linux/arm64', ['d', 'a'], 'linux/arm64/v8'),
      },
    },
    expected: 'bookworm:1 (layers) newest',
  },
];

/** Layers of one platform under the name of another. */
function createAliased(platform: string, layers: readonly string[], of: string): Content {
  const content = stack({ layers, platform: of });
  const configs = [...content.configs].map(([digest, config]) => {
    const [os = '', architecture = ''] = platform.split('/');
    return [digest, { ...config, platform: { os, architecture, variant: null, osVersion: null } }] as const;
  });
  return { ...content, configs: new Map(configs) };
}

describe('what an image is built on', () => {
  for (const { name, world, of = 'app:1', expected } of cases) {
    it(name, () => assert.equal(createLineageWorld(world).describe(of), expected));
  }
});
