/** A failure in words: what happened, and what to do. A defect of ours shows where it is. */
import { exitCodes, findWriteError, toExitCode } from '../../src/run/exit-code.ts';
import { ProcessError } from '../../src/run/process-error.ts';

export interface Failure {
  readonly message: string;
  /** The permanent code of this kind of failure; null where it has none. */
  readonly code: string | null;
  readonly hint: string | null;
  readonly exitCode: number;
  /** Where it happened, when it is a defect of ours. */
  readonly stack: string | null;
}

export function toFailure(error: unknown): Failure {
  if (error instanceof ProcessError) {
    const said = findWriteError(error.output);
    if (said !== null) return toWriteFailure(error, said);
  }
  const { hint, code, stack } = (error ?? {}) as { hint?: unknown; code?: unknown; stack?: unknown };
  const exitCode = toExitCode(error);
  return {
    message: error instanceof Error ? error.message : String(error),
    code: typeof code === 'string' ? code : null,
    hint: typeof hint === 'string' && hint !== '' ? hint : hintFor(exitCode),
    exitCode,
    stack: exitCode === exitCodes.defect && typeof stack === 'string' ? stack : null,
  };
}

/** Where a disk is full nobody is to read where in whose program that was, and to report it. */
function toWriteFailure({ message, code }: ProcessError, said: string): Failure {
  const [what] = message.split('\n', 1);
  const exitCode = exitCodes.cannotWrite;
  return { message: `${what}: ${said}`, code, hint: hintFor(exitCode), exitCode, stack: null };
}

function hintFor(exitCode: number): string | null {
  if (exitCode === exitCodes.cannotWrite)
    return 'Is the disk full or read-only, or does a file stand where a folder should? The site that stood before still stands.';
  if (exitCode === exitCodes.defect) {
    return 'This is a defect of registry-homepage; please report it with the lines below.';
  }
  return null;
}

/** The same as text for people. */
export function describeFailure(error: unknown): string {
  const { message, hint, stack } = toFailure(error);
  const lines = [`registry-homepage: ${message}`];
  if (hint !== null) lines.push(`hint: ${hint}`);
  if (stack !== null) lines.push(stack);
  return `${lines.join('\n')}\n`;
}
