/** The container and its timetable, as far as they can be judged without a cluster: who runs what, and what may be written. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { parseShard } from '../../../src/crawl/shard.ts';
import { programDir } from '../../../src/run/program-version.ts';
import { decodeSettings } from '../../../src/settings/settings.ts';
import { runShell } from '../../support/use-example.ts';

async function readDocuments(file = 'cron-job.yaml') {
  const text = await readFile(join(programDir, 'scripts', 'kubernetes', file), 'utf8');
  const documents = parseAllDocuments(text);
  for (const document of documents) assert.deepEqual([document.errors, document.warnings], [[], []]);
  return documents.map((document) => document.toJS());
}

const jobs: readonly [file: string, name: string, writes: readonly string[]][] = [
  ['cron-job.yaml', 'registry-homepage', ['site', 'state', 'tmp']],
  ['indexed-job.yaml', 'registry-homepage-shards', ['state', 'tmp']],
  ['indexed-job.yaml', 'registry-homepage-merge', ['site', 'state', 'tmp']],
];
for (const [file, name, writes] of jobs) {
  test(`the job ${name} fits the restricted standard, writes ${writes.join(', ')} only, and one run at a time`, async () => {
    const job = (await readDocuments(file)).find(({ kind, metadata }) => kind === 'CronJob' && metadata.name === name);
    // What a merge does not get done in an hour is worth the next; a shard that is still there is stuck.
    assert.equal(job.spec.concurrencyPolicy, name.endsWith('shards') ? 'Replace' : 'Forbid');
    const { spec } = job.spec.jobTemplate.spec.template;
    assert.equal(spec.restartPolicy, 'Never');
    assert.equal(spec.automountServiceAccountToken, false);
    assert.equal(spec.securityContext.runAsNonRoot, true);
    assert.equal(spec.securityContext.seccompProfile.type, 'RuntimeDefault');
    const [container] = spec.containers;
    assert.deepEqual(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    const mounts: { name: string; readOnly?: boolean }[] = container.volumeMounts;
    assert.deepEqual(
      mounts.filter(({ readOnly }) => readOnly !== true).map((mount) => mount.name),
      writes,
    );
    const volumes: { name: string }[] = spec.volumes;
    assert.deepEqual(mounts.map((mount) => mount.name).sort(), volumes.map((volume) => volume.name).sort());
  });
}

test('the indexed job has a pod for every shard, and has ended when the shards are merged', async () => {
  const documents = await readDocuments('indexed-job.yaml');
  const [shards, merge] = documents.filter(({ kind }) => kind === 'CronJob');
  const { spec } = shards.spec.jobTemplate;
  assert.deepEqual([spec.completionMode, spec.completions, spec.parallelism], ['Indexed', 8, 8]);
  // A limit for all of them together would end those that run because of those that fail.
  assert.deepEqual([spec.backoffLimit, spec.maxFailedIndexes], [undefined, spec.completions]);
  assert.ok(spec.backoffLimitPerIndex > 0);
  const minuteOf = ({ spec: { schedule } }: { spec: { schedule: string } }) => Number(/^(\d+) \* /.exec(schedule)?.[1]);
  const pauseSeconds = (minuteOf(merge) - minuteOf(shards)) * 60;
  assert.ok(spec.activeDeadlineSeconds + shards.spec.startingDeadlineSeconds <= pauseSeconds);
  const claim = documents.find(({ kind }) => kind === 'PersistentVolumeClaim');
  assert.deepEqual(claim.spec.accessModes, ['ReadWriteMany']);
  for (const { spec: of } of [shards, merge]) {
    const state = of.jobTemplate.spec.template.spec.volumes.find(({ name }: { name: string }) => name === 'state');
    assert.equal(state.persistentVolumeClaim.claimName, claim.metadata.name);
  }

  // What each pod runs, with a program that says what it was told and ends as it was told.
  const lineOf = (job: typeof shards): string => {
    const [, , line] = job.spec.jobTemplate.spec.template.spec.containers[0].command;
    return `date() { echo "$MINUTE"; }; node() { shift; echo "$*"; case $1 in build) return "$BUILT" ;; *) return "$CODE" ;; esac; }\n${line}`;
  };
  const run = (job: typeof shards, environment: Record<string, string>) =>
    runShell(lineOf(job), '/', { BUILT: '0', MINUTE: '2', ...environment });
  const rows: readonly [index: string, code: string, exits: number][] = [
    ['0', '0', 0],
    ['7', '3', 0],
    ['3', '69', 69],
  ];
  for (const [index, code, exits] of rows) {
    const { stdout, exitCode } = await run(shards, { JOB_COMPLETION_INDEX: index, CODE: code });
    const [, shard = '', minutes] = /^crawl --shard (\S+) --deadline (\d+) /.exec(stdout) ?? [];
    assert.deepEqual([shard, exitCode], [`${Number(index) + 1}/${spec.completions}`, exits]);
    assert.ok(parseShard(shard));
    assert.ok(Number(minutes) * 60 < spec.activeDeadlineSeconds);
  }
  const again = await run(shards, { JOB_COMPLETION_INDEX: '0', CODE: '0', MINUTE: '30' });
  assert.match(again.stdout, / --deadline 5 /, 'a second attempt ends with the others');
  const late = await run(shards, { JOB_COMPLETION_INDEX: '0', CODE: '0', MINUTE: '41' });
  assert.deepEqual([late.stdout, late.exitCode], ['', 75]);
  const ends: readonly [merged: string, built: string, exits: number][] = [
    ['0', '', 0],
    ['3', '', 3],
    ['65', '', 65],
    ['69', '0', 69],
    ['69', '3', 69],
    ['69', '74', 74],
    ['74', '', 74],
  ];
  for (const [merged, built, exits] of ends) {
    const { stdout, exitCode } = await run(merge, { CODE: merged, BUILT: built });
    assert.match(stdout, built === '' ? /^merge --build .*\n$/ : /^merge --build .*\nbuild .*\n$/);
    assert.equal(exitCode, exits, `${merged} ${built}`);
  }
});

test('the settings in the example are settings, and the deadline of the job leaves time to publish', async () => {
  const documents = await readDocuments();
  const map = documents.find(({ kind }) => kind === 'ConfigMap');
  const settings = decodeSettings(parse(map.data['settings.yaml']), '/');
  assert.deepEqual(settings.exclude, ['restricted/**']);
  const job = documents.find(({ kind }) => kind === 'CronJob');
  assert.ok(job.spec.jobTemplate.spec.activeDeadlineSeconds > settings.deadlineMinutes * 60);
});

test('the image runs as the user of the job, and takes all that a rendering reads', async () => {
  const text = await readFile(join(programDir, 'Containerfile'), 'utf8');
  const job = (await readDocuments()).find(({ kind }) => kind === 'CronJob');
  const { runAsUser, runAsGroup } = job.spec.jobTemplate.spec.template.spec.securityContext;
  assert.match(text, new RegExp(`^USER ${runAsUser}:${runAsGroup}$`, 'm'));
  const copied = [...text.matchAll(/^COPY (?:--from=\S+ )?(.*) \S+$/gm)].flatMap(([, words = '']) => words.split(' '));
  for (const name of [
    'astro.config.mjs',
    'package.json',
    'package-lock.json',
    'public',
    'scripts',
    'src',
    'tsconfig.json',
  ]) {
    assert.ok(copied.includes(name), name);
  }
});
