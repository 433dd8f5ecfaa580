/**
 * What the thread that searches does with its messages. Whoever types asks with every letter; only the newest question is
 * worth a scan, so those that came while another was answered are dropped unread.
 */
import { createResponder, type Responder } from './search-responder.ts';
import type { ReadShard } from './shard-lookups.ts';
import type { AskRequest, OpenRequest, WorkerAnswer, WorkerRequest } from './worker-messages.ts';

export interface InboxOptions {
  /** Reads what the index names, below the address that came with it. */
  readonly openShards: (shardsUrl: string) => ReadShard;
  readonly reply: (answer: WorkerAnswer) => void;
  /** Resolves when the messages that have come already were received. */
  readonly afterWaiting: () => Promise<void>;
}

/** Takes one message after another. Throws when an index cannot be read; what a question needs and has not is answered null. */
export function createInbox({ openShards, reply, afterWaiting }: InboxOptions): (request: WorkerRequest) => void {
  let responder: Responder | null = null;
  let latest = 0;

  const open = ({ index, shardsUrl, hosts }: OpenRequest) => {
    responder = createResponder(new TextDecoder().decode(index), openShards(shardsUrl), { hosts });
  };
  const answer = async (opened: Responder, { id, text, most, wantsNames }: AskRequest) => {
    await afterWaiting();
    if (latest !== id) return;
    try {
      if (wantsNames) {
        const given = opened.askNames(text, most);
        reply({ id, ...given });
        if (given.isFinal) return;
      }
      const whole = await opened.askAll(text, most, () => latest === id);
      if (whole !== null) reply({ id, answer: whole, isFinal: true });
    } catch {
      reply({ id, answer: null, isFinal: true });
    }
  };

  return (request) => {
    if (request.type === 'open') open(request);
    else {
      latest = request.id;
      if (responder === null) reply({ id: request.id, answer: null, isFinal: true });
      else void answer(responder, request);
    }
  };
}
