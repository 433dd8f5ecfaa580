/**
 * The hard cases, pushed to real registries: each number, date, platform, kind and attachment, in the JSON and on the pages,
 * against what an independent calculation makes of what skopeo reads. And each command of the pages, run as it stands there.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { ociDistribution11 } from '../../scripts/demo-registry/dialect.ts';
import { putContent } from '../../scripts/demo-registry/image/encode-content.ts';
import { createRegistryStore } from '../../scripts/demo-registry/store/registry-store.ts';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.ts';
import { listGoldenContents, missingChild, schema1Source } from '../support/golden-catalogue.ts';
import { createIndependentReader, type IndependentFacts } from '../support/independent-facts.ts';
import { createPusher } from '../support/pusher.ts';
import { requireTool } from '../support/require-tool.ts';
import { runProgram, useFolder } from '../support/run-program.ts';
import { runSkopeo } from '../support/run-skopeo.ts';
import { useDemoRegistry, useDockerRegistry } from '../support/use-server.ts';

const missingName = parseRepositoryName('golden/missing-child');

test('docker-registry 2.8: what is about an image stands in a list under a tag', async (t) => {
  if (!requireTool(t, 'skopeo')) return;
  const environment = { REGISTRY_COMPATIBILITY_SCHEMA1_ENABLED: 'true' };
  const registry = await useDockerRegistry(t, { environment });
  if (registry === null) return;
  const pusher = createPusher(registry.url);
  for (const { name, content, tags } of [...listGoldenContents('tag'), schema1Source]) {
    await pusher.pushContent(parseRepositoryName(name), content, tags.map(parseTag));
  }
  const repository = `docker://${new URL(registry.url).host}/${schema1Source.name}`;
  await runSkopeo('copy', '--format', 'v2s1', `${repository}:source`, `${repository}:1`);
  await pusher.deleteManifest(missingName, missingChild.manifest.digest);
  await compareSite(t, registry.url, [schema1Source.name]);
});

test('a registry of version 1.1: what is about an image is asked for', async (t) => {
  if (!requireTool(t, 'skopeo')) return;
  const store = createRegistryStore();
  for (const { name, content, tags } of listGoldenContents('api')) {
    putContent(store, parseRepositoryName(name), content, tags.map(parseTag));
  }
  store.deleteManifest(missingName, missingChild.manifest.digest);
  const registry = await useDemoRegistry(t, { store, dialect: ociDistribution11, recordsRequests: false });
  await compareSite(t, registry.url);
});

/** Every fact twice, and every command once. */
async function compareSite(t: TestContext, url: string, more: readonly string[] = []): Promise<void> {
  const folder = await useFolder(t);
  const siteDir = join(folder, 'site');
  const refresh = () =>
    runProgram(['refresh', '--registry', url, '--site-dir', siteDir, '--state-dir', join(folder, 'state')]);
  // The tag whose child is gone waits for a second run before it is taken as it is.
  assert.equal((await refresh()).exitCode, 3);
  const second = await refresh();
  assert.ok([0, 3].includes(second.exitCode ?? -1), second.stderr);
  const readFileOf = (path: string) => readFile(join(siteDir, 'current', path), 'utf8');

  const catalogue = JSON.parse(await readFileOf('-/api/v1/catalogue.json'));
  const expected = [...new Set([...listGoldenContents('tag').map(({ name }) => name), ...more])].sort();
  assert.deepEqual(
    catalogue.repositories.map(({ name }: { name: string }) => name),
    expected,
  );
  const commands: string[] = [];
  let compared = 0;
  let attached = 0;
  for (const name of expected) {
    const json: RepositoryJson = JSON.parse(await readFileOf(`-/api/v1/repositories/${name}/-/repository.json`));
    const page = await readFileOf(`${name}/tags/index.html`);
    const tags = JSON.parse(await runSkopeo('list-tags', `docker://${new URL(url).host}/${name}`)).Tags as string[];
    assert.deepEqual(json.tags.map(({ tag }) => tag).sort(), tags.toSorted());
    const reader = createIndependentReader(url, name);
    for (const { tag, digest } of json.tags) {
      const facts = await reader.readTag(tag, tags);
      const where = `${name}:${tag}`;
      assert.equal(digest, facts.digest, where);
      compareJson(json, facts, where);
      compareManifestPage(await readFileOf(`${name}/-/${facts.digest.replace(':', '/')}/index.html`), facts, where);
      if (!tag.startsWith('sha256-')) {
        compareRow(page, tag, facts, where);
        attached += facts.attached.length;
      }
      compared++;
    }
    assert.ok(!/<tr id="tag:sha256-[^>]*>/.test(versionTable(page)), `${name}: no version is an address`);
    commands.push(...listCommands(page));
  }
  assert.ok(compared >= 30, `only ${compared} tags were compared`);
  assert.ok(attached >= 10, `only ${attached} attachments were compared`);
  compareKnownSizes(await readFileOf('golden/two-sizes/tags/index.html'));
  await runCommands(t, url, commands);
}

interface RepositoryJson {
  readonly tags: readonly { readonly tag: string; readonly digest: string }[];
  readonly manifests: Readonly<Record<string, ManifestJson>>;
}

interface ManifestJson {
  readonly kind: string;
  readonly artifactType: string | null;
  readonly createdAt: string | null;
  readonly compressedSizeBytes: number | null;
  readonly platforms: readonly {
    readonly os: string;
    readonly architecture: string;
    readonly variant: string | null;
    readonly osVersion: string | null;
    readonly digest: string;
    readonly compressedSizeBytes: number | null;
    readonly createdAt: string | null;
  }[];
  readonly attachments: readonly { readonly digest: string; readonly kind: string }[];
}

function compareJson(json: RepositoryJson, facts: IndependentFacts, where: string): void {
  const manifest = json.manifests[facts.digest];
  assert.ok(manifest, where);
  const { kind, artifactType, createdAt, compressedSizeBytes } = manifest;
  assert.deepEqual(
    { kind, artifactType, createdAt, sizeBytes: compressedSizeBytes },
    { kind: facts.kind, artifactType: facts.artifactType, createdAt: facts.createdAt, sizeBytes: facts.sizeBytes },
    where,
  );
  const platforms = manifest.platforms.map(({ os, architecture, variant, osVersion, digest, ...figures }) => ({
    platform: `${os}/${architecture}${variant === null ? '' : `/${variant}`}${osVersion === null ? '' : ` (${osVersion})`}`,
    digest,
    sizeBytes: figures.compressedSizeBytes,
    createdAt: figures.createdAt,
  }));
  const sorted = platforms.sort((a, b) => (`${a.digest} ${a.platform}` < `${b.digest} ${b.platform}` ? -1 : 1));
  assert.deepEqual(sorted, facts.platforms, where);
  const subjects = new Set([facts.digest, ...manifest.platforms.map(({ digest }) => digest)]);
  const attached = [...subjects].flatMap((subject) => json.manifests[subject]?.attachments ?? []);
  assert.deepEqual([...new Set(attached.map((one) => `${one.kind} ${one.digest}`))].sort(), facts.attached, where);
}

/** What kinds are called on pages. */
const kindNames: Readonly<Record<string, string>> = {
  image: 'Image',
  'image-index': 'Multi-platform image',
  'helm-chart': 'Helm chart',
  signature: 'Signature',
  attestation: 'Attestation',
  sbom: 'Bill of materials',
  artifact: 'Artifact',
  'docker-schema1': 'Docker schema 1 image',
};

function compareRow(page: string, tag: string, facts: IndependentFacts, where: string): void {
  const leads = [...page.matchAll(/<tr id="tag:([^"]+)">(.*?)<\/tr>/gs)];
  const row = leads.find(([, lead, html]) => lead === tag || html?.includes(`id="tag:${tag}"`))?.[2] ?? '';
  assert.notEqual(row, '', `${where} has a row`);
  assert.ok(row.includes(facts.digest), where);
  const [, builtCell = ''] = row.split('<td>');
  assert.equal(/datetime="([^"]+)"/.exec(builtCell)?.[1] ?? null, facts.createdAt, `${where}: built`);
  assert.equal(builtCell.includes('not recorded'), facts.createdAt === null, where);
  const sizes = [...row.matchAll(/<div class="size"([^>]*)>(.*?)<\/div>/gs)].map(([, attributes = '', html = '']) => ({
    platform: /data-platform="([^"]+)"/.exec(attributes)?.[1] ?? null,
    sizeBytes: Number(/value="(\d+)"/.exec(html)?.[1] ?? Number.NaN),
    isUnknown: html.includes('size unknown'),
    text: html,
  }));
  const expected =
    facts.platforms.length > 0 ? facts.platforms : [{ platform: null, sizeBytes: facts.sizeBytes, createdAt: null }];
  assert.deepEqual(
    sizes.map(({ platform, sizeBytes, isUnknown }) => `${platform} ${isUnknown ? null : sizeBytes}`).sort(),
    expected.map(({ platform, sizeBytes }) => `${platform} ${sizeBytes}`).sort(),
    where,
  );
  if (facts.platforms.length === 0) {
    assert.ok(
      sizes[0]?.text.includes((facts.kind === 'artifact' ? facts.artifactType : kindNames[facts.kind]) ?? '?'),
      `${where}: what it is`,
    );
  }
  const shown = [...row.matchAll(/<li>(.*?)<code class="digest" title="([^"]+)"/gs)].map(([, what = '', digest]) => {
    const [kind] = Object.entries(kindNames).find(([, text]) => what.startsWith(text)) ?? [];
    return `${kind} ${digest}`;
  });
  const more = Number(/<li>and (\d+) more<\/li>/.exec(row)?.[1] ?? 0);
  assert.equal(shown.length + more, facts.attached.length, `${where}: attached`);
  for (const one of shown) assert.ok(facts.attached.includes(one), `${where}: ${one}`);
}

