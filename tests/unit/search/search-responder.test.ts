import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeSearchFiles, indexFileName } from '../../../src/search/encode-search-files.ts';
import { createLocalSearch } from '../../../src/search/local-search.ts';
import { createResponder } from '../../../src/search/search-responder.ts';
import { sampleRepositories, summarize } from './sample-search.ts';

const files = new Map(Array.from(encodeSearchFiles(sampleRepositories), ({ name, text }) => [name, text]));
const indexText = files.get(indexFileName) ?? '';
const always = () => true;

describe('the thread that searches', () => {
  it('answers from the names at once, and with what must be looked up afterwards', async () => {
    const responder = createResponder(indexText, async (name) => files.get(name) ?? '', {});
    assert.deepEqual(summarize(responder.askNames('golang:1', 9).answer), ['golang exact']);
    assert.equal(responder.askNames('golang:1', 9).isFinal, false);
    const whole = await responder.askAll('golang:1', 9, always);
    assert.deepEqual(whole && summarize(whole), ['golang:1.25 tag-prefix']);
  });

  it('knows when there is no more to come', () => {
    const { askNames } = createResponder(indexText, async () => '', {});
    const cases: readonly (readonly [string, boolean])[] = [
      ['golang', true],
      ['node24', true],
      ['e', true],
      ['arch:arm64', true],
      ['golnag', false],
      [':1', false],
      ['sha256:abcd', false],
      ['label:version', false],
      ['gola', false],
    ];
    for (const [text, isFinal] of cases) assert.equal(askNames(text, 9).isFinal, isFinal, text);
  });

  it('finds descriptions once it has read them', async () => {
    const responder = createResponder(indexText, async (name) => files.get(name) ?? '', {});
    assert.equal(responder.askNames('continuous', 9).answer.total, 0);
    const whole = await responder.askAll('continuous', 9, always);
    assert.deepEqual(whole && summarize(whole), ['releng/node24 description']);
    assert.equal(responder.askNames('continuous', 9).answer.total, 1);
  });

  it('reads nothing for a question that is no longer asked', async () => {
    const read: string[] = [];
    const responder = createResponder(
      indexText,
      async (name) => {
        read.push(name);
        return files.get(name) ?? '';
      },
      {},
    );
    assert.equal(await responder.askAll(':1', 9, () => false), null);
    assert.deepEqual(read, []);
  });

  it('reads two small files at most for a tag or a digest, and the descriptions for words alone', async () => {
    const cases: readonly (readonly [string, readonly string[]])[] = [
      [':1.25', ['tags']],
      ['golang:1.25', ['images', 'tags']],
      ['golnag:1.25', ['images', 'tags']],
      ['sha256:ab13', ['digests', 'digests']],
      ['label:version', ['labels']],
      ['continuous', ['descriptions']],
    ];
    for (const [text, expected] of cases) {
      const read: string[] = [];
      const readShard = async (name: string) => {
        read.push(name.replace(/-.*/, ''));
        return files.get(name) ?? '';
      };
      const answer = await createResponder(indexText, readShard, {}).askAll(text, 9, always);
      assert.ok((answer?.total ?? 0) > 0, text);
      assert.deepEqual(read.sort(), expected, text);
    }
  });

  it('tries again after a file could not be read', async () => {
    let isBroken = true;
    const responder = createResponder(
      indexText,
      async (name) => {
        if (isBroken) throw new Error('unreachable');
        return files.get(name) ?? '';
      },
      {},
    );
    await assert.rejects(responder.askAll(':1.25', 9, always), /unreachable/);
    isBroken = false;
    assert.equal((await responder.askAll(':1.25', 9, always))?.total, 1);
  });
});

it('the page answers as the thread does', async () => {
  const ask = await createLocalSearch(indexText, ['registry.example.org'], 5);
  const responder = createResponder(indexText, async () => '', { hosts: ['registry.example.org'] });
  for (const text of ['node', 'registry.example.org/golang', 'e', ':1', '']) {
    assert.deepEqual(ask(text, 5), responder.askNames(text, 5), text);
  }
  // Meanwhile the answers to single letters are being prepared.
  for (const text of 'abcdefghijklmnopqrstuvwxyz0123456789') {
    assert.deepEqual(ask(text, 5), responder.askNames(text, 5), text);
    assert.deepEqual(ask(text, 50), responder.askNames(text, 50), text);
    await new Promise((resolve) => setTimeout(resolve));
  }
});
