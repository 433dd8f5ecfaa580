/**
 * What stands in the place of this program today: an hourly script that lists names. It asks for each page of `_catalog`, then
 * for the tags of each repository, one after the other over one connection, and writes a page of links for each and one of all.
 * No date, size, platform or digest. `node incumbent.ts <origin> <folder>`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, type Dispatcher } from 'undici';

const [origin = '', folder = ''] = process.argv.slice(2);
const client = new Client(origin);

const names: string[] = [];
for (let path: string | null = '/v2/_catalog?n=1000'; path !== null; ) {
  const { headers, body }: Dispatcher.ResponseData = await client.request({ path, method: 'GET' });
  const page = (await body.json()) as { readonly repositories: readonly string[] };
  names.push(...page.repositories);
  path = /<([^>]+)>/.exec(String(headers['link'] ?? ''))?.[1] ?? null;
}
for (const name of names) {
  const { body } = await client.request({ path: `/v2/${name}/tags/list`, method: 'GET' });
  const { tags } = (await body.json()) as { readonly tags: readonly string[] | null };
  mkdirSync(join(folder, name, 'tags'), { recursive: true });
  const items = (tags ?? []).toSorted().map((tag) => `<li>${name}:${tag}</li>`);
  writeFileSync(join(folder, name, 'tags', 'index.html'), toPage(name, items));
}
const links = names.map((name) => `<li><a href="/${name}/tags/">${name}</a></li>`);
writeFileSync(join(folder, 'index.html'), toPage('Images', links));
await client.close();
console.log(names.length);

function toPage(title: string, items: readonly string[]): string {
  return `<!doctype html><title>${title}</title><h1>${title}</h1><ul>\n${items.join('\n')}\n</ul>\n`;
}
