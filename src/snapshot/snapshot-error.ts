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
