/** A failure in words: what happened, and what to do. A defect of ours shows where it is. */
import { exitCodes, toExitCode } from '../../src/run/exit-code.ts';

export function describeFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const { hint } = (error ?? {}) as { hint?: unknown };
  const lines = [`registry-homepage: ${message}`];
  if (typeof hint === 'string' && hint !== '') lines.push(`hint: ${hint}`);
  const exitCode = toExitCode(error);
  if (exitCode === exitCodes.cannotWrite && typeof hint !== 'string') {
    lines.push('hint: Is the disk full or read-only? The site that stood before still stands.');
  }
  if (exitCode === exitCodes.defect) {
    lines.push('hint: This is a defect of registry-homepage; please report it with the lines below.');
    if (error instanceof Error && error.stack) lines.push(error.stack);
  }
  return `${lines.join('\n')}\n`;
}
