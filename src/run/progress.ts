/** Progress on a terminal: one line that is written over, and gone when the work is done. */

export interface Progress {
  /** Shows how far `task` is. Called often; paints seldom. */
  show(task: string, done: number, total: number): void;
  /** Wipes the line, so that other output can follow. */
  clear(): void;
}

export const silentProgress: Progress = { show: () => undefined, clear: () => undefined };

export interface ProgressOptions {
  readonly write: (text: string) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

const repaintEveryMs = 100;
const wipe = '\r\u001b[K';

/** Paints `Reading repositories: 120 of 531 (40/s, 11 s left)`. */
export function createProgress({ write, now }: ProgressOptions): Progress {
  let task = '';
  let startedAtMs = 0;
  let paintedAtMs = Number.NEGATIVE_INFINITY;
  return {
    show(name, done, total) {
      const atMs = now();
      if (name !== task) {
        task = name;
        startedAtMs = atMs;
        paintedAtMs = Number.NEGATIVE_INFINITY;
      }
      if (atMs - paintedAtMs < repaintEveryMs && done < total) return;
      paintedAtMs = atMs;
      write(`${wipe}${name}: ${done} of ${total}${formatRate(done, total, (atMs - startedAtMs) / 1000)}`);
    },
    clear() {
      if (task !== '') write(wipe);
      task = '';
    },
  };
}

function formatRate(done: number, total: number, elapsedSeconds: number): string {
  if (done === 0 || elapsedSeconds < 1) return '';
  const perSecond = done / elapsedSeconds;
  const left = Math.ceil((total - done) / perSecond);
  return ` (${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)}/s, ${left} s left)`;
}
