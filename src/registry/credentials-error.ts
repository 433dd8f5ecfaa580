/** Credentials that should be there and cannot be had. Never quotes a value. */
export class CredentialsError extends Error {
  readonly code = 'CREDENTIALS_UNREADABLE';
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CredentialsError';
    this.hint = hint;
  }
}

/** A program that keeps them does not give them. It may be asked again: many of them need a network. */
export class HelperFailedError extends CredentialsError {
  override readonly name = 'HelperFailedError';
}
