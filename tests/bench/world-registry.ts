/** A registry that holds a world, and can be given ten new builds: docker-registry from its storage folder, or the demo registry. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDockerRegistry } from '../support/docker-registry.ts';
import { writeRegistryLayout } from '../support/write-registry-layout.ts';
import { makeRepository, planChange } from './world-images.ts';
import { createRequestLists, toKnownLine } from './world-requests.ts';
import type { PlannedRepository, World } from './worlds.ts';

export interface WorldRegistry {
  readonly url: string;
  /** Gives ten repositories, spread over the catalogue, one build more. Resolves to how many it were. */
  change(): Promise<number>;
  close(): Promise<void>;
}

export interface WorldFiles {
  readonly coldList: string;
  readonly knownList: string;
  /** What `change` adds to the latter, where the registry is docker-registry. */
  readonly changedList: string;
  readonly repositories: number;
  readonly tags: number;
}

/** Writes docker-registry's storage folder and the lists of requests. */
export function writeWorld(world: World, folder: string): WorldFiles {
  mkdirSync(folder, { recursive: true });
  const [coldList, knownList] = [join(folder, 'cold.txt'), join(folder, 'known.txt')];
  const lists = createRequestLists(coldList, knownList);
  let [repositories, tags] = [0, 0];
  const make = function* () {
    for (const planned of world.plan()) {
      const repository = makeRepository(planned);
      lists.add(repository);
      repositories++;
      tags += repository.tags.size;
      yield repository;
    }
  };
  writeRegistryLayout(join(folder, 'storage'), make());
  lists.close();
  const changedList = changedListOf(folder);
  writeFileSync(changedList, '');
  return { coldList, knownList, changedList, repositories, tags };
}

function changedListOf(folder: string): string {
  return join(folder, 'changed.txt');
}

/** Serves a world that `writeWorld` wrote. Null where docker-registry is not installed. */
export async function serveWorld(world: World, folder: string): Promise<WorldRegistry | null> {
  const storageDir = join(folder, 'storage');
  const registry = await startDockerRegistry({ storageDir });
  if (registry === null) return null;
  let changed = pickChanged(world);
  return {
    url: registry.url,
    async change() {
      const before = new Map(changed.map(({ name, tags }) => [name, new Set(tags)]));
      changed = changed.map(planChange);
      const repositories = changed.map(makeRepository);
      writeRegistryLayout(storageDir, repositories);
      const added = repositories.flatMap(({ name, tags }) =>
        [...tags].filter(([tag]) => !before.get(name)?.has(tag)).map(([tag, digest]) => toKnownLine(name, tag, digest)),
      );
      appendFileSync(changedListOf(folder), added.join(''));
      return changed.length;
    },
    close: () => registry.close(),
  };
}

/** Serves a world from the memory of a process of its own. */
export async function serveDemoWorld(world: World): Promise<WorldRegistry> {
  const child = fork(join(import.meta.dirname, 'serve-demo-world.ts'), [world.name]);
  const [url] = (await once(child, 'message')) as [string];
  return {
    url,
    async change() {
      child.send('change');
      const [changed] = (await once(child, 'message')) as [number];
      return changed;
    },
    async close() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

/** Ten repositories of a world, evenly spread; all of them where there are fewer. */
export function pickChanged(world: World): readonly PlannedRepository[] {
  const all = [...world.plan()];
  const step = Math.max(1, Math.floor(all.length / 10));
  return all.filter((_, at) => at % step === 0).slice(0, 10);
}
