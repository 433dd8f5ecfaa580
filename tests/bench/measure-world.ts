/** Takes one world through its hours: the first one, one in which nothing changed, and one with ten new builds. */
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readExtent } from './folder-extent.ts';
import { firstRunStep, scaleStep } from './format-results.ts';
import { measureHours } from './measure-hours.ts';
import { measurePeers } from './measure-peers.ts';
import { type MeasuredRun, runMeasured } from './measured-run.ts';
import { type Measurement, measureMemory } from './measurement.ts';
import { buildMinimalSite, type MinimalBuild } from './minimal-build.ts';
import { type FirstRun, type OneImage, runFirst, serveOneImage } from './one-image.ts';
import { formatPairs, pickMedian, rounds } from './pick-median.ts';
import {
  countRequests,
  createProgramRuns,
  formatDurations,
  formatRequests,
  type ProgramRun,
  type ProgramRuns,
} from './program-runs.ts';
import { serveDemoWorld, serveWorld, type WorldFiles, type WorldRegistry, writeWorld } from './world-registry.ts';
import type { World } from './worlds.ts';

type OnMeasured = (measurement: Measurement) => void;

/** More pages than this are not rendered for comparison: their time is that of fewer, multiplied. */
const mostMinimalPages = 8000;
/** What a tag costs in a world of so few is told by several first runs. */
const mostFew = 5000;
const roundsOfFew = 5;
/** The tags of a larger world are asked about once: that takes minutes. */
const mostAskedAgain = 50_000;
/** Crawls, each beside a floor: of three such pairs two may fall into different moods of the machine. */
const crawlRounds = 5;

/** Measures a world on docker-registry, and its crawls on the demo registry too where it fits. */
export async function measureWorld(world: World, parent: string, onMeasured: OnMeasured): Promise<void> {
  const folder = join(parent, world.name);
  const files = writeWorld(world, folder);
  // What is still on its way to the disk would be written beside what is measured.
  execFileSync('sync');
  const registry = await serveWorld(world, folder);
  if (registry !== null) {
    try {
      const runs = createProgramRuns(join(folder, 'docker-registry'), registry.url);
      const crawls = await measureCrawls(files, runs, registry, 'docker-registry', onMeasured);
      await measurePeers(world, files, registry, crawls.cold, onMeasured);
      await using one = await serveOneImage(folder);
      await measureBuilds(files, runs, registry, { ...crawls, one, folder, onMeasured });
      const programFolder = join(folder, 'docker-registry');
      const { knownFloor } = crawls;
      await measureHours({ folder, files, registry, programFolder, one, knownFloor, onMeasured });
    } finally {
      await registry.close();
    }
  }
  if (!world.fitsMemory) return;
  const demo = await serveDemoWorld(world);
  try {
    const runs = createProgramRuns(join(folder, 'demo-registry'), demo.url);
    await measureCrawls(files, runs, demo, 'demo registry', onMeasured);
  } finally {
    await demo.close();
  }
}

/** The medians of all that were made. */
interface Crawls {
  readonly cold: MeasuredRun;
  readonly coldCpuMs: number;
  /** The limit of whoever asks about every tag in every hour. */
  readonly knownFloor: MeasuredRun;
}

/** Crawls from nothing, then with everything known. */
async function measureCrawls(
  files: WorldFiles,
  runs: ProgramRuns,
  registry: WorldRegistry,
  where: string,
  onMeasured: OnMeasured,
): Promise<Crawls> {
  const times = files.tags <= mostAskedAgain ? crawlRounds : 1;
  const measureCrawl = async (what: string, list: string, prepare: () => void) => {
    const step = `${what}, ${where}`;
    // What is asked first finds the registry's files on its disk, and what is asked next in memory: both are to be asked next.
    const first = await runFloor(registry, list);
    const pairs: { readonly crawl: ProgramRun; readonly floor: MeasuredRun; readonly ratio: number }[] = [];
    for (let round = 0; round < times; round++) {
      prepare();
      const crawl = await runs.run('crawl');
      const floor = await runFloor(registry, list);
      pairs.push({ crawl, floor, ratio: crawl.wallMs / floor.wallMs });
    }
    // A machine's mood lasts longer than a pair, and changes within the hour that all of them take.
    const { crawl, floor } = pickMedian(pairs, ({ ratio }) => ratio);
    const crawls = pairs.map((pair) => pair.crawl);
    const { report } = crawl;
    onMeasured({
      step,
      taken: crawl,
      value: crawl.wallMs,
      unit: 'ms',
      limit: { what: `the floor: ${formatTaken(floor)}`, value: floor.wallMs, times: 1.25 },
      notes: [
        formatRequests(report),
        `processor time ${(crawl.cpuMs / floor.cpuMs).toFixed(2)} times the floor's`,
        `the floor, before anything was asked: ${Math.round(first.wallMs)} ms`,
        ...formatPairs(
          'crawls, each followed by the floor',
          pairs.map((pair) => pair.ratio),
        ),
      ],
    });
    onMeasured({
      step: `requests of the ${step}`,
      taken: null,
      value: countRequests(report),
      unit: 'requests',
      limit: { what: 'the fewest that the protocol allows', value: countAnswers(floor), times: 1 },
      notes: [],
    });
    const peakBytes = Math.max(...crawls.map((each) => each.peakBytes));
    onMeasured(measureMemory(step, { ...crawl, peakBytes }, 512));
    // The pair of the median ratio may be the slowest of all.
    const toWall = (run: MeasuredRun) => run.wallMs;
    return {
      crawl: pickMedian(crawls, toWall),
      floor: pickMedian(
        pairs.map((pair) => pair.floor),
        toWall,
      ),
      cpuMs: pickMedian(crawls, toCpu).cpuMs,
    };
  };
  const forget = () => rmSync(runs.stateDir, { recursive: true, force: true });
  const { crawl: cold, cpuMs: coldCpuMs } = await measureCrawl('cold crawl', files.coldList, forget);
  const { floor: knownFloor } = await measureCrawl('unchanged crawl', files.knownList, () => {});
  return { cold, coldCpuMs, knownFloor };
}

