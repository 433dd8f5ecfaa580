/**
 * The page's end of the search. Names are found on the page's own thread, within the keystroke; everything else, and all of
 * a catalogue too large for that, in a worker. Answers to questions that are no longer asked are dropped.
 */
import type { GivenAnswer } from './answer-names.ts';
import type { AskNames } from './local-search.ts';
import type { Answer } from './search-result.ts';
import type { AskRequest, OpenRequest, WorkerAnswer } from './worker-messages.ts';

/** Where the files are, as whole addresses, and what pasted references and addresses may begin with. */
export interface SearchConfig {
  readonly indexUrl: string;
  /** The folder of the files that the index names; ends in a slash. */
  readonly shardsUrl: string;
  readonly hosts: readonly string[];
  /** How many results a new question asks for, where such are to be expected while one types. */
  readonly most?: number;
}

/** Called once or twice for a question, and no more after the next one. Null: the files could not be read. */
export type OnAnswer = (given: GivenAnswer | null) => void;

export interface SearchClient {
  /** Reads the index, if that has not been done. */
  prepare(): void;
  ask(text: string, most: number, onAnswer: OnAnswer): void;
}

/** A worker and what this page needs besides. */
interface Thread {
  readonly worker: Worker;
  /** Undefined until the index was read; null where it is too large for the page's own thread. */
  askNames?: AskNames | null;
}

/** About twenty thousand images: more than that takes longer to scan, and much longer to read, than a frame lasts. */
const mostLocalBytes = 1_000_000;

interface Question {
  readonly id: number;
  readonly text: string;
  readonly most: number;
  readonly onAnswer: OnAnswer;
  /** The answer from the names alone, if there was one. */
  names: Answer | null;
  hasFailed: boolean;
}

export function createSearchClient(config: SearchConfig): SearchClient {
  let thread: Thread | null = null;
  /** The newest question; null when its whole answer was given. */
  let pending: Question | null = null;
  let lastId = 0;
  /** The question before got no whole answer: then one try is enough for the next. */
  let isBroken = false;

  const deliver = (question: Question, given: GivenAnswer) => {
    if (given.isFinal) end(false);
    else question.names = given.answer;
    question.onAnswer(given);
  };
  const end = (hasGivenUp: boolean) => {
    pending = null;
    isBroken = hasGivenUp;
  };
  const open = () => {
    const opened: Thread = { worker: new Worker(new URL('./search-worker.ts', import.meta.url), { type: 'module' }) };
    thread = opened;
    opened.worker.addEventListener('message', ({ data: { id, answer, isFinal } }: MessageEvent<WorkerAnswer>) => {
      if (thread !== opened || id !== pending?.id) return;
      if (answer === null) fail(opened);
      else deliver(pending, { answer, isFinal });
    });
    opened.worker.addEventListener('error', () => fail(opened));
    readIndex(opened.worker, config).then(
      (askNames) => {
        opened.askNames = askNames;
        if (thread === opened && pending !== null) put(opened, pending);
      },
      () => fail(opened),
    );
  };
  /**
   * A connection that broke once is worth a second try before anybody is bothered; and where the site was built anew since the
   * page was opened, what the old index names is gone, and a new one is there.
   */
  const fail = (failed: Thread) => {
    if (thread !== failed) return;
    failed.worker.terminate();
    thread = null;
    const question = pending;
    if (question === null) return;
    if (!question.hasFailed) {
      question.hasFailed = true;
      open();
      return;
    }
    end(true);
    const { names } = question;
    const isWorthShowing = names !== null && names.results.length > 0;
    question.onAnswer(
      isWorthShowing ? { answer: { ...names, notice: 'Only names could be searched.' }, isFinal: true } : null,
    );
  };
  const put = ({ worker, askNames }: Thread, question: Question) => {
    const { id, text, most } = question;
    const given = askNames?.(text, most) ?? null;
    if (given !== null) deliver(question, given);
    if (given?.isFinal) return;
    worker.postMessage({ type: 'ask', id, text, most, wantsNames: !askNames } satisfies AskRequest);
  };

  return {
    prepare() {
      if (thread === null) open();
    },
    ask(text, most, onAnswer) {
      pending = { id: ++lastId, text, most, onAnswer, names: null, hasFailed: isBroken };
      if (thread === null) open();
      else if (thread.askNames !== undefined) put(thread, pending);
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
