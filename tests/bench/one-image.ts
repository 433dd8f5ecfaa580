/** The smallest site there is: what every run costs before it has read or rendered anything to speak of. */
import { join } from 'node:path';
import { createProgramRuns } from './program-runs.ts';
import { serveWorld, type WorldRegistry, writeWorld } from './world-registry.ts';
import { worlds } from './worlds.ts';

export interface OneImage extends AsyncDisposable {
  /** Each time from nothing. */
  runFirst(): Promise<FirstRun>;
}

export interface FirstRun {
  readonly buildMs: number;
  readonly cpuMs: number;
}

/** Serves a registry of one image, from a folder below `parent`. */
export async function serveOneImage(parent: string): Promise<OneImage> {
  const folder = join(parent, 'one');
  writeWorld(worlds.one, folder);
  const registry = await serveWorld(worlds.one, folder);
  if (registry === null) throw new Error('docker-registry went away');
  let count = 0;
  return {
    runFirst: () => runFirst(join(folder, `program-${count++}`), registry),
    [Symbol.asyncDispose]: () => registry.close(),
  };
}

/** A crawl and a build from nothing. */
export async function runFirst(folder: string, { url }: Pick<WorldRegistry, 'url'>): Promise<FirstRun> {
  const runs = createProgramRuns(folder, url);
  const [crawl, build] = [await runs.run('crawl'), await runs.run('build')];
  return { buildMs: build.wallMs, cpuMs: crawl.cpuMs + build.cpuMs };
}
