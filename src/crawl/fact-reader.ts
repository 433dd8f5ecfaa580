/** Reads what tags point to, each digest once: manifests, the children of indexes, and configs. */

import { createFactBudget } from '../catalogue/fact-budget.ts';
import { isAttestationChild } from '../catalogue/facts.ts';
import type { ConfigFacts, Facts, Repository } from '../catalogue/model.ts';
import type { Finding, TagObservation } from '../catalogue/observation.ts';
import { DecodeError } from '../oci/decode-error.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import { decodeManifest } from '../oci/manifest.schema.ts';
import { isImageConfigType, isSchema1Type, parseMediaType } from '../oci/media-type.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import { largestConfigBytes, largestManifestBytes, type UnchangedManifest } from '../registry/registry-client.ts';
import { isRefusal, RegistryError } from '../registry/registry-error.ts';
import type { FetchedManifest } from '../registry/verify-manifest.ts';
import type { CrawlSource } from './crawl-source.ts';
import { deepestNesting, distinctChildren, isReadableConfig, isWhole } from './is-whole.ts';

export interface FactReader {
  readTag(tag: Tag): Promise<TagObservation>;
  /** Whether there is nothing more to learn of a digest. */
  isWhole(digest: Digest): boolean;
  /** What was read so far and was not known before. */
  readonly manifests: ReadonlyMap<Digest, Facts>;
  readonly configs: ReadonlyMap<Digest, ConfigFacts>;
  /** Tags whose own manifest the credentials may not read. */
  readonly refusedTags: number;
  /** How many of them say more than the repository has room for, and lost their ends. */
  readonly cutDocuments: number;
}

export interface FactReaderOptions {
  readonly name: RepositoryName;
  readonly source: CrawlSource;
  readonly known: Repository | null;
  /** What this run asked about tags already. */
  readonly asked: ReadonlyMap<Tag, Promise<FetchedManifest | UnchangedManifest>>;
  /** Whether the environment of images read with credentials is kept. */
  readonly publishEnvironment: boolean;
  readonly note: (code: Finding['code'], text: string, tag?: Tag | null) => void;
  readonly signal: AbortSignal;
}

