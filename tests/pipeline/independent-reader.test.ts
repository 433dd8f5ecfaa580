/**
 * The site against an independent reader: every repository, tag, digest, platform, date and size that it shows is worked out
 * a second time, from what skopeo reads of the same registry.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fillDemoCatalogue } from '../../scripts/demo-registry/catalogue/fill-demo-catalogue.ts';
import { ociDistribution11 } from '../../scripts/demo-registry/dialect.ts';
import { createRegistryStore, type RegistryStore } from '../../scripts/demo-registry/store/registry-store.ts';
import { computeDigest } from '../../src/oci/digest.ts';
import { copyCatalogue } from '../support/copy-catalogue.ts';
import { requireTool } from '../support/require-tool.ts';
import { runProgram, useFolder } from '../support/run-program.ts';
import { runSkopeo, toSkopeoReference } from '../support/run-skopeo.ts';
import { useDemoRegistry, useDockerRegistry } from '../support/use-server.ts';

/** Repositories with something special, and enough ordinary ones to make sixty. */
const special = new Set([
  ...['bookworm', 'bullseye', 'coredns', 'pause', 'dispatch', 'tiller', 'releng/bazel', 'releng/retired-linter'],
  ...['charts/mathoid', 'cert-manager/controller', 'repos/releng/job-runner', 'repos/releng/blubber/buildkit'],
  ...['istio/pilot', 'repos/data-engineering/spark', 'ml/models/revertrisk', 'repos/releng/buildkit', 'kubectl'],
]);
const ordinary = /^(?:releng\/[c-n]|wikimedia\/[a-m])/;
const repositories = 60;
const tagsPerRepository = 3;

function createStore(): RegistryStore {
  const chosen = new Set<string>();
  const selects = (name: string) => {
    if (special.has(name) || chosen.has(name)) return true;
    if (!ordinary.test(name) || chosen.size + special.size >= repositories) return false;
    chosen.add(name);
    return true;
  };
  const store = createRegistryStore();
  fillDemoCatalogue(store, { layerScale: 0, selects });
  for (const { name, tags } of store.repositories()) {
    for (const tag of [...tags.keys()].slice(0, -tagsPerRepository)) {
      if (tag !== 'latest') store.deleteTag(name, tag);
    }
  }
  return store;
}

test('every fact about sixty repositories in docker-registry is what skopeo reads', async (t) => {
  if (!requireTool(t, 'skopeo')) return;
  const registry = await useDockerRegistry(t);
  if (registry === null) return;
  const store = createStore();
  await copyCatalogue(store, registry.url);
  await compareSite(t, registry.url, store);
});

test('and in a registry that speaks the newer specification', async (t) => {
  if (!requireTool(t, 'skopeo')) return;
  const store = createStore();
  const registry = await useDemoRegistry(t, { store, dialect: ociDistribution11, recordsRequests: false });
  await compareSite(t, registry.url, store);
});

interface TagFacts {
  readonly digest: string;
  readonly platforms: readonly PlatformFacts[];
}

interface PlatformFacts {
  readonly platform: string;
  readonly digest: string;
  readonly sizeBytes: number;
  readonly created: string | null;
}

