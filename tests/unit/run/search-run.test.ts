import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { RunError } from '../../../src/run/run-error.ts';
import { runSearch } from '../../../src/run/search-run.ts';
import { decodeSettings } from '../../../src/settings/settings.ts';
import { createSnapshotStore } from '../../../src/snapshot/snapshot-store.ts';
import { sampleHost, writeSampleSnapshot } from '../../support/sample-catalogue.ts';

describe('runSearch', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'registry-homepage-search-run-'));
    await writeSampleSnapshot(join(folder, 'state'));
  });
  after(() => rm(folder, { recursive: true }));

  const ask = (text: string, settings: Readonly<Record<string, unknown>> = {}, most = 10) => {
    const decoded = decodeSettings(
      {
        publicHost: sampleHost,
        sources: [{ name: 'main', url: 'http://localhost:1' }],
        stateDir: 'state',
        ...settings,
      },
      folder,
    );
    return runSearch(decoded, createSnapshotStore(decoded.stateDir), text, { most });
  };
  const names = async (...parameters: Parameters<typeof ask>) =>
    (await ask(...parameters)).results.map(({ name, tag }) => (tag === null ? name : `${name}:${tag}`));

  it('answers as the page does', async () => {
    assert.equal((await names('node24'))[0], 'releng/node24');
    assert.equal((await names('ndoe24'))[0], 'releng/node24');
    assert.equal((await names(`${sampleHost}/releng/node24`))[0], 'releng/node24');
    assert.deepEqual(await names('node24'), await names('node24'));
  });

  it('limits what is written out, not what is counted', async () => {
    const { results, total } = await ask(':latest', {}, 1);
    assert.equal(results.length, 1);
    assert.ok(total > 1, `${total} in all`);
  });

  it('shows nothing that the settings hide by now, though the snapshot still has it', async () => {
    for (const text of ['node24', 'releng/node24', ':latest', 'nod24', 'base:node24']) {
      const all = JSON.stringify(await ask(text, { exclude: ['**/node24'] }));
      assert.doesNotMatch(all.replace(`"text":"${text}"`, ''), /releng\/node24\b/, text);
    }
    const tagless = await ask(':latest', { excludeTags: ['latest'] });
    assert.deepEqual(tagless.results, []);
    assert.doesNotMatch(JSON.stringify((await ask('node24', { excludeTags: ['latest'] })).results), /latest/);
  });

  it('does not find what is gone', async () => {
    assert.deepEqual(
      (await ask('removed')).results.filter(({ name }) => /removed/.test(name)),
      [],
    );
  });

  it('says what to do where there is no snapshot', async () => {
    await assert.rejects(ask('x', { stateDir: 'elsewhere' }), (error: unknown) => {
      return error instanceof RunError && error.code === 'NO_SNAPSHOT' && /crawl/.test(error.hint ?? '');
    });
  });
});
