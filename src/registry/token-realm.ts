/** Which token services may be asked, and so be sent the credentials. */
import { getDomain } from 'tldts';
import { isForbiddenHost } from './forbidden-address.ts';

/**
 * Why the token service `realm` must not be asked on behalf of `registry`, or null where it may be. By default it must be
 * the registry's own host or a host of the same registrable domain; `tokenHosts` names others. Never over a weaker scheme.
 */
export function forbiddenRealm(registry: URL, realm: URL, tokenHosts: readonly string[] | undefined): string | null {
  if (realm.protocol !== 'https:' && realm.protocol !== registry.protocol) {
    return `its token service ${realm.host} is asked over ${realm.protocol}//, weaker than the registry's own`;
  }
  if (realm.protocol !== 'https:' && realm.protocol !== 'http:') return 'its token service has no http address';
  if (realm.hostname === registry.hostname) return null;
  if (isForbiddenHost(realm)) return `its token service ${realm.host} is a link-local or metadata address`;
  if (tokenHosts?.includes(realm.host) || tokenHosts?.includes(realm.hostname)) return null;
  const domain = getDomain(registry.hostname, { allowPrivateDomains: true });
  if (domain !== null && getDomain(realm.hostname, { allowPrivateDomains: true }) === domain) return null;
  return `its token service ${realm.host} is outside the registry's own domain`;
}
