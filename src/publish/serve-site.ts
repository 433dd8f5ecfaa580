/** Serves a published site on a loopback port, with the headers that the nginx example sends: for the demo, and to look at. */

import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sirv from 'sirv';
import { isHashed } from './carry-assets.ts';

export interface ServedSite {
  readonly url: string;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** The site folder; its `current` is followed anew for every request, so a refresh shows at once. */
  readonly siteDir: string;
  readonly base: string;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
}

/**
 * What every answer carries. The pages say the same of scripts and styles in a `<meta>`, for servers that send nothing.
 *
 * @see https://www.w3.org/TR/CSP3/
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** Serves until `close`. Rejects when the port cannot be had. */
export async function serveSite({ siteDir, base, host, port }: ServeOptions): Promise<ServedSite> {
  const root = join(siteDir, 'current');
  const serveFile = sirv(root, { dev: true, dotfiles: false, etag: true, setHeaders });
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (!path.startsWith(base)) {
      if (`${path}/` === base) response.writeHead(308, { location: base }).end();
      else void sendNotFound(root, response);
      return;
    }
    request.url = `/${path.slice(base.length)}`;
    serveFile(request, response, () => void sendNotFound(root, response));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${shownHost}:${address.port}${base}`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function setHeaders(response: ServerResponse, path: string): void {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
  response.setHeader('cache-control', cacheControlOf(path));
  if (/\.(?:json|xml|txt|svg)$/.test(path)) response.setHeader('access-control-allow-origin', '*');
}

/** Hashed files never change; everything else may, each hour. */
function cacheControlOf(path: string): string {
  return isHashed(path.slice(1)) ? 'public, max-age=31536000, immutable' : 'public, max-age=60, must-revalidate';
}

async function sendNotFound(root: string, response: ServerResponse): Promise<void> {
  const page = await readFile(join(root, '404.html')).catch(() => Buffer.from('Not found.\n'));
  const type = page.includes('<html') ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8';
  response.writeHead(404, { ...securityHeaders, 'content-type': type, 'cache-control': 'no-store' }).end(page);
}
