/** The program, run on a world, with what its report says. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/run/report.ts';
import { type MeasuredRun, runMeasured } from './measured-run.ts';

export interface ProgramRun extends MeasuredRun {
  readonly report: Report;
}

export interface ProgramRuns {
  readonly siteDir: string;
  readonly stateDir: string;
  run(command: 'crawl' | 'build' | 'refresh'): Promise<ProgramRun>;
}

const program = join(import.meta.dirname, '..', '..', 'scripts', 'registry-homepage.ts');

/** Runs of one state folder and one site below `folder`. `more` are settings besides those that every run needs. */
export function createProgramRuns(
  folder: string,
  registryUrl: string,
  more: Readonly<Record<string, unknown>> = {},
): ProgramRuns {
  mkdirSync(folder, { recursive: true });
  const configFile = join(folder, `${['settings', ...Object.keys(more)].join('-')}.json`);
  const [siteDir, stateDir] = [join(folder, 'site'), join(folder, 'state')];
  const common = { sources: [{ url: registryUrl }], publicHost: 'docker-registry.example.org', siteDir, stateDir };
  const settings = { ...common, ...more };
  writeFileSync(configFile, JSON.stringify(settings));
  return {
    siteDir,
    stateDir,
    async run(command) {
      const run = await runMeasured([program, command, '--config', configFile, '--quiet']);
      return { ...run, report: JSON.parse(readFileSync(join(stateDir, 'report.json'), 'utf8')) as Report };
    },
  };
}

/** How many requests of each kind a run made, in one line. */
export function formatRequests({ sources }: Report): string {
  const { total = 0, ...kinds } = Object.assign({ total: 0 }, sources[0]?.requests) as Record<string, number>;
  const parts = Object.entries(kinds).flatMap(([kind, count]) => (count > 0 ? [`${count} ${kind}`] : []));
  return `${total} requests: ${parts.join(', ')}`;
}

/** What each step of a run's build took, in one line. */
export function formatDurations({ build }: Report): string {
  return Object.entries(build?.durationsMs ?? {})
    .map(([step, ms]) => `${step} ${ms} ms`)
    .join(', ');
}

/** All but those for referrers: what is attached to an image is a question that the floor does not ask. */
export function countRequests({ sources }: Report): number {
  const { total = 0, referrers = 0 } = (sources[0]?.requests ?? {}) as Record<string, number>;
  return total - referrers;
}
