/** Whether a stream goes to systemd's journal, which reads the level of a line from its beginning. */
import { fstatSync } from 'node:fs';

/**
 * True where `JOURNAL_STREAM` names what is behind the file descriptor. The variable alone is not enough: a program that was
 * started by a service, with its output elsewhere, inherits it.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#%24JOURNAL_STREAM
 */
export function isJournal(environment: Readonly<Record<string, string | undefined>>, fileDescriptor: number): boolean {
  const { JOURNAL_STREAM } = environment;
  if (JOURNAL_STREAM === undefined) return false;
  try {
    const { dev, ino } = fstatSync(fileDescriptor, { bigint: true });
    return JOURNAL_STREAM === `${dev}:${ino}`;
  } catch {
    return false;
  }
}
