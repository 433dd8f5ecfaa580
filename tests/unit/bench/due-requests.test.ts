import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeDueList } from '../../bench/due-requests.ts';
import { useFolder } from '../../support/run-program.ts';

test('in a day of hours each version is asked about once, and every listing and `latest` in each', async (t) => {
  const folder = await useFolder(t);
  const [known, due] = [join(folder, 'known'), join(folder, 'due')];
  const listings = ['catalog\t/v2/_catalog?n=1000\t', 'tags\t/v2/team/app/tags/list\t'];
  const latest = 'manifest\t/v2/team/app/manifests/latest\t"sha256:aa"';
  const versions = Array.from({ length: 50 }, (_, at) => `manifest\t/v2/team/app/manifests/1.0.${at}\t"sha256:aa"`);
  await writeFile(known, `${[...listings, ...versions, latest].join('\n')}\n`);
  const revalidate = [{ tags: ['**', '!latest'], everyHours: 24 }];
  const asked: string[] = [];
  for (let hour = 0; hour < 24; hour++) {
    const at = (hours: number) => `${new Date(Date.UTC(2026, 0, 1, hours)).toISOString().slice(0, 19)}Z`;
    writeDueList([known], due, { revalidate, lastRunAt: at(hour), now: at(hour + 1) });
    const lines = (await readFile(due, 'utf8')).trimEnd().split('\n');
    assert.deepEqual(
      lines.filter((line) => !versions.includes(line)),
      [...listings, latest],
    );
    asked.push(...lines.filter((line) => versions.includes(line)));
  }
  assert.deepEqual(asked.toSorted(), versions.toSorted());
});
