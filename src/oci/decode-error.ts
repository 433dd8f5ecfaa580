/** A document from outside that is not what its media type says. Permanent: the same bytes fail again. */
export class DecodeError extends Error {
  readonly code = 'INVALID_DOCUMENT';
  /** It holds too much, so that it cannot be the beginning of a sound one: to transfer it again is no use. */
  readonly isExcess: boolean;

  /** `what` names the document; `problem` says where and how it is wrong, without quoting it at length. */
  constructor(what: string, problem: string, options?: ErrorOptions & { readonly isExcess?: boolean }) {
    super(`${what} is not valid: ${problem}`, options);
    this.name = 'DecodeError';
    this.isExcess = options?.isExcess ?? false;
  }
}
