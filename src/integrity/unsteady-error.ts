/** Answers that contradict one another: neither proof that a blob is sound, nor that it is not. */
export class UnsteadyError extends Error {
  readonly code = 'UNSTEADY_ANSWERS';

  constructor(message: string) {
    super(message);
    this.name = 'UnsteadyError';
  }
}
