import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import {
  forgetRedactedFacts,
  redactConfigs,
  redactManifests,
  redactReferrers,
} from '../../../src/catalogue/redact-facts.ts';
import { createRedactor } from '../../../src/catalogue/redaction.ts';
import {
  createConfig,
  createDescriptor,
  createImage,
  createIndex,
  createOpaque,
  createRepository,
  toPlatform,
} from '../../support/catalogue-values.ts';

const shown = new Set(['bookworm', 'releng/tool', 'team/app']);
const redact = createRedactor({
  names: new Set(['restricted/vault', 'releng', 'crown-jewels', 'a--b__c.d/e']),
  isHidden: (name) => /^restricted(?:\/|$)/.test(name) || name === 'python',
  isShown: (name) => shown.has(name),
  isTagHidden: (tag) => tag.startsWith('dev-'),
});

const texts: readonly (readonly [text: string, redacted: string])[] = [
  ['', ''],
  ['nothing to see', 'nothing to see'],
  ['registry.example/restricted/vault:1.0', 'registry.example/withheld:1.0'],
  ['registry.example:5000/restricted/vault@sha256:00ff', 'registry.example:5000/withheld@sha256:00ff'],
  ['localhost:5000/restricted/vault', 'localhost:5000/withheld'],
  ['docker://registry.example/restricted/vault', 'docker://registry.example/withheld'],
  ['oci-archive:restricted/vault', 'oci-archive:withheld'],
  ['pkg:oci/vault?repository_url=r.example/restricted/vault', 'pkg:oci/vault?repository_url=r.example/withheld'],
  ['repository_url=r.example%2Frestricted%2Fvault', 'repository_url=r.example%2Fwithheld'],
  ['{"from":"r.example\\/restricted\\/vault"}', '{"from":"r.example\\/withheld"}'],
  ['https://r.example/crown-jewels/tags/', 'https://r.example/withheld/tags/'],
  ['https://r.example/restricted/vault/tags/', 'https://r.example/withheld/'],
  ['/v2/crown-jewels/manifests/latest', '/v2/withheld/manifests/latest'],
  ['/v2/restricted/vault/manifests/latest', '/v2/withheld'],
  ['COPY --from=restricted/vault /x /x', 'COPY --from=withheld /x /x'],
  ['BASE_restricted/vault', 'BASE_withheld'],
  ['"restricted/vault", (restricted/vault) <restricted/vault>.', '"withheld", (withheld) <withheld>.'],
  ['restricted/vault restricted/vault', 'withheld withheld'],
  ['see a--b__c.d/e', 'see withheld'],
  ['made by releng for releng.', 'made by withheld for withheld.'],
  ['the crown-jewels of all', 'the withheld of all'],

  // A shown name stays, also where a hidden one is a part of it; a name is never a part of a word.
  ['r.example/releng/tool:1 and releng/tool', 'r.example/releng/tool:1 and releng/tool'],
  ['releng/other', 'withheld/other'],
  ['xrestricted/vault restricted/vaults my-releng releng2', 'xrestricted/vault withheld my-releng releng2'],
  ['Restricted/Vault RELENG', 'Restricted/Vault RELENG'],

  // A name that only a pattern hides, where it is referred to.
  ['FROM r.example/restricted/new:2', 'FROM r.example/withheld:2'],
  ['FROM restricted/new AS build', 'FROM withheld AS build'],
  ['GET http://r.example:5000/v2/restricted: 404', 'GET http://r.example:5000/v2/withheld: 404'],
  ['r.example/restricted', 'r.example/withheld'],
  ['restricted:1.0', 'withheld:1.0'],
  ['restricted@sha256:00', 'withheld@sha256:00'],
  ['for restricted use, in restricted areas', 'for restricted use, in restricted areas'],
  ['/etc/restricted/x ./restricted/x ~/restricted/x', '/etc/restricted/x ./restricted/x ~/restricted/x'],
  ['written in python 3, run by /usr/bin/python', 'written in python 3, run by /usr/bin/python'],
  ['FROM python:3.13', 'FROM withheld:3.13'],
  ['ghcr.io/python', 'ghcr.io/withheld'],

  // Tags of shown repositories.
  [
    'team/app:dev-7 r.example/bookworm:dev-8, other:dev-9',
    'team/app:withheld r.example/bookworm:withheld, other:dev-9',
  ],
  ['team/app:1.0', 'team/app:1.0'],

  // Tags of hidden ones, also where the name was taken out before.
  ['r.example/restricted/vault:dev-7, releng:dev-8', 'r.example/withheld:withheld, withheld:withheld'],
  ['FROM restricted/new:dev-7@sha256:00', 'FROM withheld:withheld@sha256:00'],
  ['withheld:dev-7 withheld:1.0', 'withheld:withheld withheld:1.0'],
  ['bookworm:dev-1@sha256:00', 'bookworm:withheld@sha256:00'],
];

