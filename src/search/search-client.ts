/**
 * The page's end of the search. Names are found on the page's own thread, within the keystroke; everything else, and all of
 * a catalogue too large for that, in a worker. Answers to questions that are no longer asked are dropped.
 */
import type { GivenAnswer } from './answer-names.ts';
import type { AskNames } from './local-search.ts';

import type { AskRequest, OpenRequest, WorkerAnswer } from './worker-messages.ts';

/** Where the files are, as whole addresses, and what pasted references may begin with. */
export interface SearchConfig {
  readonly indexUrl: string;
  /** The folder of the files that the index names; ends in a slash. */
  readonly shardsUrl: string;
  readonly hosts: readonly string[];
  /** How many results a new question asks for. */
  readonly most: number;
}

/** Called once or twice for a question, and no more after the next one. Null: the files could not be read. */
export type OnAnswer = (given: GivenAnswer | null) => void;

export interface SearchClient {
  /** Reads the index, if that has not been done. */
  prepare(): void;
  ask(text: string, most: number, onAnswer: OnAnswer): void;
}

interface OpenSearch {
  readonly worker: Worker;
  /** Null where the index is too large for the page's own thread. */
  readonly askNames: AskNames | null;
}

/** About twenty thousand images: more than that takes longer to scan, and much longer to read, than a frame lasts. */
const mostLocalBytes = 1_000_000;

interface Question {
  readonly id: number;
  readonly text: string;
  readonly most: number;
  readonly onAnswer: OnAnswer;
}

export function createSearchClient(config: SearchConfig): SearchClient {
  let opening: Promise<OpenSearch> | null = null;
  let opened: OpenSearch | null = null;
  /** The newest question; null when its whole answer was given. */
  let pending: Question | null = null;
  let lastId = 0;
  let hasFailed = false;

  const deliver = ({ onAnswer }: Question, given: GivenAnswer | null) => {
    if (given === null || given.isFinal) pending = null;
    onAnswer(given);
  };
  const open = async (): Promise<OpenSearch> => {
    const worker = new Worker(new URL('./search-worker.ts', import.meta.url), { type: 'module' });
    const broken = new Promise<never>((_, reject) => {
      worker.addEventListener('error', () => reject(new Error('the thread of the search failed')));
    });
    worker.addEventListener('message', ({ data: { id, answer, isFinal } }: MessageEvent<WorkerAnswer>) => {
      if (id === pending?.id) deliver(pending, answer === null ? null : { answer, isFinal });
    });
    try {
      const ready = { worker, askNames: await Promise.race([readIndex(worker, config), broken]) };
      worker.addEventListener('error', fail);
      return ready;
    } catch (error) {
      worker.terminate();
      throw error;
    }
  };
  const prepare = () => {
    if (opening !== null) return opening;
    const tried = open();
    opening = tried;
    tried.catch(() => {
      if (opening === tried) opening = null;
    });
    return tried;
  };
  const answer = ({ worker, askNames }: OpenSearch, question: Question) => {
    const { id, text, most } = question;
    const given = askNames?.(text, most) ?? null;
    if (given !== null) deliver(question, given);
    if (given?.isFinal) return;
    worker.postMessage({ type: 'ask', id, text, most, wantsNames: askNames === null } satisfies AskRequest);
  };
  const put = (question: Question) => {
    if (opened !== null) answer(opened, question);
    else {
      prepare().then(
        (ready) => {
          opened = ready;
          if (question.id === lastId) answer(ready, question);
        },
        () => {
          if (question.id === lastId) fail();
        },
      );
    }
  };
  // A connection that broke once is worth a second try before anybody is bothered.
  const fail = () => {
    opening = null;
    opened?.worker.terminate();
    opened = null;
    if (pending === null) return;
    const isSecond = hasFailed;
    hasFailed = !isSecond;
    if (isSecond) deliver(pending, null);
    else put(pending);
  };

  return {
    prepare() {
      void prepare();
    },
    ask(text, most, onAnswer) {
      pending = { id: ++lastId, text, most, onAnswer };
      hasFailed = false;
      put(pending);
    },
  };
}

/** Gives the index to the worker, and reads it here as well when it is small. */
async function readIndex(worker: Worker, { indexUrl, shardsUrl, hosts, most }: SearchConfig): Promise<AskNames | null> {
  // Asked for anew each time, because this address stays; what the index names never changes.
  const response = await fetch(indexUrl, { cache: 'no-cache', credentials: 'same-origin' });
  if (!response.ok) throw new Error(`GET ${indexUrl}: ${response.status}`);
  const index = await response.arrayBuffer();
  const isSmall = index.byteLength <= mostLocalBytes;
  const text = isSmall ? new TextDecoder().decode(index) : '';
  worker.postMessage({ type: 'open', index, shardsUrl, hosts } satisfies OpenRequest, [index]);
  if (!isSmall) return null;
  const { createLocalSearch } = await import('./local-search.ts');
  return createLocalSearch(text, hosts, most);
}
