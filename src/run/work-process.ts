/**
 * A part of the work in a process of its own: what it needs for a moment is several times what stays, and goes with the process.
 * It is given orders once, and says once what came of them.
 */
import { fork } from 'node:child_process';
import { basename } from 'node:path';
import type { EventLog } from './event-log.ts';
import { watchChild } from './watch-child.ts';

/**
 * Much of the work is garbage at once; room for that costs less than collecting it often. What outlives it may grow by a quarter
 * between two collections: left to itself Node lets it grow to four times what is needed where a machine has much memory.
 */
export const nodeOptions = ['--max-semi-space-size=16', '--heap-growing-percent=25'] as const;

/** For fewer tags than this a process is not worth its start. */
export const tagsWorthAProcess = 5000;

/** Serves the process that it is called in: does `work` for whoever has started it. */
export function serveOrders<Orders, Result>(work: (orders: Orders) => Promise<Result>): void {
  // Nobody waits for it any more.
  process.once('disconnect', () => process.exit());
  process.once('message', async (orders: Orders) => {
    try {
      const result = await work(orders);
      process.send?.({ result }, () => process.disconnect());
    } catch (error) {
      console.error(error);
      process.exit(1);
    }
  });
}

export interface ProcessOptions {
  /** Stops the process. */
  readonly signal: AbortSignal;
  readonly log: EventLog;
}

/**
 * Has the module at `file`, which serves `work`, do it in another process. Where that fails it is done again in this one: errors
 * lose what they are on their way between processes. Throws what `work` does, or the signal's reason when the run is stopped:
 * then nothing is worth doing again.
 */
export async function workInProcess<Orders, Result>(
  file: string,
  work: (orders: Orders) => Promise<Result>,
  orders: Orders,
  { signal, log }: ProcessOptions,
): Promise<Result> {
  const child = fork(file, [], {
    execArgv: [...nodeOptions],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    signal,
  });
  const answers: { readonly result: Result }[] = [];
  child.once('message', (message) => {
    answers.push(message as { readonly result: Result });
  });
  child.send(orders as object, () => undefined);
  try {
    await watchChild(child, basename(file), signal);
  } catch (error) {
    signal.throwIfAborted();
    const problem = String(error instanceof Error ? error.message : error)
      .split('\n', 2)
      .join(' ');
    log.write('warning', 'process-failed', `${problem}; its work is done again`);
    return work(orders);
  }
  const [answer] = answers;
  return answer === undefined ? work(orders) : answer.result;
}
