import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import type {
  CatalogueEvent,
  ConfigFacts,
  Facts,
  ImageConfigFacts,
  Instant,
  Interval,
  Referrer,
  Repository,
  TagRecord,
} from '../../src/catalogue/model.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { computeDigest, type Digest } from '../../src/oci/digest.ts';
import type { Platform } from '../../src/oci/platform.ts';
import { parseRepositoryName, parseTag, type RepositoryName, type Tag } from '../../src/oci/reference.ts';
import { decodeRepository, encodeRepository } from '../../src/snapshot/repository-codec.ts';
import { hour } from '../support/catalogue-values.ts';

const RUNS = { numRuns: 300 };

/** Records with the prototype of every object, which those of a decoder have too. */
const record = <Model>(model: { [Key in keyof Model]: fc.Arbitrary<Model[Key]> }): fc.Arbitrary<Model> =>
  fc.record(model, { noNullPrototype: true });

/** Few different values, so that tables are shared, and some that break what is careless. */
const text = fc.oneof(
  fc.constantFrom('', 'a', '\n', '"', '\\', '\u2028', '\ud800', '😀', '__proto__', 'constructor', '0', '10', '9'),
  fc.string({ maxLength: 5, unit: 'binary' }),
);
const textOrNull = fc.option(text);
const texts = fc.array(text, { maxLength: 4 });
const digest: fc.Arbitrary<Digest> = fc
  .tuple(fc.nat({ max: 12 }), fc.constantFrom('sha256', 'sha512'))
  .map(([seed, algorithm]) => computeDigest(String(seed), algorithm));
const instant: fc.Arbitrary<Instant> = fc.integer({ min: -100_000, max: 100_000 }).map(hour);
const size = fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER));
const tag: fc.Arbitrary<Tag> = fc
  .oneof(
    fc.constantFrom('__proto__', 'constructor', '0', '10', '9', '007'),
    fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,9}$/),
  )
  .map(parseTag);
const name: fc.Arbitrary<RepositoryName> = fc
  .array(fc.constantFrom('a', 'releng', '404', 'x-y', 'v2'), { minLength: 1, maxLength: 4 })
  .map((parts) => parseRepositoryName(parts.join('/')));
const textMap = fc
  .array(fc.tuple(text, text), { maxLength: 5 })
  .map((entries): Readonly<Record<string, string>> => Object.fromEntries(entries));

const platform: fc.Arbitrary<Platform> = record({
  os: text,
  architecture: text,
  variant: textOrNull,
  osVersion: textOrNull,
});
const descriptor: fc.Arbitrary<Descriptor> = record({ mediaType: text, digest, sizeBytes: size });
const common = {
  mediaType: text,
  sizeBytes: size,
  artifactType: textOrNull,
  subject: fc.option(digest),
  annotations: textMap,
};
const child = fc
  .tuple(descriptor, record({ platform: fc.option(platform), artifactType: textOrNull, annotations: textMap }))
  .map(([one, over]) => ({ ...one, ...over }));
const facts: fc.Arbitrary<Facts> = fc.oneof(
  record({
    shape: fc.constant('manifest'),
    ...common,
    config: descriptor,
    layers: fc.array(descriptor, { maxLength: 5 }),
  }),
  record({ shape: fc.constant('index'), ...common, children: fc.array(child, { maxLength: 5 }) }),
  record({ shape: fc.constant('opaque'), ...common, problem: textOrNull }),
);
const imageConfig: fc.Arbitrary<ImageConfigFacts> = record({
  withheld: fc.boolean(),
  createdAt: textOrNull,
  platform: fc.option(platform),
  author: textOrNull,
  user: textOrNull,
  workingDir: textOrNull,
  entrypoint: fc.option(texts),
  command: fc.option(texts),
  environment: texts,
  exposedPorts: texts,
  volumes: texts,
  stopSignal: textOrNull,
  labels: textMap,
  history: fc.array(
    record({ createdAt: textOrNull, createdBy: textOrNull, comment: textOrNull, emptyLayer: fc.boolean() }),
    { maxLength: 4 },
  ),
  diffIds: fc.array(digest, { maxLength: 4 }),
});
const config: fc.Arbitrary<ConfigFacts> = fc.oneof(
  imageConfig,
  record({ chart: textMap }),
  record({ problem: fc.constantFrom('invalid', 'too-large', 'redirect-refused') }),
);
const interval: fc.Arbitrary<Interval> = record({ notBefore: fc.option(instant), notAfter: instant });
const tagRecord: fc.Arbitrary<TagRecord> = record({
  digest: fc.option(digest),
  state: fc.constantFrom('current', 'stale', 'settling'),
  firstSeenAt: instant,
  moved: fc.option(interval),
  observedAt: fc.option(instant),
  missedRuns: fc.nat(),
});
const event: fc.Arbitrary<CatalogueEvent> = record({
  type: fc.constantFrom('added', 'moved', 'removed', 'returned'),
  tag: fc.option(tag),
  from: fc.option(digest),
  to: fc.option(digest),
  notBefore: fc.option(instant),
  notAfter: instant,
  ordinal: fc.nat(),
  run: fc.nat(),
  firstSeenAt: fc.option(instant),
});
const referrer: fc.Arbitrary<Referrer> = record({
  mediaType: text,
  digest,
  sizeBytes: fc.nat(),
  artifactType: fc.option(text),
  annotations: textMap,
  firstSeenAt: instant,
});
const mapOf = <Key, Value>(key: fc.Arbitrary<Key>, value: fc.Arbitrary<Value>) =>
  fc.array(fc.tuple(key, value), { maxLength: 6 }).map((entries) => new Map(entries));