interface BuildContext extends Crawls {
  readonly one: OneImage;
  readonly folder: string;
  readonly onMeasured: OnMeasured;
}

async function measureBuilds(
  files: WorldFiles,
  runs: ProgramRuns,
  registry: WorldRegistry,
  { cold, coldCpuMs, one, folder, onMeasured }: BuildContext,
): Promise<void> {
  const isSmall = files.tags <= mostFew;
  const toRatio = (each: ColdBuild) => each.renderMs / each.minimalMs;
  const built: ColdBuild[] = [];
  for (let round = 0; round < (isSmall ? rounds : 1); round++) {
    forgetBuild(runs);
    built.push(await measureColdBuild(runs, folder));
  }
  const { build, minimal, minimalMs, renderMs } = pickMedian(built, toRatio);
  onMeasured({
    step: 'pages of the cold build',
    taken: null,
    value: renderMs,
    unit: 'ms',
    limit: {
      what: `minimal Astro pages of as many bytes: ${formatTaken(minimal)} for ${minimal.pages} pages`,
      value: minimalMs,
      times: 1.3,
    },
    notes: [
      `${build.report.build?.pages} pages`,
      `${mega(minimal.siteBytes)} MB of pages beside ${mega(minimal.minimalBytes)} MB`,
      ...formatPairs('builds, each followed by the minimal one', built.map(toRatio)),
    ],
  });
  onMeasured({
    step: 'cold build',
    taken: build,
    value: build.peakBytes,
    unit: 'bytes',
    limit: { what: '1 GiB', value: 1024 ** 3, times: 1 },
    notes: [formatDurations(build.report)],
  });

  const besidesCrawlMs = (run: ProgramRun) => run.wallMs - crawlMsOf(run);
  const unchangedRuns: ProgramRun[] = [];
  for (let round = 0; round < rounds; round++) unchangedRuns.push(await runs.run('refresh'));
  const unchanged = pickMedian(unchangedRuns, besidesCrawlMs);
  onMeasured({
    step: 'refresh, nothing changed',
    taken: unchanged,
    value: unchanged.wallMs,
    unit: 'ms',
    limit: {
      what: `its crawl (${crawlMsOf(unchanged)} ms) and a second`,
      value: crawlMsOf(unchanged) + 1000,
      times: 1,
    },
    notes: [
      `${Math.round(besidesCrawlMs(unchanged))} ms besides its crawl, median of ${rounds}: ${unchangedRuns.map((run) => Math.round(besidesCrawlMs(run))).join(', ')} ms`,
      `${unchanged.report.build?.pages} pages`,
      formatDurations(unchanged.report),
    ],
  });

  const costs = await measureOneImage(one, folder, isSmall ? registry : null);
  const { oneImageMs } = costs;
  const changed = await registry.change();
  const refresh = await runs.run('refresh');
  onMeasured({
    step: `refresh, ${changed} images changed`,
    taken: refresh,
    value: refresh.wallMs,
    unit: 'ms',
    limit: {
      what: `its crawl and twice the build of a site of one image (${Math.round(oneImageMs)} ms)`,
      value: crawlMsOf(refresh) + 2 * oneImageMs,
      times: 1,
    },
    notes: [
      `${Math.round(refresh.wallMs - crawlMsOf(refresh))} ms besides its crawl (${crawlMsOf(refresh)} ms)`,
      `${refresh.report.build?.pages} pages rendered, ${refresh.report.build?.compressedFiles} files compressed`,
      `${refresh.report.build?.linkedFiles} files linked`,
      formatDurations(refresh.report),
    ],
  });
  onMeasured(measureMemory(`refresh, ${changed} images changed`, refresh, 1024));

  onMeasured({
    step: scaleStep,
    taken: null,
    value: (costs.moreCpuMs ?? coldCpuMs + build.cpuMs - costs.firstCpuMs) / files.tags,
    unit: 'ms a tag',
    limit: null,
    notes: [
      'processor time of a first run, without that of a site of one image',
      ...(isSmall ? [`of ${roundsOfFew} such pairs of runs, one right after the other, the median difference`] : []),
    ],
  });
  onMeasured({
    step: firstRunStep,
    taken: null,
    value: cold.wallMs + build.wallMs,
    unit: 'ms',
    limit: { what: '15 minutes', value: 15 * 60_000, times: 1 },
    notes: ['its crawl and its build: pages, search, compression and publication'],
  });

  const snapshot = await readExtent(join(runs.stateDir, 'snapshot'));
  onMeasured({
    step: 'snapshot',
    taken: null,
    value: snapshot.bytes / files.tags,
    unit: 'bytes a tag',
    limit: { what: '1,500 bytes a tag', value: 1500, times: 1 },
    notes: [`${mega(snapshot.bytes)} MB in ${snapshot.files} files, ${mega(snapshot.diskBytes)} MB on the disk`],
  });
  const site = await readExtent(`${join(runs.siteDir, 'current')}/`);
  const all = await readExtent(join(runs.siteDir, 'releases'));
  onMeasured({
    step: 'release',
    taken: null,
    value: site.diskBytes,
    unit: 'bytes',
    limit: null,
    notes: [
      `${site.files} files, ${site.inodes} inodes, ${mega(site.bytes)} MB`,
      `with the release before: ${all.inodes} inodes, ${mega(all.diskBytes)} MB`,
    ],
  });
}

