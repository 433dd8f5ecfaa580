import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { encodeSearchFiles, indexFileName } from '../../../src/search/encode-search-files.ts';
import { createSearchClient, type SearchClient } from '../../../src/search/search-client.ts';
import { createInbox } from '../../../src/search/search-inbox.ts';
import type { WorkerRequest } from '../../../src/search/worker-messages.ts';
import { sampleRepositories } from './sample-search.ts';

type Files = ReadonlyMap<string, string>;

const shardsUrl = 'https://h.example.org/-/search/';
const files: Files = new Map(Array.from(encodeSearchFiles(sampleRepositories), ({ name, text }) => [name, text]));

/** What a browser gives the client: threads, of which some break, and files, of which some may be gone. */
class World {
  served = files;
  /** How many of the threads to come break as soon as they are begun. */
  breaking = 0;
  begun = 0;
  ended = 0;
  indexReads = 0;

  constructor() {
    const world = this;
    class Thread extends EventTarget {
      #receive: ((request: WorkerRequest) => void) | null;

      constructor() {
        super();
        world.begun++;
        const isBroken = world.breaking > 0;
        if (isBroken) world.breaking--;
        this.#receive = createInbox({
          openShards: () => async (name) => world.read(name),
          reply: (answer) => setImmediate(() => this.dispatchEvent(new MessageEvent('message', { data: answer }))),
          afterWaiting: async () => undefined,
        });
        if (isBroken) {
          this.#receive = null;
          // Browsers may tell of one fault more than once.
          setImmediate(() => this.dispatchEvent(new Event('error')));
          setImmediate(() => this.dispatchEvent(new Event('error')));
        }
      }

      postMessage(request: WorkerRequest): void {
        setImmediate(() => this.#receive?.(request));
      }

      terminate(): void {
        this.#receive = null;
        world.ended++;
      }
    }
    Object.assign(globalThis, { Worker: Thread, fetch: (url: string) => this.#fetch(url) });
  }

  read(name: string): string {
    const text = this.served.get(name);
    if (text === undefined) throw new Error(`${name}: 404`);
    return text;
  }

  async #fetch(url: string): Promise<Response> {
    assert.equal(url, shardsUrl + indexFileName);
    this.indexReads++;
    return new Response(this.read(indexFileName));
  }

  open(): SearchClient {
    return createSearchClient({ indexUrl: shardsUrl + indexFileName, shardsUrl, hosts: [], most: 9 });
  }
}

/** All answers to a question, until the last; null is one too. */
function ask(client: SearchClient, text: string): Promise<readonly (readonly [number, boolean] | null)[]> {
  const given: (readonly [number, boolean] | null)[] = [];
  return new Promise((resolve) => {
    client.ask(text, 9, (each) => {
      given.push(each === null ? null : [each.answer.total, each.isFinal]);
      if (each === null || each.isFinal) resolve(given);
    });
  });
}

describe('the page’s end of the search', () => {
  const { fetch, Worker } = globalThis;
  afterEach(() => {
    Object.assign(globalThis, { fetch, Worker });
  });

  it('answers with names at once, and with the rest from the thread', async () => {
    const world = new World();
    const client = world.open();
    assert.deepEqual(await ask(client, 'golang'), [[1, true]]);
    assert.deepEqual(await ask(client, 'golnag'), [
      [0, false],
      [1, true],
    ]);
    assert.deepEqual([world.begun, world.indexReads], [1, 1]);
  });

  it('reads nothing before it is prepared, and once however often that is asked for', async () => {
    const world = new World();
    const client = world.open();
    assert.equal(world.begun, 0);
    client.prepare();
    client.prepare();
    await ask(client, ':1.25');
    assert.deepEqual([world.begun, world.indexReads], [1, 1]);
  });

  it('answers the newest question only', async () => {
    const client = new World().open();
    const told: string[] = [];
    for (const text of ['golnag', ':1.25']) client.ask(text, 9, () => told.push(text));
    await ask(client, 'node24');
    await ask(client, ':1.25');
    assert.deepEqual(told, []);
  });

  it('begins a broken thread anew, once, and ends what it gives up', async () => {
    const world = new World();
    world.breaking = 1;
    const client = world.open();
    assert.deepEqual((await ask(client, ':1.25')).at(-1), [1, true]);
    assert.deepEqual([world.begun, world.ended], [2, 1]);
  });

  it('says so when it broke twice, and is there again when all is well', async () => {
    const world = new World();
    world.breaking = 2;
    const client = world.open();
    assert.equal((await ask(client, ':1.25')).at(-1), null);
    assert.deepEqual((await ask(client, ':1.25')).at(-1), [1, true]);
    assert.deepEqual([world.begun, world.ended], [3, 2]);
  });

  it('tries only once for each further letter while nothing can be had', async () => {
    const world = new World();
    world.breaking = 5;
    const client = world.open();
    for (const text of [':1', ':1.', ':1.2']) assert.equal((await ask(client, text)).at(-1), null);
    assert.equal(world.begun, 4);
  });

  it('goes on in a site that was built anew since the page was opened', async () => {
    const world = new World();
    const client = world.open();
    assert.deepEqual((await ask(client, ':1.25')).at(-1), [1, true]);
    const others = sampleRepositories.map((each) =>
      each.name === 'golang' ? { ...each, tags: [...each.tags, '9.9'] } : each,
    );
    world.served = new Map(Array.from(encodeSearchFiles(others), ({ name, text }) => [name, text]));
    for (const name of files.keys()) if (name.startsWith('images-')) assert.ok(!world.served.has(name), name);
    assert.deepEqual((await ask(client, 'golang:9.9')).at(-1), [1, true]);
    assert.equal(world.indexReads, 2);
  });

  it('keeps the names that it found when the rest cannot be had', async () => {
    const world = new World();
    const client = world.open();
    await ask(client, 'golang');
    world.served = new Map([[indexFileName, files.get(indexFileName) ?? '']]);
    const given = await ask(client, 'golang:1');
    assert.deepEqual(given.at(-1), [1, true]);
  });
});
