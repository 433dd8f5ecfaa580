/** What a reference, or the address of one of our pages, begins with when it is pasted into the search box. */
import type { SiteSettings } from './site.ts';

/**
 * The registry's names, and where the pages are as `host/base/`: at the site's own address, and at each name of the registry,
 * for behind any of them the same pages may be served.
 */
export function listPastedHosts({
  publicHost,
  alternateHosts,
  siteUrl,
  base,
}: Pick<SiteSettings, 'publicHost' | 'alternateHosts' | 'siteUrl' | 'base'>): readonly string[] {
  const hosts = [publicHost, ...alternateHosts];
  const siteHosts = siteUrl === undefined ? hosts : [...hosts, new URL(siteUrl).host];
  const places = siteHosts.map((host) => host + base).filter((place) => !hosts.some((host) => place === `${host}/`));
  return [...new Set([...hosts, ...places])];
}
