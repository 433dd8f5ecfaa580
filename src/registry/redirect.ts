/** Which redirects are followed. */
import { isForbiddenHost } from './forbidden-address.ts';

export interface RedirectRules {
  readonly followRedirects: boolean;
  /** Hosts, with a port where it is not the scheme's own. Any host where it is absent. */
  readonly redirectHosts?: readonly string[] | undefined;
}

/** Why the redirect from `from` to `to` must not be followed, or null where it may be. */
export function forbiddenRedirect(from: URL, to: URL, rules: RedirectRules): string | null {
  if (to.protocol !== 'http:' && to.protocol !== 'https:') return `redirected to a ${to.protocol} address`;
  if (from.protocol === 'https:' && to.protocol === 'http:') return `redirected from https to http (${to.host})`;
  if (to.origin === from.origin) return null;
  if (!rules.followRedirects) return `redirected to ${to.host}, and followRedirects is off`;
  if (isForbiddenHost(to)) return `redirected to ${to.host}, a link-local or metadata address`;
  const { redirectHosts } = rules;
  if (redirectHosts !== undefined && !redirectHosts.includes(to.host) && !redirectHosts.includes(to.hostname)) {
    return `redirected to ${to.host}, which redirectHosts does not name`;
  }
  return null;
}
