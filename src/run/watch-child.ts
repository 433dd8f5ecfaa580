/** A process that was started for a part of the work, until it has closed. */
import type { ChildProcess } from 'node:child_process';
import { ProcessError } from './process-error.ts';

/** What a process says last is what explains why it failed. */
const mostOutputKept = 8000;

/**
 * Resolves when the process has done its `work` and ended. Rejects with a `ProcessError` that holds what it said last, or with the signal's
 * reason: a stopped process may go on writing for a moment, and only when it has closed is its folder ours again.
 */
export function watchChild(child: ChildProcess, work: string, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const keep = (chunk: string) => {
      output = (output + chunk).slice(-mostOutputKept);
    };
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);
    child.on('error', (cause) => {
      if (!signal?.aborted) reject(new ProcessError(work, 'it could not be started', '', { cause }));
    });
    child.on('close', (code, killedBy) => {
      if (signal?.aborted) reject(signal.reason);
      else if (code === 0) resolve();
      else
        reject(
          new ProcessError(work, killedBy === null ? `it ended with ${code}` : `it was ended by ${killedBy}`, output),
        );
    });
  });
}

/** One that waited for long may be gone: whoever looks for memory takes what does nothing. */
export function isRunning(child: ChildProcess): boolean {
  return child.connected && child.exitCode === null && child.signalCode === null;
}
