/**
 * A part of the work in another process: what it needs for a moment is several times what stays, and goes with the process. It is
 * given orders, and says once what came of them.
 */
import { type ChildProcess, fork } from 'node:child_process';
import type { EventLog } from './event-log.ts';
import { ProcessError } from './process-error.ts';
import { toModuleFile } from './program-version.ts';
import { isRunning, watchChild } from './watch-child.ts';

/**
 * Much of the work is garbage at once; room for that costs less than collecting it often. What outlives it may grow by a quarter
 * between two collections: left to itself Node lets it grow to four times what is needed where a machine has much memory.
 */
export const nodeOptions = ['--max-semi-space-size=16', '--heap-growing-percent=25'] as const;

/** One that stays is wanted for its time, and few others have memory then: with more room at once it is quicker by a sixth. */
const stayingOptions = ['--max-semi-space-size=64', '--heap-growing-percent=100'] as const;

/** For fewer tags than this a process is not worth its start. */
export const tagsWorthAProcess = 5000;

/** Of more tags than this, processes that work side by side have no room beside each other. */
export const mostTagsBeside = 250_000;

/** Whether so many tags are worth a process, and leave room for one that stays beside the run. */
export function isWorthStaying(tags: number): boolean {
  return tags >= tagsWorthAProcess && tags <= mostTagsBeside;
}

/** What another process can be told to do. */
export type Work =
  | 'check-staged'
  | 'clear-release'
  | 'finish-stock'
  | 'keep-stock'
  | 'summarise'
  | 'take-stock'
  | 'write-parts';

interface Message {
  readonly work: Work;
  readonly orders: unknown;
}

interface Answer {
  readonly result: unknown;
}

/** What a process may read before it is told what to do. It is not asked what came of it. */
interface Advance {
  readonly ahead: unknown;
}

/** Serves the process that it is called in: does for whoever has started it what it is told, one piece of work after the other. */
export function serveOrders(
  readAhead: (what: never) => void,
  works: Readonly<Record<Work, (orders: never) => Promise<unknown>>>,
): void {
  const obey = async (message: Message | Advance | 'end') => {
    if (message === 'end') return process.disconnect();
    if ('ahead' in message) return readAhead(message.ahead as never);
    const { work, orders } = message;
    try {
      const result = await works[work](orders as never);
      // A long one goes in pieces: what comes next would hold it up.
      await new Promise<void>((resolve) => process.send?.({ result } satisfies Answer, () => resolve()));
    } catch (error) {
      console.error(error);
      process.exit(1);
    }
  };
  // Nobody waits for it any more.
  process.once('disconnect', () => process.exit());
  let last = Promise.resolve();
  process.on('message', (message: Message | Advance | 'end') => {
    last = last.then(() => obey(message));
  });
}

interface WorkProcess {
  readonly child: ChildProcess;
  /** Who waits for answers, in the order in which they will come. */
  readonly asking: ((answer: Answer) => void)[];
  /** Rejects with a `ProcessError` where it failed. */
  readonly closed: Promise<void>;
}

/** A process that stays between two pieces of work, so that the second need not wait for its start. */
export interface SideProcess extends AsyncDisposable {
  /** Starts one, where there is none, which may read ahead. Without that each piece of work is done in a process of its own. */
  begin(ahead?: unknown): void;
  /** The process, where there is one. It may have other work to do first. */
  find(): WorkProcess | null;
  /** Ends it, for its memory, when it has done what it was told. Disposing of this ends it whatever it does. */
  end(): Promise<void>;
}

export function createSideProcess(): SideProcess {
  let begun: WorkProcess | null = null;
  const find = () => (begun !== null && isRunning(begun.child) ? begun : null);
  const end = async () => {
    const ended = begun;
    begun = null;
    if (ended !== null) await endProcess(ended);
  };
  return {
    begin(ahead) {
      if (find() !== null) return;
      begun = startProcess(stayingOptions);
      // One that could not be started, or has ended, cannot be told; that is found out when it is needed.
      if (ahead !== undefined) find()?.child.send({ ahead } satisfies Advance, () => undefined);
    },
    find,
    end,
    async [Symbol.asyncDispose]() {
      if (begun !== null && begun.asking.length > 0) begun.child.kill();
      await end();
    },
  };
}

export interface ProcessOptions {
  /** Stops the process. */
  readonly signal: AbortSignal;
  readonly log: EventLog;
  /** Does the work where it is there. */
  readonly side?: SideProcess;
  /**
   * Called when the process has its orders. Long ones go in pieces, each when this process has its turn: whoever gave them holds the
   * work up with whatever takes long here before that.
   */
  readonly onTold?: () => void;
}

/**
 * Has `work` done in another process, which does what `here` would. Where that fails it is done again in this one: errors lose what
 * they are on their way between processes. Throws what `here` does, or the signal's reason when the run is stopped: then nothing is
 * worth doing again.
 */
export async function workInProcess<Orders, Result>(
  work: Work,
  here: (orders: Orders) => Promise<Result>,
  orders: Orders,
  { signal, log, side, onTold }: ProcessOptions,
): Promise<Result> {
  const staying = side?.find() ?? null;
  const used = staying ?? startProcess(nodeOptions);
  try {
    const { result } = await ask(used, { work, orders }, signal, onTold);
    if (staying === null) await endProcess(used);
    return result as Result;
  } catch (error) {
    // What cannot be told what to do waits for it.
    used.child.kill();
    signal.throwIfAborted();
    const problem = String(error instanceof Error ? error.message : error)
      .split('\n', 2)
      .join(' ');
    log.write('warning', 'process-failed', `${work}: ${problem}; its work is done again`);
    return here(orders);
  }
}

function startProcess(execArgv: readonly string[]): WorkProcess {
  const child = fork(toModuleFile('src/run/side-process'), [], {
    execArgv: [...execArgv],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const closed = watchChild(child, 'a process beside the run');
  closed.catch(() => undefined);
  const asking: WorkProcess['asking'] = [];
  child.on('message', (answer: Answer) => asking.shift()?.(answer));
  return { child, asking, closed };
}

/** Rejects only when the process has ended: one that was stopped may go on writing for a moment. */
async function ask(
  { child, asking, closed }: WorkProcess,
  message: Message,
  signal: AbortSignal,
  onTold: () => void = () => undefined,
): Promise<Answer> {
  const answer = Promise.withResolvers<Answer>();
  const stop = () => child.kill();
  signal.addEventListener('abort', stop);
  asking.push(answer.resolve);
  // It may end before anybody waits for the answer.
  answer.promise.catch(() => undefined);
  closed.then(
    () => answer.reject(new ProcessError(message.work, 'it ended before it answered', '')),
    (error: unknown) => answer.reject(error),
  );
  try {
    // A process that cannot be told any more has ended, and how it ended is what is reported.
    child.send(message, onTold);
    if (signal.aborted) stop();
    return await answer.promise;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Ends one that has nothing to do. */
async function endProcess({ child, closed }: WorkProcess): Promise<void> {
  // Where this end closes the channel Node never says that the process has closed.
  if (isRunning(child)) child.send('end', () => undefined);
  await closed.catch(() => undefined);
}
