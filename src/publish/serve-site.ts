/** Serves a published site on a loopback port, as the nginx example does: for the demo, and to look at. */
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import sirv from 'sirv';
import { fixedAddresses } from '../view/addresses.ts';
import { AddressError } from './address-error.ts';
import { securityHeaders, toHeaders } from './site-headers.ts';

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

/** Serves until `close`. Rejects with an `AddressError` when the port cannot be had. */
export async function serveSite({ siteDir, base, host, port }: ServeOptions): Promise<ServedSite> {
  const root = join(siteDir, 'current');
  const answer = createAnswerer(root, base);
  const shownHost = host.includes(':') ? `[${host}]` : host;
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: Error) => reject(new AddressError(`${shownHost}:${port}`, error));
    server.once('error', refuse).listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${shownHost}:${address.port}${base}`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function createAnswerer(root: string, base: string): Answer {
  // The types and the cache's rules are ours; sirv finds the twin that the reader can unpack, and answers conditions and ranges.
  const sendFile = sirv(root, { dev: true, etag: true, extensions: [], gzip: true, brotli: true, setHeaders });
  function setHeaders(response: ServerResponse, path: string): void {
    if (!existsSync(`${join(root, path)}.gz`)) response.removeHeader('vary');
  }
  return async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { ...securityHeaders, allow: 'GET, HEAD' }).end();
      return;
    }
    const [path = '/', query] = (request.url ?? '/').split('?', 2);
    if (`${path}/` === base) return redirect(response, base, query);
    const file = toFile(path, base);
    const found = file === null ? 'nothing' : await look(root, file);
    if (file === null || found === 'nothing') return sendNotFound(root, request, response);
    if (found === 'folder') return redirect(response, `${path}/`, query);
    if (await isGone(root, path)) return sendPage(root, file, 410, request, response);
    for (const [name, value] of Object.entries(toHeaders(file, 200))) response.setHeader(name, value);
    request.url = `/${file}`;
    if (!mayBeCut(request)) delete request.headers.range;
    // sirv closes no file that its reader left, and lets one that turns out not to be readable end the process.
    response.once('pipe', (source: Readable) => {
      source.once('error', () => response.destroy());
      response.once('close', () => source.destroy());
    });
    sendFile(request, response, () => {
      sendNotFound(root, request, response).catch(() => response.destroy());
    });
  };
}

/**
 * Whether a part may be sent. Whoever asks for one may always be sent all: of the forms of a range
 * (https://www.rfc-editor.org/rfc/rfc9110.html#section-14.1.2) sirv knows two, and no condition on it.
 */
function mayBeCut({ method, headers }: IncomingMessage): boolean {
  const [, start, end] = /^bytes=(\d{1,15})-([1-9]\d{0,14})?$/.exec(headers.range ?? '') ?? [];
  if (start === undefined || method !== 'GET' || headers['if-range'] !== undefined) return false;
  return end === undefined || Number(start) <= Number(end);
}

/** The file that a path asks for, below the site's folder; null where no file of ours can be behind it. */
function toFile(path: string, base: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return null;
  }
  if (!decoded.startsWith(base)) return null;
  const below = decoded.slice(base.length);
  const file = below === '' || below.endsWith('/') ? `${below}index.html` : below;
  // One that begins with a slash would be an address on another host to whoever is sent to it.
  return /^\/|(?:^|\/)(?:\.|$)|\/\/|\0/.test(file) ? null : file;
}

/** `folder`: a page is there, and its address ends with a slash. */
async function look(root: string, file: string): Promise<'file' | 'folder' | 'nothing'> {
  const isFile = (path: string) =>
    stat(join(root, path)).then(
      (found) => found.isFile(),
      () => false,
    );
  if (await isFile(file)) return 'file';
  return (await isFile(`${file}/index.html`)) ? 'folder' : 'nothing';
}

async function isGone(root: string, path: string): Promise<boolean> {
  if (!path.endsWith('/')) return false;
  const lines = await readFile(join(root, fixedAddresses.goneMap), 'utf8').catch(() => '');
  return lines.split('\n').includes(`"${path}" 1;`);
}

function redirect(response: ServerResponse, path: string, query: string | undefined): void {
  const location = query === undefined ? path : `${path}?${query}`;
  response.writeHead(301, { ...toHeaders('index.html', 301), location }).end();
}

async function sendNotFound(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if ((await look(root, fixedAddresses.notFound)) === 'file') {
    return sendPage(root, fixedAddresses.notFound, 404, request, response);
  }
  response.writeHead(404, toHeaders('not-found.txt', 404)).end('Not found.\n');
}

/** Sends a page with another status than 200, or its twin where the reader can unpack it. */
async function sendPage(
  root: string,
  file: string,
  status: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const twin = await readFile(join(root, `${file}.gz`)).catch(() => null);
  const isPacked = twin !== null && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  const bytes = isPacked ? twin : await readFile(join(root, file));
  const headers = {
    ...toHeaders(file, status),
    ...(twin === null ? {} : { vary: 'Accept-Encoding' }),
    ...(isPacked ? { 'content-encoding': 'gzip' } : {}),
    'content-length': bytes.length,
  };
  response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : bytes);
}