const repository: fc.Arbitrary<Repository> = record({
  name,
  source: text,
  state: fc.constantFrom('unread', 'listed', 'removed'),
  firstSeenAt: instant,
  staleSince: fc.option(instant),
  missedRuns: fc.nat(),
  tags: mapOf(tag, tagRecord),
  manifests: mapOf(digest, facts),
  configs: mapOf(digest, config),
  referrers: mapOf(digest, fc.array(referrer, { maxLength: 3 })),
  events: fc.array(event, { maxLength: 4 }),
  archives: fc.array(
    record({ year: fc.integer(), file: fc.stringMatching(/^[0-9a-f]{64}$/), events: fc.integer({ min: 1 }) }),
    { maxLength: 2 },
  ),
});

const decode = (bytes: string) => decodeRepository(JSON.parse(bytes));

it('a repository is read as it was written', () => {
  fc.assert(
    fc.property(repository, (one) => {
      assert.deepEqual(decode(encodeRepository(one)), one);
    }),
    RUNS,
  );
});

it('equal repositories have equal bytes, whatever order their maps were filled in', () => {
  fc.assert(
    fc.property(repository, fc.infiniteStream(fc.nat()), (one, numbers) => {
      const shuffle = <Key, Value>(map: ReadonlyMap<Key, Value>) =>
        new Map(
          [...map]
            .map((entry) => [numbers.next().value, entry] as const)
            .sort(([a], [b]) => a - b)
            .map(([, entry]) => entry),
        );
      const reorder = (map: Readonly<Record<string, string>>) => Object.fromEntries(Object.entries(map).reverse());
      const other: Repository = {
        ...one,
        tags: shuffle(one.tags),
        manifests: new Map(
          [...shuffle(one.manifests)].map(([key, value]) => [
            key,
            { ...value, annotations: reorder(value.annotations) },
          ]),
        ),
        configs: new Map(
          [...shuffle(one.configs)].map(([key, value]) => [
            key,
            'labels' in value ? { ...value, labels: reorder(value.labels) } : value,
          ]),
        ),
      };
      assert.equal(encodeRepository(other), encodeRepository(one));
    }),
    RUNS,
  );
});

it('different repositories have different bytes', () => {
  fc.assert(
    fc.property(repository, repository, (one, other) => {
      const isSame = encodeRepository(one) === encodeRepository(other);
      if (isSame) assert.deepEqual(one, other);
      else assert.notDeepEqual(one, other);
    }),
    RUNS,
  );
});

it('bytes that were cut or changed are refused, or say what they always said', () => {
  fc.assert(
    fc.property(
      repository,
      fc.nat(),
      fc.nat({ max: 8 }),
      fc.constantFrom('', '0', '"', 'null', '}', '[]'),
      (one, at, length, insert) => {
        const bytes = encodeRepository(one);
        const place = at % bytes.length;
        const changed = bytes.slice(0, place) + insert + bytes.slice(place + length);
        let read: Repository;
        try {
          read = decode(changed);
        } catch {
          return;
        }
        // What is taken is a repository that can be written and read again.
        assert.deepEqual(decode(encodeRepository(read)), read);
      },
    ),
    { numRuns: 1000 },
  );
});
