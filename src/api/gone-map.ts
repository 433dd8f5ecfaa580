/**
 * `/-/gone.map`: the addresses of what is gone, as lines for a `map` of nginx. With it a web server answers them with the
 * tombstone's page and status 410, which tells programs that they need not come again.
 *
 * @see https://nginx.org/en/docs/http/ngx_http_map_module.html
 */
import { fixedAddresses, imageAddress, pathAddress } from '../view/addresses.ts';
import { hasSignpost } from '../view/page-list.ts';
import type { RepositorySummary } from '../view/repository-summary.ts';
import { type Site, toHref } from '../view/site.ts';
import type { OutputFile } from './output-file.ts';

/**
 * Writes a line `"/releng/old/tags/" 1;` for each page of a removed image. The keys are what nginx calls `$uri`; names and
 * the base are plain, so nothing in them needs escaping.
 */
export function encodeGoneMap(summaries: Iterable<Pick<RepositorySummary, 'name' | 'state'>>, site: Site): OutputFile {
  const gone = [...summaries].filter(({ state }) => state === 'removed').map(({ name }) => name);
  const addresses = gone.flatMap((name) => {
    return [imageAddress(name), ...(hasSignpost(name, site) ? [pathAddress(name, site.isRepository)] : [])];
  });
  const lines = addresses.sort().map((address) => `"${toHref(site, address)}" 1;\n`);
  return { path: fixedAddresses.goneMap, text: `# What is gone: $uri -> 1\n${lines.join('')}` };
}