function compareManifestPage(page: string, facts: IndependentFacts, where: string): void {
  assert.equal(/<dt>Kind<\/dt><dd>([^<]+)</.exec(page)?.[1], kindNames[facts.kind], `${where}: kind`);
  const built = /<dt>Built<\/dt><dd><time datetime="([^"]+)"/.exec(page)?.[1] ?? null;
  assert.equal(built, facts.createdAt, `${where}: built`);
  for (const { digest, platform, sizeBytes } of facts.platforms) {
    assert.ok(page.includes(digest) && page.includes(platform), `${where}: ${platform}`);
    const exact = sizeBytes === null ? 'unknown' : `${new Intl.NumberFormat('en').format(sizeBytes)} bytes`;
    assert.ok(page.includes(exact), `${where}: ${exact}`);
  }
  for (const one of facts.attached) {
    const [kind = '', digest = ''] = one.split(' ');
    const row = [...page.matchAll(/<tr>(.*?)<\/tr>/gs)].find(([, html]) => html?.includes(`>${digest}<`))?.[1] ?? '';
    assert.ok(row.includes(kindNames[kind] ?? '?'), `${where}: ${one} is on its page`);
  }
}

function compareKnownSizes(page: string): void {
  const table = versionTable(page);
  assert.match(table, /linux\/amd64 <data[^>]*>30\u00a0MB</);
  assert.match(table, /linux\/arm64\/v8 <data[^>]*>90\u00a0MB</);
  assert.doesNotMatch(table, /(?:60|120)\u00a0MB/);
  assert.match(page, /1 MB is 1,000,000 bytes/);
}

