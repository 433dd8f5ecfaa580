import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { computeDigest } from '../../../src/oci/digest.ts';
import { decodeImageConfig } from '../../../src/oci/image-config.schema.ts';
import type { ImageConfig } from '../../../src/oci/image-config.ts';

function decode(document: unknown): ImageConfig {
  return decodeImageConfig(
    new TextEncoder().encode(typeof document === 'string' ? document : JSON.stringify(document)),
  );
}

const nothing: ImageConfig = {
  createdAt: null,
  platform: null,
  author: null,
  user: null,
  workingDir: null,
  entrypoint: null,
  command: null,
  environment: [],
  exposedPorts: [],
  volumes: [],
  stopSignal: null,
  labels: {},
  history: [],
  diffIds: [],
};

const diffIds = [computeDigest('layer 1'), computeDigest('layer 2')];

it('a config says what the build recorded', () => {
  const config = decode({
    created: '2026-08-16T10:00:00.123456789Z',
    author: 'Ada',
    os: 'linux',
    architecture: 'arm',
    variant: 'v7',
    'os.version': '',
    config: {
      User: '900',
      WorkingDir: '/srv',
      Entrypoint: ['/usr/bin/tini', '--'],
      Cmd: ['node', 'server.js'],
      Env: ['PATH=/bin', 'EMPTY=', 'PATH=/twice'],
      ExposedPorts: { '9090/udp': {}, '8080/tcp': {} },
      Volumes: { '/data': {} },
      StopSignal: 'SIGTERM',
      Labels: { maintainer: 'a@example.org' },
    },
    history: [
      { created: '2026-08-16T09:00:00Z', created_by: 'ADD file', comment: '' },
      { created_by: 'CMD ["node"]', empty_layer: true, comment: 'buildkit' },
    ],
    rootfs: { type: 'layers', diff_ids: diffIds },
  });
  assert.deepEqual(config, {
    createdAt: '2026-08-16T10:00:00.123456789Z',
    platform: { os: 'linux', architecture: 'arm', variant: 'v7', osVersion: null },
    author: 'Ada',
    user: '900',
    workingDir: '/srv',
    entrypoint: ['/usr/bin/tini', '--'],
    command: ['node', 'server.js'],
    environment: ['PATH=/bin', 'EMPTY=', 'PATH=/twice'],
    exposedPorts: ['8080/tcp', '9090/udp'],
    volumes: ['/data'],
    stopSignal: 'SIGTERM',
    labels: { maintainer: 'a@example.org' },
    history: [
      { createdAt: '2026-08-16T09:00:00Z', createdBy: 'ADD file', comment: null, emptyLayer: false },
      { createdAt: null, createdBy: 'CMD ["node"]', comment: 'buildkit', emptyLayer: true },
    ],
    diffIds,
  } satisfies ImageConfig);
});

describe('what is missing, null or of another type is nothing', () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ['an empty object', {}],
    ['null everywhere', { created: null, os: null, architecture: null, config: null, history: null, rootfs: null }],
    ['numbers everywhere', { created: 1, os: 2, architecture: 3, config: 4, history: 5, rootfs: 6 }],
    ['texts everywhere', { config: 'a', history: 'b', rootfs: 'c', author: '' }],
    ['lists for objects', { config: [], rootfs: [], history: {} }],
    [
      'null within',
      {
        config: {
          ...{ User: null, WorkingDir: null, Entrypoint: null, Cmd: null, Env: null, ExposedPorts: null },
          ...{ Volumes: null, StopSignal: null, Labels: null },
        },
        rootfs: { diff_ids: null },
      },
    ],
    [
      'wrong types within',
      {
        config: {
          ...{ User: 0, WorkingDir: {}, Entrypoint: 7, Cmd: [1], Env: [null], ExposedPorts: ['80/tcp'] },
          ...{ Volumes: 'all', StopSignal: 15, Labels: ['a=b'] },
        },
        rootfs: { diff_ids: 'none' },
      },
    ],
    ['an architecture without a system', { architecture: 'amd64' }],
    ['one step that is none', { history: ['RUN make'] }],
    ['a digest of another algorithm among the layers', { rootfs: { diff_ids: [diffIds[0], 'md5:00'] } }],
    ['more layers than any image has', { rootfs: { diff_ids: Array(5001).fill(diffIds[0]) } }],
    ['`__proto__`', '{"__proto__":{"author":"evil","os":"linux","architecture":"amd64"}}'],
  ];
  for (const [name, document] of cases) it(name, () => assert.deepEqual(decode(document), nothing));
});

it('a command may be one line, as the oldest builders wrote it', () => {
  const { entrypoint, command } = decode({ config: { Entrypoint: '/bin/run', Cmd: [] } });
  assert.deepEqual([entrypoint, command], [['/bin/run'], []]);
});

it('labels that are no text are left out, and none pollutes', () => {
  const { labels } = decode(
    '{"config":{"Labels":{"a":"b","n":1,"o":{},"nil":null,"__proto__":{"x":"y"},"constructor":"c"}}}',
  );
  assert.deepEqual(Object.entries(labels), [
    ['a', 'b'],
    ['constructor', 'c'],
  ]);
});

describe('a document that is no config', () => {
  for (const text of ['', 'null', '[]', '"x"', '{"os":', '<html>', '5']) {
    it(text || 'nothing', () => assert.throws(() => decode(text), { code: 'INVALID_DOCUMENT' }));
  }
});

describe('hostile configs', () => {
  it('ten megabytes of labels are bounded', () => {
    const labels = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`label${at}`, 'x'.repeat(1_000_000)]));
    assert.ok(JSON.stringify(decode({ config: { Labels: labels } })).length < 50_000);
  });

  it('every text and every list is bounded', () => {
    const long = 'x'.repeat(100_000);
    const many = <Value>(value: Value) => Array<Value>(3000).fill(value);
    const config = decode({
      ...{ created: long, author: long, os: long, architecture: long, variant: long, 'os.version': long },
      config: {
        ...{ User: long, WorkingDir: long, StopSignal: long, Entrypoint: [long], Cmd: many('x'), Env: many('A=b') },
        ExposedPorts: Object.fromEntries(many(0).map((_, at) => [`${at}/tcp`, {}])),
        Volumes: { [long]: {} },
      },
      history: many({ created: 'x', created_by: 'y', comment: 'z' }),
    });
    for (const list of [config.command, config.environment, config.exposedPorts, config.history]) {
      assert.equal(list?.length, 400);
    }
    assert.ok(JSON.stringify(config).length < 100_000);
  });

  it('10,000 levels are refused', () => {
    const deep = '['.repeat(10_000) + ']'.repeat(10_000);
    assert.throws(() => decode(`{"config":{"Labels":{"deep":${deep}}}}`), /nested too deep/);
  });
});
