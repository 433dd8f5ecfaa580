/** The thread that searches: for what has to be looked up, for similar names, and for all of a very large catalogue. */
import { readText } from './read-text.ts';
import { createResponder, type Responder } from './search-responder.ts';
import type { AskRequest, OpenRequest, WorkerAnswer, WorkerRequest } from './worker-messages.ts';

let responder: Responder | null = null;
let latest = 0;

self.addEventListener('message', ({ data }: MessageEvent<WorkerRequest>) => {
  if (data.type === 'open') responder = open(data);
  else if (responder !== null) answer(responder, data);
});

function open({ index, shardsUrl, hosts }: OpenRequest): Responder {
  const readShard = (name: string) => readText(new URL(name, shardsUrl).href, 'force-cache');
  return createResponder(new TextDecoder().decode(index), readShard, { hosts });
}

async function answer(opened: Responder, { id, text, most, wantsNames }: AskRequest): Promise<void> {
  latest = id;
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

function reply(message: WorkerAnswer): void {
  self.postMessage(message);
}
