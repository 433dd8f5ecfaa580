/** Pages could not be rendered: the snapshot is broken, the disk is full, or we made a mistake. The old site stands. */
export class RenderError extends Error {
  readonly code = 'RENDER_FAILED';
  readonly hint: string;
  /** What Astro printed last. */
  readonly output: string;

  constructor(reason: string, output: string, options?: ErrorOptions) {
    const said = output.trim();
    super(`rendering the pages failed: ${reason}${said === '' ? '' : `\n${said}`}`, options);
    this.name = 'RenderError';
    this.hint = 'The site that stood before still stands. If the snapshot and the disk are fine, please report this.';
    this.output = output;
  }
}
