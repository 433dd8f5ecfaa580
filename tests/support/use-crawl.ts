/** Crawls of one state folder, an hour apart, with settings as an operator writes them. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Repository } from '../../src/catalogue/model.ts';
import type { Finding } from '../../src/catalogue/observation.ts';
import { closeSources } from '../../src/crawl/crawl-source.ts';
import { parseRepositoryName } from '../../src/oci/reference.ts';
import type { RegistryClient } from '../../src/registry/registry-client.ts';
import type { RequestCounts } from '../../src/registry/request-counts.ts';
import type { CrawlRunResult } from '../../src/run/conclude-look.ts';
import { runCrawl } from '../../src/run/crawl-run.ts';
import type { CrawlRunOptions } from '../../src/run/crawl-run-options.ts';
import { toRevalidationRules } from '../../src/run/crawl-run-options.ts';
import { openSources } from '../../src/run/open-sources.ts';
import { openOutlines } from '../../src/run/outlines.ts';
import { createShownNames } from '../../src/run/shown-names.ts';
import { decodeSettings } from '../../src/settings/settings.ts';
import { createSnapshotStore, type SnapshotStore } from '../../src/snapshot/snapshot-store.ts';
import { hour } from './catalogue-values.ts';
import { useFolder } from './run-program.ts';

export interface CrawlOutcome extends CrawlRunResult {
  /** Of the sources, in their order. */
  readonly requests: readonly RequestCounts[];
}

export interface Crawls {
  readonly stateDir: string;
  readonly store: SnapshotStore;
  /** Crawls by these settings, an hour after the crawl before. */
  run(
    settings: object,
    options?: Partial<CrawlRunOptions>,
    environment?: Record<string, string>,
    /** Puts something else in the place of each source's client. */
    toClient?: (client: RegistryClient) => RegistryClient,
  ): Promise<CrawlOutcome>;
  /** A repository of the snapshot; null where it has none of that name. */
  read(name: string): Promise<Repository | null>;
  /** All names of the snapshot. */
  names(): Promise<readonly string[]>;
  /** All files of the state folder with their bytes: what must be in none of them is looked for here. */
  bytes(): Promise<string>;
}

export async function useCrawls(t: TestContext): Promise<Crawls> {
  const stateDir = await useFolder(t);
  const store = createSnapshotStore(stateDir);
  let hours = 0;

  return {
    stateDir,
    store,
    async run(settings, options = {}, environment = {}, toClient = (client) => client) {
      const decoded = decodeSettings(settings, stateDir);
      const now = hour(hours++);
      const clock = () => Date.parse(now);
      const opened = await openSources(decoded, { environment, clock, firstWaitMs: 1 });
      const sources = opened.map((source) => ({ ...source, client: toClient(source.client) }));
      const { movingTags } = decoded;
      const shown = createShownNames(decoded);
      const outlines = await openOutlines({ stateDir, store, shown, movingTags, programFingerprint: 'this one' });
      try {
        const result = await runCrawl({
          sources,
          store,
          outlines,
          now,
          registry: decoded.publicHost,
          ...shown,
          publishEnvironment: decoded.publishEnvironment,
          movingTags,
          revalidate: toRevalidationRules(decoded),
          confirmRuns: decoded.confirmRuns,
          acceptRemovals: false,
          deadline: new AbortController().signal,
          cancel: new AbortController().signal,
          ...options,
        });
        await outlines.write(result.index.repositories);
        return { ...result, requests: sources.map(({ client }) => client.counts) };
      } finally {
        await closeSources(sources);
      }
    },
    async read(name) {
      const index = await store.readIndex();
      const entry = index?.repositories.find((one) => one.name === parseRepositoryName(name));
      return entry === undefined ? null : store.readRepository(entry);
    },
    async names() {
      return (await store.readIndex())?.repositories.map(({ name }) => name) ?? [];
    },
    async bytes() {
      const files = await readdir(stateDir, { recursive: true, withFileTypes: true });
      const texts = files.map(async (file) => {
        const path = join(file.parentPath, file.name);
        return `${path}\n${file.isFile() ? await readFile(path, 'utf8') : ''}`;
      });
      return (await Promise.all(texts)).join('\n');
    },
  };
}

/** Findings as `code repository:tag`, sorted. */
export function describeFindings(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ code, repository, tag }) => `${code} ${repository ?? '-'}${tag ? `:${tag}` : ''}`).sort();
}
