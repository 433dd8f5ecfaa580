/** The catalogues that are measured. Each is the same on every host, and made one repository at a time. */
import { readFileSync } from 'node:fs';
import { parseRepositoryName, parseTag, type RepositoryName, type Tag } from '../../src/oci/reference.ts';

export interface PlannedRepository {
  readonly name: RepositoryName;
  /** Oldest first; each is an image of its own, save `latest`, which is the one before it. */
  readonly tags: readonly Tag[];
}

export type WorldName = 'S' | 'W' | 'M' | 'L' | 'one';

export interface World {
  readonly name: WorldName;
  readonly description: string;
  /** Whether the demo registry, which keeps everything in memory, can hold it. */
  readonly fitsMemory: boolean;
  plan(): Iterable<PlannedRepository>;
}

export const worlds: Readonly<Record<WorldName, World>> = {
  S: createEvenWorld('S', 50, 10),
  W: {
    name: 'W',
    description: 'the names and tags of a large public registry: 528 repositories, 21,369 tags',
    fitsMemory: true,
    plan: readReferences,
  },
  M: createEvenWorld('M', 1000, 20),
  L: createEvenWorld('L', 5000, 40),
  one: createEvenWorld('one', 1, 1),
};

export const latest = parseTag('latest');

export function countRepositories(world: World): number {
  return [...world.plan()].length;
}

export function countTags(world: World): number {
  let tags = 0;
  for (const repository of world.plan()) tags += repository.tags.length;
  return tags;
}

function createEvenWorld(name: WorldName, repositories: number, tagsEach: number): World {
  const count = (number: number) => number.toLocaleString('en');
  return {
    name,
    description: `${count(repositories)} repositories of ${tagsEach} tags`,
    fitsMemory: repositories * tagsEach <= 50_000,
    *plan() {
      for (let at = 0; at < repositories; at++) yield planRepository(at, tagsEach);
    },
  };
}

/** `team-03/service-0042`, with one tag for each of its versions, and `latest` for the newest. */
function planRepository(at: number, tagCount: number): PlannedRepository {
  const name = `team-${pad(Math.floor(at / 40), 3)}/service-${pad(at, 5)}`;
  const versions = Array.from({ length: Math.max(1, tagCount - 1) }, (_, build) => {
    const [minor, patch] = [Math.floor(build / 6), build % 6];
    return parseTag(`${1 + (at % 7)}.${minor}.${patch}`);
  });
  return { name: parseRepositoryName(name), tags: tagCount > 1 ? [...versions, latest] : versions };
}

function* readReferences(): Generator<PlannedRepository> {
  const text = readFileSync(new URL('../fixtures/bench/references.txt', import.meta.url), 'utf8');
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [name = '', ...tags] = line.split(' ');
    const versions = tags.filter((tag) => tag !== latest);
    const isMoving = versions.length > 0 && versions.length < tags.length;
    yield {
      name: parseRepositoryName(name),
      tags: [...(versions.length > 0 ? versions : tags).map(parseTag), ...(isMoving ? [latest] : [])],
    };
  }
}

function pad(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}
