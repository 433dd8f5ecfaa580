/** The container and its timetable, as far as they can be judged without a cluster: who runs what, and what may be written. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { programDir } from '../../../src/run/program-version.ts';
import { decodeSettings } from '../../../src/settings/settings.ts';

async function readDocuments() {
  const text = await readFile(join(programDir, 'scripts', 'kubernetes', 'cron-job.yaml'), 'utf8');
  const documents = parseAllDocuments(text);
  for (const document of documents) assert.deepEqual([document.errors, document.warnings], [[], []]);
  return documents.map((document) => document.toJS());
}

test('the job fits the restricted standard, writes two volumes only, and one run at a time', async () => {
  const job = (await readDocuments()).find(({ kind }) => kind === 'CronJob');
  assert.equal(job.spec.concurrencyPolicy, 'Forbid');
  const { spec } = job.spec.jobTemplate.spec.template;
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
    mounts.filter(({ readOnly }) => readOnly !== true).map(({ name }) => name),
    ['site', 'state', 'tmp'],
  );
  const volumes: { name: string }[] = spec.volumes;
  assert.deepEqual(mounts.map(({ name }) => name).sort(), volumes.map(({ name }) => name).sort());
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
