/** The log: one line for each event, to standard error, as text for people or JSON for programs. */

export type LogLevel = 'error' | 'warning' | 'info' | 'debug';

export interface EventLog {
  /** `event` is a permanent kebab-case name; `message` a sentence; `fields` what a program would ask for. */
  write(level: LogLevel, event: string, message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface EventLogOptions {
  readonly format: 'text' | 'json';
  /** Events of lesser weight are dropped. */
  readonly level: LogLevel;
  readonly print: (line: string) => void;
  readonly clock: () => Date;
  /** Prefixes lines with `<3>` and the like, as journald reads them, and keeps each event on one line. */
  readonly journal: boolean;
}

const weights: Readonly<Record<LogLevel, number>> = { error: 0, warning: 1, info: 2, debug: 3 };
/** @see https://man7.org/linux/man-pages/man3/sd-daemon.3.html */
const journalLevels: Readonly<Record<LogLevel, string>> = { error: '<3>', warning: '<4>', info: '<6>', debug: '<7>' };

export function createEventLog({ format, level, print, clock, journal }: EventLogOptions): EventLog {
  return {
    write(eventLevel, event, message, fields = {}) {
      if (weights[eventLevel] > weights[level]) return;
      const prefix = journal ? journalLevels[eventLevel] : '';
      if (format === 'json') {
        print(prefix + JSON.stringify({ time: clock().toISOString(), level: eventLevel, event, message, ...fields }));
        return;
      }
      const label = eventLevel === 'info' || eventLevel === 'debug' ? '' : `${eventLevel}: `;
      print(prefix + label + (journal ? message.replaceAll(/\s*\n\s*/g, ' | ') : message.replaceAll('\n', '\n  ')));
    },
  };
}