function versionTable(page: string): string {
  return /<table class="list tags".*?<\/table>/s.exec(page)?.[0] ?? '';
}

/** The commands of the page's first part, as a reader copies them. */
function listCommands(page: string): readonly string[] {
  const codes = [...page.matchAll(/<dd data-tool="[^"]+"[^>]*><code>([^<]+)<\/code>/g)];
  return codes.flatMap(([, command]) => command ?? []);
}

const run = promisify(execFile);

/** Runs what names skopeo or podman. That the registry has no TLS is said in the tools' own settings, not in the command. */
async function runCommands(t: TestContext, url: string, commands: readonly string[]): Promise<void> {
  const home = await useFolder(t);
  const settings = join(home, '.config', 'containers');
  await mkdir(settings, { recursive: true });
  await writeFile(join(settings, 'policy.json'), '{"default":[{"type":"insecureAcceptAnything"}]}');
  const registry = `[[registry]]\nlocation = "${new URL(url).host}"\ninsecure = true\n`;
  await writeFile(join(settings, 'registries.conf'), registry);
  const storage = { driver: 'vfs', graphroot: join(home, 'storage'), runroot: join(home, 'run') };
  const lines = Object.entries(storage).map(([key, value]) => `${key} = "${value}"`);
  await writeFile(join(settings, 'storage.conf'), `[storage]\n${lines.join('\n')}\n`);
  const environment = {
    PATH: process.env['PATH'],
    HOME: home,
    TMPDIR: home,
    CONTAINERS_STORAGE_CONF: join(settings, 'storage.conf'),
  };
  const runIn = async (command: string) => {
    const cwd = await useFolder(t);
    await run('sh', ['-c', command], { cwd, env: environment, maxBuffer: 16 * 1024 * 1024 });
  };
  const copies = commands.filter((command) => command.startsWith('skopeo ') && !command.includes('missing-child'));
  assert.ok(copies.length >= 16, `only ${copies.length} commands of skopeo`);
  for (const command of copies) await runIn(command);

  const pulls = commands.filter((command) =>
    /^podman pull \S+\/golden\/(?:layers|two-sizes|mixed|signed)/.test(command),
  );
  assert.ok(pulls.length >= 8, `only ${pulls.length} commands of podman`);
  if (!requireTool(t, 'podman')) return;
  for (const command of pulls) await runIn(command);
}
