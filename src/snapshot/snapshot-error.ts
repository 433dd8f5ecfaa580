import type { z } from 'astro/zod';

/** A snapshot that cannot be used as it is. */
export class SnapshotError extends Error {
  /** `SNAPSHOT_NEWER`: written by a newer program. `SNAPSHOT_BROKEN`: bytes are missing or are not what was written. */
  readonly code: 'SNAPSHOT_NEWER' | 'SNAPSHOT_BROKEN';
  readonly hint: string;

  constructor(code: SnapshotError['code'], message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SnapshotError';
    this.code = code;
    this.hint = hint;
  }
}

/** What went wrong, in one line: of a value that has another shape, where in it. */
export function describeCause(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const { issues } = cause as { readonly issues?: readonly z.core.$ZodIssue[] };
  const [first] = issues ?? [];
  if (first === undefined) return cause.message.split('\n', 1)[0] ?? '';
  return [first.path.join('.'), first.message].filter((part) => part !== '').join(': ');
}
