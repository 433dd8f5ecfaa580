/** Whom the crawl is: nobody, a user, or the holder of a token. Values never leave this room but in an `Authorization` header. */

export type Credentials =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** A bearer token, sent to the registry as it is. */
  | { readonly kind: 'token'; readonly token: string }
  /** Docker's identity token: traded for an access token at the token service. */
  | { readonly kind: 'identity'; readonly refreshToken: string }
  /** There should be some, and whoever keeps them does not give them: without them nothing is asked. */
  | { readonly kind: 'unavailable'; readonly problem: string };

export const anonymous: Credentials = { kind: 'anonymous' };

/** The value of a Basic `Authorization` header. */
export function formatBasic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}
