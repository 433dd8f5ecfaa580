/** The thread that searches: for what has to be looked up, for similar names, and for all of a very large catalogue. */
import { readText } from './read-text.ts';
import { createInbox } from './search-inbox.ts';
import type { WorkerRequest } from './worker-messages.ts';

const receive = createInbox({
  openShards: (shardsUrl) => (name) => readText(new URL(name, shardsUrl).href, 'force-cache'),
  reply: (answer) => self.postMessage(answer),
  afterWaiting: () => new Promise((resolve) => setTimeout(resolve)),
});

self.addEventListener('message', ({ data }: MessageEvent<WorkerRequest>) => receive(data));
