/**
 * Compressed twins beside text files, for web servers that serve them as they are (`gzip_static`). The same content gives
 * the same bytes, and what the release before had compressed already is linked, not compressed again.
 */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { isTextFile } from './is-text-file.ts';
import { linkFile } from './link-file.ts';
import { listFiles } from './list-files.ts';

const compressGzip = promisify(gzip);
const compressBrotli = promisify(brotliCompress);

/** Files that every reader fetches, and few enough that Brotli at its highest is worth its 8 ms each. */
const shared = /^(?:index\.html|404\.html|-\/assets\/.*|-\/api\/v1\/catalogue\.json|-\/search\/index\.json)$/;
/** Below this a compressed file saves less than its headers cost. */
const smallestBytes = 512;
const concurrency = 4;

/** Where gzip says what kind of system made it, and the value for none: the same bytes everywhere (RFC 1952, section 2.3.1). */
const gzipSystemByte = 9;
const unknownSystem = 255;

export interface CompressedFiles {
  readonly compressed: number;
  readonly linked: number;
}

/** Compresses the text files of `folder`. Twins of files that are byte for byte in `before`, with their twins, are linked. */
export async function compressSite(folder: string, before: string | null): Promise<CompressedFiles> {
  const files = (await listFiles(folder)).filter(isTextFile);
  let compressed = 0;
  let linked = 0;
  const work = async (file: string) => {
    const path = join(folder, file);
    const { ino, size } = await stat(path);
    if (size < smallestBytes) return;
    const same = before !== null && (await isSameFile(path, join(before, file), ino, size));
    for (const [ending, encode] of encodersFor(file)) {
      const twin = file + ending;
      if (same && before !== null && (await linkFile(join(before, twin), join(folder, twin)))) linked++;
      else {
        await writeFile(join(folder, twin), await encode(await readFile(path)));
        compressed++;
      }
    }
  };
  const queue = files.values();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (const file of queue) await work(file);
    }),
  );
  return { compressed, linked };
}

type Encode = (bytes: Buffer) => Promise<Buffer>;

/** Compresses one text as its twins would be. */
export function encodersFor(file: string): readonly (readonly [string, Encode])[] {
  const toGzip: Encode = async (bytes) => {
    const compressed = await compressGzip(bytes, { level: 9 });
    compressed[gzipSystemByte] = unknownSystem;
    return compressed;
  };
  const toBrotli: Encode = (bytes) =>
    compressBrotli(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    });
  return shared.test(file)
    ? [
        ['.gz', toGzip],
        ['.br', toBrotli],
      ]
    : [['.gz', toGzip]];
}

/** Whether two files hold the same; two names of one file do, without a look into it. */
async function isSameFile(path: string, other: string, ino: number, size: number): Promise<boolean> {
  try {
    const known = await stat(other);
    if (known.size !== size) return false;
    return known.ino === ino || (await readFile(other)).equals(await readFile(path));
  } catch {
    return false;
  }
}
