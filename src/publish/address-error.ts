/** The address to serve at cannot be had: somebody else has the port, or it is none of this machine's. */
export class AddressError extends Error {
  readonly code = 'NO_ADDRESS';
  readonly hint = 'Name another with --port or --host; --port 0 takes any free port.';

  /** `reason` is the system's code, such as `EADDRINUSE`. */
  readonly reason: string;

  constructor(address: string, cause: NodeJS.ErrnoException) {
    super(`cannot serve at ${address}: ${cause.message}`, { cause });
    this.name = 'AddressError';
    this.reason = cause.code ?? '';
  }
}
