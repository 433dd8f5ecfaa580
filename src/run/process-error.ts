/** A process that does a part of the work failed: the snapshot is broken, the disk is full, or we made a mistake. The old site stands. */
export class ProcessError extends Error {
  readonly code = 'PROCESS_FAILED';
  readonly hint: string;
  /** What it printed last. */
  readonly output: string;

  /** `work` is what it was to do, in words: `rendering the pages`. */
  constructor(work: string, reason: string, output: string, options?: ErrorOptions) {
    const said = output.trim();
    super(`${work} failed: ${reason}${said === '' ? '' : `\n${said}`}`, options);
    this.name = 'ProcessError';
    this.hint = 'The site that stood before still stands. If the snapshot and the disk are fine, please report this.';
    this.output = output;
  }
}
