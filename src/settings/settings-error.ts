/** Settings that cannot be used. Each problem names its key, what was expected, and the nearest key that exists. */
export class SettingsError extends Error {
  readonly code = 'INVALID_SETTINGS';
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SettingsError';
    this.hint = hint;
  }
}
