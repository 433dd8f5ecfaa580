/**
 * The limit of every crawl: a client that makes the requests of a list over connections that are kept, throws the answers
 * away, and does nothing else. `node floor.ts <origin> <list> <connections>`.
 */
import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
import { acceptedManifestTypes } from '../../src/oci/media-type.ts';

const [origin = '', list = '', connections = '8'] = process.argv.slice(2);
const accept = acceptedManifestTypes.join(', ');
const lines = listLines(readFileSync(list, 'utf8'));
const pool = new Pool(origin, { connections: Number(connections), pipelining: 1 });
const statuses: Record<number, number> = {};

await Promise.all(
  Array.from({ length: Number(connections) }, async () => {
    for (const line of lines) await send(line);
  }),
);
await pool.close();
console.log(JSON.stringify(statuses));

function send(line: string): Promise<void> {
  const [kind, path = '', etag] = line.split('\t');
  const headers = { ...(kind === 'manifest' ? { accept } : {}), ...(etag ? { 'if-none-match': etag } : {}) };
  return new Promise((resolve, reject) => {
    pool.dispatch(
      { path, method: 'GET', headers },
      {
        onRequestStart() {},
        onResponseStart(_, status) {
          statuses[status] = (statuses[status] ?? 0) + 1;
        },
        onResponseData() {},
        onResponseEnd: () => resolve(),
        onResponseError: (_, error) => reject(error),
      },
    );
  });
}

function* listLines(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    yield text.slice(from, end);
    from = end + 1;
  }
}
