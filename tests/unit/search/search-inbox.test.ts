import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeSearchFiles, indexFileName } from '../../../src/search/encode-search-files.ts';
import { createInbox } from '../../../src/search/search-inbox.ts';
import type { AskRequest, WorkerAnswer } from '../../../src/search/worker-messages.ts';
import { sampleRepositories } from './sample-search.ts';

const files = new Map(Array.from(encodeSearchFiles(sampleRepositories), ({ name, text }) => [name, text]));

/** An inbox whose waiting ends when the test says so, and all that it replied. */
function openInbox({ readFile = async (name: string) => files.get(name) ?? '', isOpened = true } = {}) {
  const replies: WorkerAnswer[] = [];
  const waiting: (() => void)[] = [];
  const listeners: ((answer: WorkerAnswer) => void)[] = [];
  const receive = createInbox({
    openShards: (shardsUrl) => {
      assert.equal(shardsUrl, 'https://h.example.org/-/search/');
      return readFile;
    },
    reply(answer) {
      replies.push(answer);
      for (const listener of listeners.splice(0)) listener(answer);
    },
    afterWaiting: () => new Promise((resolve) => waiting.push(resolve)),
  });
  const index = new TextEncoder().encode(files.get(indexFileName)).buffer;
  if (isOpened) receive({ type: 'open', index, shardsUrl: 'https://h.example.org/-/search/', hosts: [] });
  return {
    replies,
    ask: (id: number, text: string, wantsNames: boolean) =>
      receive({ type: 'ask', id, text, most: 9, wantsNames } satisfies AskRequest),
    hearAll() {
      for (const resolve of waiting.splice(0)) resolve();
    },
    nextReply: () => new Promise<WorkerAnswer>((resolve) => listeners.push(resolve)),
  };
}

describe('the messages of the thread that searches', () => {
  it('answers the newest question only, however many came before it', async () => {
    const inbox = openInbox();
    for (const [at, text] of ['g', 'go', 'gol', 'golang'].entries()) inbox.ask(at + 1, text, true);
    const next = inbox.nextReply();
    inbox.hearAll();
    assert.equal((await next).id, 4);
    assert.deepEqual(
      inbox.replies.map(({ id, isFinal, answer }) => [id, isFinal, answer?.results[0]?.name]),
      [[4, true, 'golang']],
    );
  });

  it('drops a question during its lookup when another one comes', async () => {
    const asked = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const inbox = openInbox({
      readFile: async (name) => {
        asked.resolve();
        await held.promise;
        return files.get(name) ?? '';
      },
    });
    inbox.ask(1, ':1.25', false);
    inbox.hearAll();
    await asked.promise;
    inbox.ask(2, 'golang', true);
    const next = inbox.nextReply();
    held.resolve();
    inbox.hearAll();
    await next;
    // Whatever the first question still had to say, it would have said before this one.
    inbox.ask(3, ':1.25', false);
    const last = inbox.nextReply();
    inbox.hearAll();
    await last;
    assert.deepEqual(
      inbox.replies.map(({ id }) => id),
      [2, 3],
    );
  });

  it('gives names only to a page that has none of its own', async () => {
    const inbox = openInbox();
    inbox.ask(1, 'golnag', false);
    const next = inbox.nextReply();
    inbox.hearAll();
    assert.deepEqual([(await next).isFinal, inbox.replies.length], [true, 1]);
  });

  it('says so when a file cannot be read, and answers the next question', async () => {
    let isThere = false;
    const inbox = openInbox({
      readFile: async (name) => {
        if (!isThere) throw new Error('GET: 503');
        return files.get(name) ?? '';
      },
    });
    inbox.ask(1, ':1.25', false);
    let next = inbox.nextReply();
    inbox.hearAll();
    assert.deepEqual(await next, { id: 1, answer: null, isFinal: true });
    isThere = true;
    inbox.ask(2, ':1.25', false);
    next = inbox.nextReply();
    inbox.hearAll();
    assert.deepEqual([(await next).id, (await next).answer?.results[0]?.name], [2, 'golang']);
  });

  it('never leaves a question without an answer because there is no index', () => {
    const inbox = openInbox({ isOpened: false });
    inbox.ask(1, 'golang', true);
    assert.deepEqual(inbox.replies, [{ id: 1, answer: null, isFinal: true }]);
  });
});
