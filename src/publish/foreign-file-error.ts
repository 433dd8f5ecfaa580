/** `current` is a folder, a file, or a link to elsewhere: it is not ours to replace. */
export class ForeignFileError extends Error {
  readonly code = 'FOREIGN_FILE';
  readonly hint = 'Move it away, or name another folder with `siteDir`; nothing that we did not make is replaced.';

  constructor(path: string) {
    super(`${path} is not a link that registry-homepage made`);
    this.name = 'ForeignFileError';
  }
}