export function createFactReader(options: FactReaderOptions): FactReader {
  const { name, source, known, asked, publishEnvironment, note, signal } = options;
  const { client, followRedirects } = source;
  const budget = createFactBudget({ known });
  const { manifests, configs } = budget;
  const underWay = new Map<Digest, Promise<number>>();
  const fetched = new Map<string, Promise<unknown>>();
  let refusedTags = 0;

  const factsOf = (digest: Digest) => manifests.get(digest) ?? known?.manifests.get(digest) ?? null;
  const configOf = (digest: Digest) => configs.get(digest) ?? known?.configs.get(digest) ?? null;

  function keep({ digest, bytes, contentType }: FetchedManifest): Facts {
    const before = manifests.get(digest);
    if (before !== undefined) return before;
    const facts = toFacts(bytes, contentType);
    if (facts.shape === 'opaque' && facts.problem !== null) note('manifest-invalid', `${digest}: ${facts.problem}`);
    return budget.addManifest(digest, facts);
  }

  /** Reads what is missing beneath a digest. Resolves to how much of it the registry does not have. */
  function complete(digest: Digest, facts: Facts, depth: number, isAttestation: boolean): Promise<number> {
    const begun = underWay.get(digest);
    if (begun !== undefined) return begun;
    const work = completeOnce(facts, depth, isAttestation);
    underWay.set(digest, work);
    return work;
  }

  async function completeOnce(facts: Facts, depth: number, isAttestation: boolean): Promise<number> {
    if (facts.shape === 'index' && depth < deepestNesting) {
      const children = distinctChildren(facts);
      return sumOfAll(children.map((child) => readChild(child, depth + 1, isAttestation || isAttestationChild(child))));
    }
    return facts.shape === 'manifest' && !isAttestation ? readConfig(facts.config) : 0;
  }

  async function readChild(child: Descriptor, depth: number, isAttestation: boolean): Promise<number> {
    const facts = factsOf(child.digest) ?? (await fetchOnce(child, 'manifest', () => fetchChild(child)));
    return typeof facts === 'number' ? facts : complete(child.digest, facts, depth, isAttestation);
  }

  async function fetchChild(child: Descriptor): Promise<Facts | number> {
    if (child.sizeBytes > largestManifestBytes) {
      note('manifest-invalid', `manifest ${child.digest}: ${child.sizeBytes} bytes are too many; not read`);
      return 0;
    }
    const answer = await client.fetchManifest(name, child.digest, null, signal);
    return answer.outcome === 'unchanged' ? 0 : keep(answer);
  }

  async function readConfig(config: Descriptor): Promise<number> {
    if (!isReadableConfig(config)) return 0;
    const had = configOf(config.digest);
    if (had !== null && !isWorthAnotherTry(had, config)) return 0;
    return fetchOnce(config, 'config', () => fetchConfig(config));
  }

  async function fetchConfig(config: Descriptor): Promise<0> {
    if (config.sizeBytes > largestConfigBytes) {
      budget.addConfig(config.digest, { problem: 'too-large' });
      note('config-unreadable', `config ${config.digest}: ${config.sizeBytes} bytes are too many; not read`);
      return 0;
    }
    try {
      if (isImageConfigType(config.mediaType)) {
        const image = await client.fetchImageConfig(name, config, signal);
        budget.addConfig(config.digest, { ...image, withheld: false });
      } else budget.addConfig(config.digest, await client.fetchHelmChart(name, config, signal));
    } catch (error) {
      const problem = lastingProblem(error);
      if (problem === null) throw error;
      budget.addConfig(config.digest, { problem });
      note('config-unreadable', (error as Error).message);
    }
    return 0;
  }

  /** What `fetch` resolves to, or how much is missing for lack of it. A digest is asked for once a run, whoever names it. */
  function fetchOnce<T>(
    { digest }: Descriptor,
    what: 'manifest' | 'config',
    fetch: () => Promise<T>,
  ): Promise<T | number> {
    const key = `${what} ${digest}`;
    const begun = fetched.get(key) as Promise<T | number> | undefined;
    if (begun !== undefined) return begun;
    const work = fetch().catch((error: unknown) => whenUnreadable(error, key));
    fetched.set(key, work);
    return work;
  }

  /** 404 counts as missing, wrong bytes are named and not kept; every other failure is the whole tag's. */
  function whenUnreadable(error: unknown, what: string): number {
    if (!(error instanceof RegistryError)) throw error;
    if (error.code === 'NOT_FOUND') return 1;
    if (error.code !== 'DIGEST_MISMATCH') throw error;
    note('digest-mismatch', `${what}: ${error.message}`);
    return 0;
  }

  /** What settings, or the lack of rights, kept out before may be read now. */
  function isWorthAnotherTry(had: ConfigFacts, { sizeBytes }: Descriptor): boolean {
    if ('problem' in had) {
      if (had.problem === 'too-large') return sizeBytes <= largestConfigBytes;
      return had.problem === 'redirect-refused' && followRedirects;
    }
    return 'withheld' in had && had.withheld && (publishEnvironment || !client.usesCredentialsFor(name));
  }

  return {
    isWhole: (digest) =>
      isWhole(digest, { factsOf, configOf, isEnough: (config, descriptor) => !isWorthAnotherTry(config, descriptor) }),
    manifests,
    configs,
    get refusedTags() {
      return refusedTags;
    },
    get cutDocuments() {
      return budget.cutDocuments;
    },
    async readTag(tag) {
      const digest = known?.tags.get(tag)?.digest ?? null;
      const pinned = digest !== null && factsOf(digest) !== null ? digest : null;
      try {
        const asking = asked.get(tag) ?? client.fetchManifest(name, tag, pinned, signal);
        const answer = await asking.catch((error) => {
          if (isRefusal(error)) refusedTags++;
          throw error;
        });
        const facts = factsOf(answer.digest) ?? (answer.outcome === 'fetched' ? keep(answer) : null);
        const missing = facts === null ? 0 : await complete(answer.digest, facts, 0, false);
        return { outcome: 'points', digest: answer.digest, missing };
      } catch (error) {
        if (!(error instanceof RegistryError)) throw error;
        if (error.code === 'NOT_FOUND') return { outcome: 'dangling' };
        return { outcome: 'failed', failure: { code: error.code, message: error.message } };
      }
    },
  };
}

/** The sum, once every part is known; the first failure, but only then: no part goes on unattended. */
async function sumOfAll(parts: readonly Promise<number>[]): Promise<number> {
  const settled = await Promise.allSettled(parts);
  return settled.reduce((sum, part) => {
    if (part.status === 'rejected') throw part.reason;
    return sum + part.value;
  }, 0);
}

/**
 * Why a config cannot be read, where that is a fact about it: its bytes have its digest and are none, or settings forbid the way
 * to them. That an answer was too large is none: nobody has held that answer against the digest.
 */
function lastingProblem(error: unknown): 'invalid' | 'redirect-refused' | null {
  if (!(error instanceof RegistryError)) return null;
  if (error.code === 'INVALID_DOCUMENT' && error.cause instanceof DecodeError) return 'invalid';
  return error.code === 'REDIRECT_REFUSED' ? 'redirect-refused' : null;
}

/** The facts in a manifest's bytes. Bytes that are no manifest have facts too: their size, and what is wrong with them. */
function toFacts(bytes: Uint8Array, contentType: string | null): Facts {
  const sizeBytes = bytes.length;
  try {
    const manifest = decodeManifest(bytes, contentType);
    const { mediaType, artifactType, annotations } = manifest;
    const common = { mediaType, sizeBytes, artifactType, subject: manifest.subject?.digest ?? null, annotations };
    switch (manifest.shape) {
      case 'manifest':
        return { shape: 'manifest', ...common, config: manifest.config, layers: manifest.layers };
      case 'index':
        return { shape: 'index', ...common, children: manifest.children };
      case 'opaque':
        return { shape: 'opaque', ...common, problem: null };
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const mediaType = parseMediaType(contentType ?? '') || 'unknown';
    const problem = isSchema1Type(mediaType) ? null : error.message;
    return { shape: 'opaque', mediaType, sizeBytes, artifactType: null, subject: null, annotations: {}, problem };
  }
}