describe('a text', () => {
  for (const [text, redacted] of texts) it(JSON.stringify(text), () => assert.equal(redact(text), redacted));

  it('is not changed a second time', () => {
    for (const [, redacted] of texts) assert.equal(redact(redacted), redacted);
  });

  it('of any kind is searched in no time', () => {
    const started = performance.now();
    for (const part of ['a/', 'a.', 'a-', '%2F', 'aB', 'releng/', 'a:', '\\/', 'restricted/vault ']) {
      redact(part.repeat(4096 / part.length));
      redact(`${part.repeat(4096 / part.length)}B`);
    }
    assert.ok(performance.now() - started < 1000);
  });
});

const mention = 'built on r.example/restricted/vault:1';
const clean = 'built on r.example/withheld:1';

test('every text of the facts is searched, and nothing else', () => {
  const platform = toPlatform('linux/amd64');
  const config = {
    author: mention,
    user: mention,
    workingDir: mention,
    entrypoint: [mention],
    command: ['run', mention],
    environment: [`BASE=${mention}`],
    exposedPorts: [mention],
    volumes: [mention],
    stopSignal: mention,
    labels: { [mention]: mention },
    history: [
      { createdAt: null, createdBy: mention, comment: null, emptyLayer: false },
      { createdAt: null, createdBy: null, comment: mention, emptyLayer: true },
    ],
  };
  const image = createImage('image', { platform, config, facts: { annotations: { base: mention } } });
  const index = createIndex('index', [[image, { platform, annotations: { of: mention } }]], {
    annotations: { [mention]: '' },
  });
  const opaque = createOpaque('odd', 'application/x', `at annotations.${mention}: expected a text`);
  const chart = { chart: { home: mention } };
  const digest = opaque.digest;
  const manifests = redactManifests(new Map([...index.manifests, ...opaque.manifests]), redact);
  const configs = redactConfigs(new Map([...index.configs, [digest, chart], [opaque.digest, chart]]), redact);
  const told = JSON.stringify([[...manifests], [...configs]]);
  assert.doesNotMatch(told, /vault/);
  assert.equal(told.split(clean).length - 1, 18);
  const before = JSON.stringify([
    [...index.manifests, ...opaque.manifests],
    [...index.configs, [digest, chart]],
  ]);
  assert.equal(told, before.replaceAll(mention, clean));
});

test('what an author may write where the specification wants a word of its own is searched too', () => {
  const odd = { os: mention, architecture: mention, variant: mention, osVersion: mention };
  const config = { createdAt: mention, platform: odd };
  const image = createImage('image', { platform: odd, config, layerType: mention });
  const index = createIndex('index', [[image, { platform: odd, artifactType: mention }]], { artifactType: mention });
  const manifests = redactManifests(index.manifests, redact);
  const configs = redactConfigs(index.configs, redact);
  assert.doesNotMatch(JSON.stringify([[...manifests], [...configs]]), /vault/);
});

test('the words of the specification stay, whatever repositories are called', () => {
  const hidesWords = createRedactor({
    names: new Set(['linux', 'amd64', 'linux/amd64', 'application/vnd.oci.image.config.v1']),
    isHidden: () => false,
    isShown: () => false,
    isTagHidden: () => false,
  });
  const image = createImage('image', { platform: toPlatform('linux/amd64') });
  const index = createIndex('index', [[image, { platform: toPlatform('linux/arm64/v8') }]]);
  assert.equal(redactManifests(index.manifests, hidesWords), index.manifests);
  assert.equal(redactConfigs(index.configs, hidesWords), index.configs);
});

