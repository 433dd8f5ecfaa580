import type { TransportResponse } from './transport.ts';

/** Whether an answer is a web page: a log-in form or a proxy's error in the place of a registry's document. */
export function looksLikeHtml({ headers, bytes }: Pick<TransportResponse, 'headers' | 'bytes'>): boolean {
  if (/^text\/html\b/i.test(headers.get('content-type') ?? '')) return true;
  return /^\s*<(?:!doctype|html)/i.test(Buffer.from(bytes.subarray(0, 200)).toString('latin1'));
}
