/**
 * The hours that come after the first: what one costs in which nothing changed, and one with ten new builds, where settings
 * have tags that look as if they never moved asked about in turn (`revalidate`). Beside them, what others take for less.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDueList } from './due-requests.ts';
import { measureDatesPage, measureNameList } from './measure-peers.ts';
import { type MeasuredRun, runMeasured } from './measured-run.ts';
import { type Measurement, measureMemory } from './measurement.ts';
import type { OneImage } from './one-image.ts';
import { formatPairs, pickMedian, rounds } from './pick-median.ts';
import {
  countRequests,
  createProgramRuns,
  formatDurations,
  formatRequests,
  type ProgramRun,
  type ProgramRuns,
} from './program-runs.ts';
import type { WorldFiles, WorldRegistry } from './world-registry.ts';

export interface HoursContext {
  readonly folder: string;
  readonly files: WorldFiles;
  readonly registry: WorldRegistry;
  /** The state folder and the site of these are gone on with. */
  readonly programFolder: string;
  readonly one: OneImage;
  /** What it takes at least to ask about every tag. */
  readonly knownFloor: MeasuredRun;
  readonly onMeasured: (measurement: Measurement) => void;
}

/** Each version is asked about once in two weeks, `latest` in every hour. */
const revalidate = [{ tags: ['**', '!latest'], everyHours: 336 }];
/** So many tags a page of dates is made of. */
const mostDated = 50_000;
/** In smaller worlds a program has hardly begun when a script has asked all there is to ask. */
const leastRepositories = 1000;
/** Each hour in which images changed stands beside two other runs, and each of the three has its own mood. */
const changeRounds = 5;
const hourMs = 3_600_000;

export async function measureHours(context: HoursContext): Promise<void> {
  const { folder, files, registry, programFolder, one, knownFloor, onMeasured } = context;
  const runs = createProgramRuns(programFolder, registry.url, { revalidate });
  // The first run with other settings may have something to write on account of them.
  await runs.run('refresh');

  const hours: Hour[] = [];
  const listings: number[] = [];
  for (let round = 0; round < rounds; round++) {
    hours.push(await runNextHour(runs));
    const listingMs = await measureNameList(registry, folder);
    if (listingMs !== null) listings.push(listingMs);
  }
  const { run, lastRunAt } = pickMedian(hours, (hour) => hour.run.wallMs);
  const listingMs = listings.length === 0 ? null : pickMedian(listings, (one) => one);
  const dueList = join(folder, 'due.txt');
  writeDueList([files.knownList, files.changedList], dueList, { revalidate, lastRunAt, now: run.report.startedAt });
  const floor = await runMeasured([join(import.meta.dirname, 'floor.ts'), registry.url, dueList]);
  const requests = countRequests(run.report);
  const isLarge = files.repositories >= leastRepositories;
  onMeasured({
    step: 'whole unchanged hour, with revalidate',
    taken: run,
    value: run.wallMs,
    unit: 'ms',
    limit:
      isLarge && listingMs !== null
        ? { what: 'a script that lists names only, one request after the other', value: listingMs, times: 1 }
        : null,
    notes: [
      listingMs === null
        ? 'beside no list of names: that takes python3-requests'
        : `a list of names takes ${Math.round(listingMs)} ms`,
      ...(isLarge
        ? [`to ask about every tag takes ${formatTaken(knownFloor)}`]
        : ['too few repositories to outweigh the beginning of a program']),
      formatRequests(run.report),
      `${(run.wallMs / floor.wallMs).toFixed(2)} times the floor of its own requests (${formatTaken(floor)})`,
      `median of ${rounds}, each run followed by one of the other's; ${run.report.build?.pages} pages`,
    ],
  });
  onMeasured({
    step: 'requests of the unchanged hour, with revalidate',
    taken: null,
    value: requests,
    unit: 'requests',
    limit: { what: 'listings, and the tags whose turn it is', value: countStatuses(floor), times: 1 },
    notes: [],
  });
  onMeasured({
    step: 'and beside those of an hour without revalidate',
    taken: null,
    value: requests,
    unit: 'requests',
    limit: isLarge ? { what: 'all that such an hour needs', value: countStatuses(knownFloor), times: 0.1 } : null,
    notes: [`without it ${(countStatuses(knownFloor) / requests).toFixed(1)} times as many`],
  });

  const changes: ChangedHour[] = [];
  for (let round = 0; round < changeRounds; round++) {
    const changed = await registry.change();
    const { run: next } = await runNextHour(runs);
    const found = next.report.repositories?.changed ?? 0;
    if (found !== changed) throw new Error(`${changed} images changed, and ${found} were found`);
    // The limit of each is what the machine's mood made of it.
    const { run: unchanged } = await runNextHour(runs);
    const { repositories, build } = unchanged.report;
    if (repositories?.changed !== 0 || build?.pages !== 0) throw new Error('nothing changed, and something was made');
    const { buildMs: oneImageMs } = await one.runFirst();
    const limitMs = unchanged.wallMs + oneImageMs;
    changes.push({ run: next, unchanged, oneImageMs, changed, limitMs, ratio: next.wallMs / limitMs });
  }
  const { run: next, oneImageMs, changed, limitMs } = pickMedian(changes, ({ ratio }) => ratio);
  onMeasured({
    step: `hour with ${changed} images changed, with revalidate`,
    taken: next,
    value: next.wallMs,
    unit: 'ms',
    limit: {
      what: `the unchanged hour after it and the build of a site of one image after that (${Math.round(oneImageMs)} ms)`,
      value: limitMs,
      times: 1,
    },
    notes: [
      formatRequests(next.report),
      `all ${changed} found, ${next.report.build?.pages} pages rendered`,
      ...formatPairs(
        'hours, each followed by an unchanged one and the build of a site of one image',
        changes.map(({ ratio }) => ratio),
      ),
      `${changes.map(formatChangedHour).join('; ')} ms`,
      formatDurations(next.report),
    ],
  });
  const greatest = Math.max(...changes.map((hour) => hour.run.peakBytes));
  onMeasured(measureMemory(`hour with ${changed} images changed`, { ...next, peakBytes: greatest }, 1024));
  // Of a larger world it would ask for as long as a first run takes.
  if (files.tags <= mostDated) await measureDatesPage(registry, folder, files, run, onMeasured);
}

