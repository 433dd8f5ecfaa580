import { describeFailure, toFailure } from './describe-failure.ts';
import type { CommandLog } from './run-options.ts';

/**
 * Logs what ended a command: as text with its hint on a line of its own, or as one event for programs and the journal. Returns the
 * exit code that says what kind of failure it is.
 */
export function logFailure(error: unknown, { log, logFormat, isJournal }: CommandLog): number {
  const { message, code, hint, exitCode, stack } = toFailure(error);
  if (logFormat === 'text' && !isJournal) process.stderr.write(describeFailure(error));
  else {
    const inText = [message, ...(hint === null ? [] : [`hint: ${hint}`]), ...(stack === null ? [] : [stack])].join(
      '\n',
    );
    log.write('error', 'run-failed', logFormat === 'json' ? message : inText, { code, hint, exitCode, stack });
  }
  return exitCode;
}