test('the subtype of a media type is a word like others', () => {
  const hides = createRedactor({
    names: new Set(['secret', 'json', 'gzip', 'application', 'image', 'vnd.acme.plan', 'spdx']),
    isHidden: () => false,
    isShown: () => false,
    isTagHidden: () => false,
  });
  const types: readonly (readonly [written: string, kept: string])[] = [
    ['application/secret', 'application/withheld'],
    ['application/secret+json', 'application/withheld+json'],
    ['application/json+secret', 'application/withheld+withheld'],
    ['application/vnd.acme.plan', 'application/withheld'],
    ['application/vnd.acme.plan.v1+json', 'application/vnd.acme.plan.v1+json'],
    ['application/vnd.oci.image.config.v1+json', 'application/vnd.oci.image.config.v1+json'],
    ['application/vnd.secret.thing', 'application/vnd.secret.thing'],
    ['application/spdx+json', 'application/spdx+json'],
    ['application/json', 'application/json'],
    ['image/png', 'image/png'],
    ['my secret', 'my withheld'],
  ];
  for (const [written, kept] of types) {
    const index = createIndex('index', [[createImage('image', { layerType: written }), { artifactType: written }]], {
      artifactType: written,
    });
    const opaque = createOpaque('odd', written);
    const manifests = redactManifests(new Map([...index.manifests, ...opaque.manifests]), hides);
    const { digest, sizeBytes } = createDescriptor('sbom', 'application/json', 5);
    const referrer = { digest, sizeBytes, mediaType: written, artifactType: written, annotations: {} };
    const referrers = redactReferrers(new Map([[digest, [referrer]]]), hides);
    const before = JSON.stringify([...index.manifests, ...opaque.manifests, [digest, [referrer]]]);
    const after = JSON.stringify([...manifests, ...referrers]);
    assert.equal(after, before.replaceAll(JSON.stringify(written), JSON.stringify(kept)), written);
    assert.ok(after.split(JSON.stringify(kept)).length >= 7, written);
  }
});

test('a label that is a tag by convention does not name a hidden one', () => {
  const labels = {
    'org.opencontainers.image.ref.name': 'dev-9',
    'org.opencontainers.image.version': 'dev-9',
    other: 'dev-9',
  };
  const image = createImage('image', { config: createConfig({ labels }) });
  const [config] = redactConfigs(image.configs, redact).values();
  assert.deepEqual(config && 'labels' in config ? Object.values(config.labels) : [], ['withheld', 'withheld', 'dev-9']);
});

test('a hidden name of many parts is replaced as a whole', () => {
  const long = Array.from({ length: 80 }, (_, at) => `p${at % 10}`).join('/');
  const hides = createRedactor({
    names: new Set([long]),
    isHidden: (name) => name.startsWith('restricted/'),
    isShown: () => false,
    isTagHidden: () => false,
  });
  assert.equal(hides(`FROM r.example/${long}:1`), 'FROM r.example/withheld:1');
  assert.equal(hides(`FROM r.example/restricted/${long.slice(0, 200)}:1`), 'FROM r.example/withheld:1');
  assert.equal(hides(`FROM r.example/${long}/p:1`), 'FROM r.example/withheld/p:1');
});

test('facts without hidden names stay the very same', () => {
  const image = createImage('image', { config: createConfig({ labels: { a: 'b' }, environment: ['PATH=/bin'] }) });
  assert.equal(redactManifests(image.manifests, redact), image.manifests);
  assert.equal(redactConfigs(image.configs, redact), image.configs);
  const problem = new Map([[image.digest, { problem: 'invalid' } as const]]);
  assert.equal(redactConfigs(problem, redact), problem);
});

test('what something was taken out of is forgotten, and nothing else', () => {
  const [plain, mentioning] = [createImage('plain'), createImage('other', { config: { author: mention } })];
  const repository = createRepository({ '1': plain, '2': mentioning });
  assert.equal(forgetRedactedFacts(repository), repository);
  const configs = redactConfigs(repository.configs, redact);
  const { manifests, configs: kept } = forgetRedactedFacts({ ...repository, configs });
  assert.deepEqual([manifests.size, [...kept.keys()]], [2, [...plain.configs.keys()]]);
});