interface ColdBuild {
  readonly build: ProgramRun;
  readonly minimal: MinimalBuild;
  /** For as many pages as ours has. */
  readonly minimalMs: number;
  readonly renderMs: number;
}

async function measureColdBuild(runs: ProgramRuns, folder: string): Promise<ColdBuild> {
  const build = await runs.run('build');
  const release = join(runs.siteDir, 'releases', readReleaseId(build));
  const minimal = await buildMinimalSite(release, folder, mostMinimalPages);
  const scale = Math.max(1, (build.report.build?.pages ?? 0) / minimal.pages);
  const { prepare = 0, render = 0 } = build.report.build?.durationsMs ?? {};
  return { build, minimal, minimalMs: minimal.wallMs * scale, renderMs: prepare + render };
}

/** All that a build leaves; what the crawl before it left stays. */
function forgetBuild({ siteDir, stateDir }: ProgramRuns): void {
  rmSync(siteDir, { recursive: true, force: true });
  const cacheDir = join(stateDir, 'cache');
  for (const name of readdirSync(cacheDir)) {
    if (name !== 'compiled' && name !== 'outlines.txt') rmSync(join(cacheDir, name), { recursive: true });
  }
}

interface OneImageCosts {
  readonly oneImageMs: number;
  readonly firstCpuMs: number;
  /** How much more a first run of `small` takes. */
  readonly moreCpuMs: number | null;
}

/** The difference of two numbers that are nearly the same says something only where one follows the other at once. */
async function measureOneImage(one: OneImage, parent: string, small: WorldRegistry | null): Promise<OneImageCosts> {
  const firsts: FirstRun[] = [];
  const mores: number[] = [];
  for (let round = 0; round < (small === null ? rounds : roundsOfFew); round++) {
    const first = await one.runFirst();
    firsts.push(first);
    if (small !== null) mores.push((await runFirst(join(parent, `again-${round}`), small)).cpuMs - first.cpuMs);
  }
  return {
    oneImageMs: pickMedian(firsts, ({ buildMs }) => buildMs).buildMs,
    firstCpuMs: pickMedian(firsts, ({ cpuMs }) => cpuMs).cpuMs,
    moreCpuMs: small === null ? null : pickMedian(mores, (more) => more),
  };
}

function toCpu({ cpuMs }: MeasuredRun): number {
  return cpuMs;
}

function runFloor({ url }: WorldRegistry, list: string): Promise<MeasuredRun> {
  return runMeasured([join(import.meta.dirname, 'floor.ts'), url, list]);
}

/** How many answers the floor got. Throws where one was neither content nor "as you know it". */
function countAnswers({ stdout }: MeasuredRun): number {
  const statuses = Object.entries(JSON.parse(stdout) as Record<string, number>);
  const strange = statuses.filter(([status]) => status !== '200' && status !== '304');
  if (strange.length > 0) throw new Error(`the floor was answered ${stdout}`);
  return statuses.reduce((sum, [, count]) => sum + count, 0);
}

function readReleaseId({ report }: ProgramRun): string {
  return report.build?.release ?? '';
}

/** Two crawls of the same registry differ by more than what is done beside them. */
function crawlMsOf({ report }: ProgramRun): number {
  const { crawl } = report.durationsMs;
  if (crawl === undefined) throw new Error('the report does not say how long the crawl took');
  return crawl;
}

function formatTaken({ wallMs, cpuMs }: MeasuredRun): string {
  return `${Math.round(wallMs)} ms, ${Math.round(cpuMs)} ms of processor time`;
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
