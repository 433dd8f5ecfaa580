/** What a web server says of the files of a site. The nginx example says the same; a test holds them against each other. */
import { serverPolicy } from '../view/content-security-policy.ts';
import { isHashed } from './carry-assets.ts';

/** What every answer carries. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': serverPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

const contentTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  map: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  xml: 'text/xml; charset=utf-8',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webmanifest: 'application/manifest+json',
  woff2: 'font/woff2',
};

/** The headers of a file of the site, by its path below the site's folder, as an answer with this status has them. */
export function toHeaders(file: string, status: number): Readonly<Record<string, string>> {
  const ending = /\.([a-z0-9]+)$/.exec(file)?.[1] ?? '';
  const isFeed = /(?:^|\/)feed\.xml$/.test(file);
  return {
    ...securityHeaders,
    'content-type': isFeed
      ? 'application/atom+xml; charset=utf-8'
      : (contentTypes[ending] ?? 'application/octet-stream'),
    'cache-control': toCacheControl(file, status),
    ...(/^(?:json|xml|txt|svg|csv)$/.test(ending) ? { 'access-control-allow-origin': '*' } : {}),
  };
}

/** Hashed files never change; everything else may, each hour. What is not there may come at any moment. */
function toCacheControl(file: string, status: number): string {
  if (status === 404) return 'no-store';
  return isHashed(file) ? 'public, max-age=31536000, immutable' : 'public, max-age=60, must-revalidate';
}