interface ChangedHour {
  readonly run: ProgramRun;
  /** The hour after it. */
  readonly unchanged: ProgramRun;
  /** The build of a site of one image, after that. */
  readonly oneImageMs: number;
  readonly changed: number;
  readonly limitMs: number;
  readonly ratio: number;
}

function formatChangedHour({ run, unchanged, oneImageMs }: ChangedHour): string {
  return `${Math.round(run.wallMs)} beside ${Math.round(unchanged.wallMs)} and ${Math.round(oneImageMs)}`;
}

interface Hour {
  readonly run: ProgramRun;
  readonly lastRunAt: string;
}

/** Runs as if an hour had gone by: the snapshot is made to say that it is an hour older. */
async function runNextHour(runs: ProgramRuns): Promise<Hour> {
  const file = join(runs.stateDir, 'snapshot', 'catalogue.json');
  const text = readFileSync(file, 'utf8');
  const checkedAt = /^"checkedAt": "([^"]+)"/m.exec(text)?.[1];
  if (checkedAt === undefined) throw new Error(`${file} does not say when it was checked`);
  const lastRunAt = `${new Date(Date.parse(checkedAt) - hourMs).toISOString().slice(0, 19)}Z`;
  writeFileSync(file, text.replace(/^"checkedAt": "[^"]+"/m, `"checkedAt": "${lastRunAt}"`));
  return { run: await runs.run('refresh'), lastRunAt };
}

function countStatuses({ stdout }: MeasuredRun): number {
  return Object.values(JSON.parse(stdout) as Record<string, number>).reduce((sum, count) => sum + count, 0);
}

function formatTaken({ wallMs, cpuMs }: MeasuredRun): string {
  return `${Math.round(wallMs)} ms, ${Math.round(cpuMs)} ms of processor time`;
}
