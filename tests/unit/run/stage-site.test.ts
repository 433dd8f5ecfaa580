import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createReleaseStore } from '../../../src/publish/release-store.ts';
import { prepareStage } from '../../../src/run/stage-site.ts';
import { createSideProcess } from '../../../src/run/work-process.ts';
import { useFolder } from '../../support/run-program.ts';

const record = {
  ...{ fingerprint: 'f', shared: '', catalogue: '', hiddenNames: null, repositories: {}, pages: {} },
  ...{ sealedSince: '', assets: [] },
};
const id = '1'.repeat(32);
const folder = { folder: 'team/a', id, fileCount: 1, listFiles: () => ['team/a/index.html'] };

for (const where of ['here', 'in the process that is there', 'here after that process has failed']) {
  test(`the release that goes is made over ${where}`, async (t) => {
    const releases = createReleaseStore(join(await useFolder(t), 'site'));
    const published = [];
    for (const hour of ['10', '11']) {
      const staged = await releases.stage();
      await mkdir(join(staged, folder.folder), { recursive: true });
      for (const file of ['index.html', ...folder.listFiles()]) await writeFile(join(staged, file), hour);
      published.push(
        await releases.publish(staged, { ...record, sealed: [id] }, `2026-11-21T${hour}:00:00Z`, [folder]),
      );
    }
    const [before] = published.slice(-1);
    assert.ok(before !== undefined);
    await using begun = createSideProcess();
    if (where !== 'here') begun.begin();
    const isFailing = where.includes('failed');
    const side: typeof begun = {
      ...begun,
      find() {
        const found = begun.find();
        // It ends before it reads anything, and nobody knows yet.
        if (isFailing) found?.child.kill('SIGKILL');
        return found;
      },
    };
    const lines: string[] = [];
    const log = { write: (_level: string, _event: string, message: string) => void lines.push(message) };
    const { signal } = new AbortController();
    const { over, ids } = await prepareStage(before, releases, { keep: 2, hidden: null, signal, log, side });
    assert.ok(over !== null);
    assert.deepEqual([[...over.links], [...ids]], [[['team/a', id]], [id]]);
    assert.deepEqual((await readdir(over.staged, { recursive: true })).sort(), ['team', 'team/a', 'team/a/index.html']);
    assert.equal(begun.find() !== null, where === 'in the process that is there');
    assert.equal(lines.length, isFailing ? 1 : 0);
    if (isFailing) assert.match(lines[0] ?? '', /^clear-release: .*; its work is done again$/);
  });
}