async function compareSite(t: TestContext, url: string, store: RegistryStore): Promise<void> {
  const siteDir = join(await useFolder(t), 'site');
  const result = await runProgram(['refresh', '--registry', url, '--site-dir', siteDir]);
  assert.equal(result.exitCode, 0, result.stderr);
  const readJson = async (file: string) => JSON.parse(await readFile(join(siteDir, 'current', file), 'utf8'));

  const catalogue = await readJson('-/api/v1/catalogue.json');
  const pushed = store.repositories().filter(({ hadTags }) => hadTags || url !== '');
  const names = catalogue.repositories.map(({ name }: { name: string }) => name);
  const withTags = pushed.filter(({ tags }) => tags.size > 0).map(({ name }) => name);
  assert.deepEqual(
    names.filter((name: string) => withTags.includes(name as never)),
    withTags.toSorted(),
  );
  assert.ok(withTags.length >= 50, `only ${withTags.length} repositories were compared`);

  let compared = 0;
  const waiting = withTags.values();
  const work = async () => {
    for (const name of waiting) {
      const page = await readFile(join(siteDir, 'current', name, 'tags/index.html'), 'utf8');
      const json = await readJson(`-/api/v1/repositories/${name}/-/repository.json`);
      const listed = JSON.parse(await runSkopeo('list-tags', `docker://${new URL(url).host}/${name}`)).Tags as string[];
      assert.deepEqual(json.tags.map(({ tag }: { tag: string }) => tag).sort(), listed.toSorted(), name);
      for (const { tag, digest } of json.tags) {
        const facts = await readFacts(url, name, tag);
        const where = `${name}:${tag}`;
        assert.equal(digest, facts.digest, where);
        assert.ok(page.includes(facts.digest), `${where}: the page has the digest`);
        assert.deepEqual(toComparable(json.manifests[digest].platforms), facts.platforms, where);
        for (const { platform, sizeBytes } of facts.platforms) {
          assert.ok(page.includes(platform), `${where}: the page has ${platform}`);
          const exact = new Intl.NumberFormat('en').format(sizeBytes);
          assert.ok(
            [sizeBytes.toString(), exact, exact.replaceAll(',', '\u202f'), exact.replaceAll(',', '\u00a0')].some(
              (text) => page.includes(text),
            ),
            `${where}: the page has ${sizeBytes} bytes`,
          );
        }
        compared++;
      }
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  assert.ok(compared >= 100, `only ${compared} tags were compared`);
}

interface JsonPlatform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string | null;
  readonly osVersion: string | null;
  readonly digest: string;
  readonly compressedSizeBytes: number;
  readonly createdAt: string | null;
}

function toComparable(platforms: readonly JsonPlatform[]): readonly PlatformFacts[] {
  return platforms
    .map(({ os, architecture, variant, digest, compressedSizeBytes, createdAt }) => ({
      platform: [os, architecture, ...(variant === null ? [] : [variant])].join('/'),
      digest,
      sizeBytes: compressedSizeBytes,
      created: createdAt,
    }))
    .sort(byDigest);
}

/** What a tag points to, by skopeo alone. */
async function readFacts(url: string, name: string, tag: string): Promise<TagFacts> {
  const raw = await runSkopeo('inspect', '--raw', toSkopeoReference(url, name, tag));
  const document = JSON.parse(raw);
  const digest = computeDigest(raw);
  if (!Array.isArray(document.manifests)) {
    const single = await readPlatform(url, name, digest, document, null);
    return { digest, platforms: single === null ? [] : [single] };
  }
  const platforms: PlatformFacts[] = [];
  for (const child of document.manifests) {
    if (child.platform?.os === 'unknown' || child.artifactType !== undefined) continue;
    const text = await runSkopeo('inspect', '--raw', toSkopeoReference(url, name, child.digest));
    const found = await readPlatform(url, name, child.digest, JSON.parse(text), child.platform);
    if (found !== null) platforms.push(found);
  }
  return { digest, platforms: platforms.sort(byDigest) };
}

interface RawManifest {
  readonly config: { readonly mediaType: string };
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly layers: readonly { readonly mediaType: string; readonly digest: string; readonly size: number }[];
}

interface RawPlatform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

async function readPlatform(
  url: string,
  name: string,
  digest: string,
  manifest: RawManifest,
  named: RawPlatform | null,
) {
  if (!/container\.image|image\.config/.test(manifest.config.mediaType)) return null;
  // Signatures and the like borrow the config of an image, but have no file system.
  if (!manifest.layers.every(({ mediaType }) => /tar/.test(mediaType))) return null;
  const config = JSON.parse(await runSkopeo('inspect', '--config', '--raw', toSkopeoReference(url, name, digest)));
  const { os, architecture, variant } = named ?? (config as RawPlatform);
  const recorded = manifest.annotations?.['org.opencontainers.image.created'] ?? config.created ?? '';
  const year = Number(recorded.slice(0, 4));
  const layers = new Map(manifest.layers.map((layer) => [layer.digest, layer.size]));
  return {
    platform: [os, architecture, ...(variant ? [variant] : [])].join('/'),
    digest,
    sizeBytes: [...layers.values()].reduce((sum, size) => sum + size, 0),
    created: year > 1980 ? `${new Date(recorded).toISOString().slice(0, 19)}Z` : null,
  };
}

function byDigest(a: { readonly digest: string }, b: { readonly digest: string }): number {
  return a.digest < b.digest ? -1 : 1;
}
