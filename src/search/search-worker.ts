/** The thread that searches: for what has to be looked up, for similar names, and for all of a very large catalogue. */
import { readText } from './read-text.ts';
import { createResponder, type Responder } from './search-responder.ts';
import type { AskRequest, OpenRequest, WorkerAnswer, WorkerRequest } from './worker-messages.ts';

let responder: Responder | null = null;
let latest = 0;

self.addEventListener('message', ({ data }: MessageEvent<WorkerRequest>) => {
  if (data.type === 'open') responder = open(data);
  else if (responder !== null) {
    latest = data.id;
    answer(responder, data);
  }
});

function open({ index, shardsUrl, hosts }: OpenRequest): Responder {
  const readShard = (name: string) => readText(new URL(name, shardsUrl).href, 'force-cache');
  return createResponder(new TextDecoder().decode(index), readShard, { hosts });
}

async function answer(opened: Responder, { id, text, most, wantsNames }: AskRequest): Promise<void> {
  // Questions that came meanwhile are heard first: where a scan takes longer than a keystroke, only the newest is worth one.
  await afterWaiting();
  if (latest !== id) return;
  if (wantsNames) {
    const given = opened.askNames(text, most);
    reply({ id, ...given });
    if (given.isFinal) return;
  }
  try {
    const whole = await opened.askAll(text, most, () => latest === id);
    if (whole !== null) reply({ id, answer: whole, isFinal: true });
  } catch {
    reply({ id, answer: null, isFinal: true });
  }
}

const { port1, port2 } = new MessageChannel();
const waiting: (() => void)[] = [];
port1.addEventListener('message', () => waiting.shift()?.());
port1.start();

/** Resolves when every message that has come already was heard. A timer would wait longer than that. */
function afterWaiting(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    port2.postMessage(null);
  });
}

function reply(message: WorkerAnswer): void {
  self.postMessage(message);
}
