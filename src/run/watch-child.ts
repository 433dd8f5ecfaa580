/** A process that was started for a part of the work, until it has closed. */
import type { ChildProcess } from 'node:child_process';
import { RenderError } from './render-error.ts';

/** What a process says last is what explains why it failed. */
const mostOutputKept = 8000;

/**
 * Resolves when the process has ended well. Rejects with a `RenderError` that holds what it said last, or with the signal's
 * reason: a stopped process may go on writing for a moment, and only when it has closed is its folder ours again.
 */
export function watchChild(child: ChildProcess, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const keep = (chunk: string) => {
      output = (output + chunk).slice(-mostOutputKept);
    };
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);
    child.on('error', (cause) => {
      if (!signal?.aborted) reject(new RenderError('it could not be started', '', { cause }));
    });
    child.on('close', (code, killedBy) => {
      if (signal?.aborted) reject(signal.reason);
      else if (code === 0) resolve();
      else reject(new RenderError(killedBy === null ? `it ended with ${code}` : `it was ended by ${killedBy}`, output));
    });
  });
}
