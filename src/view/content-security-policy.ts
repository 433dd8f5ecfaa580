/** Nothing is loaded that is not named here, from nowhere but this site. */
const directives = [
  "default-src 'none'",
  ...['script-src', 'style-src', 'img-src', 'connect-src', 'worker-src', 'form-action'].map((kind) => `${kind} 'self'`),
  "base-uri 'none'",
];

/**
 * What each page says of itself, for servers that send nothing.
 *
 * @see https://www.w3.org/TR/CSP3/
 */
export const pagePolicy = directives.join('; ');

/** What servers send: the same, and that no other site may show ours in a frame, which a page cannot say of itself. */
export const serverPolicy = [...directives, "frame-ancestors 'none'"].join('; ');
