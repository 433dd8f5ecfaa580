/**
 * Catalogues of any size for measuring search: the real names of the fixture, and more made of their words. The same size
 * gives the same catalogue.
 */
import { readFileSync } from 'node:fs';
import { readReferences } from '../../scripts/demo-registry/catalogue/references.ts';
import type { SearchableRepository } from '../../src/search/encode-search-files.ts';
import type { SearchRecord } from '../../src/search/search-record.ts';

const namesFile = new URL('../fixtures/search/names.txt', import.meta.url);
const epochMs = Date.UTC(2026, 7, 16);
const dayMs = 86_400_000;

/** The real names of the fixture. */
export function readNames(): string[] {
  return readFileSync(namesFile, 'utf8').trim().split('\n');
}

export interface NamedTags {
  readonly name: string;
  /** The best first. Empty where none are known. */
  readonly tags: readonly string[];
}

/** The real names, and of most of them real tags. */
export function readCatalogue(): NamedTags[] {
  const tagsOf = new Map<string, readonly string[]>(
    readReferences().map(({ name, versions, moving }) => [name, [...versions.toReversed(), ...moving]]),
  );
  return readNames().map((name) => ({ name, tags: tagsOf.get(name) ?? [] }));
}

/** The catalogue with nothing but names and tags: no date may decide what only the words should. */
export function toBareRepository({ name, tags }: NamedTags): SearchableRepository {
  return { ...toBareRecord(name), tags, digests: [], labels: [] };
}

export function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** A source of numbers from 0 to 1 that is the same for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `size` different names: the real ones first, then recombinations of their folders and words. */
export function makeNames(size: number): string[] {
  const real = readNames();
  const random = createRandom(size);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const folders = [...new Set(real.map((name) => name.slice(0, name.lastIndexOf('/') + 1)))];
  const words = real.flatMap((name) => name.slice(name.lastIndexOf('/') + 1).split('-'));
  const names = new Set(real.slice(0, size));
  while (names.size < size) {
    // A few words make a family, and each of its images adds one or none.
    const length = 1 + Math.floor(random() * 2);
    const team = random() < 0.3 ? `${pick(words)}/` : '';
    const family = `${pick(folders)}${team}${Array.from({ length }, () => pick(words)).join('-')}`;
    const siblings = Math.ceil(random() * 4);
    for (let sibling = 0; sibling < siblings && names.size < size; sibling++) {
      names.add(sibling === 0 ? family : `${family}-${pick(words)}`);
    }
  }
  return [...names];
}

/** A record of which nothing is known but the name. */
export function toBareRecord(name: string): SearchRecord {
  return {
    name,
    description: null,
    tagCount: 1,
    recommendedTag: null,
    createdOn: null,
    compressedSizeBytes: null,
    platforms: [],
    kinds: [],
    bases: [],
    state: 'current',
    isBaseOutdated: false,
    path: null,
  };
}

/** A catalogue of `size` repositories with `tagsEach` tags on average, and a tenth of them described. */
export function* makeRepositories(size: number, tagsEach: number): Generator<SearchableRepository> {
  const random = createRandom(size + tagsEach);
  const digits = (count: number) =>
    Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join('');
  const bases = Array.from({ length: 20 }, () => `sha256:${digits(64)}`);
  for (const name of makeNames(size)) {
    const major = Math.floor(random() * 30);
    const tagCount = Math.max(1, Math.round(tagsEach * 2 * random() ** 2));
    const age = Math.floor(1500 * random() ** 3);
    const tags = Array.from({ length: tagCount }, (_, at) => makeTag(random, major, tagCount - at, age + at * 7));
    if (random() < 0.3) tags.push('latest');
    const unique = [...new Set(tags)];
    yield {
      name,
      description: random() < 0.1 ? `${name.replace(/[/-]/g, ' ')} for continuous integration and deployment` : null,
      tagCount: unique.length,
      recommendedTag: unique[0] ?? null,
      createdOn: new Date(epochMs - age * dayMs).toISOString().slice(0, 10),
      compressedSizeBytes: Math.floor(10 ** (6 + 3 * random())),
      platforms: random() < 0.3 ? ['linux/amd64', 'linux/arm64'] : ['linux/amd64'],
      kinds: random() < 0.02 ? ['helm-chart'] : ['image'],
      bases:
        random() < 0.7 ? [['bookworm', 'bullseye', 'trixie', 'buster'][Math.floor(random() * 4)] ?? 'bookworm'] : [],
      state: 'current',
      isBaseOutdated: false,
      path: null,
      tags: unique,
      digests: unique.flatMap((tag) => [
        { digest: `sha256:${digits(64)}`, kind: 'manifest' as const, tag },
        { digest: `sha256:${digits(64)}`, kind: 'config' as const, tag: null },
        { digest: `sha256:${digits(64)}`, kind: 'layer' as const, tag: null },
        { digest: bases[Math.floor(random() * bases.length)] ?? '', kind: 'layer' as const, tag: null },
      ]),
      labels: [
        ['org.opencontainers.image.version', `${major}.${tagCount}`],
        ['org.opencontainers.image.source', `https://git.example.org/${name}`],
        ['maintainer', `team ${name.split('/')[0]}`],
      ],
    };
  }
}

function makeTag(random: () => number, major: number, at: number, age: number): string {
  const day = new Date(epochMs - age * dayMs).toISOString().slice(0, 10);
  if (random() < 0.3) return `${major}.${at}.0-${day.replaceAll('-', '')}`;
  return random() < 0.3
    ? `${day}-${String(Math.floor(random() * 1e6)).padStart(6, '0')}-production`
    : `${major}.${at}.0`;
}
