/** Compressed twins of given files. It waits for nothing: whoever has other work to do lets processes do this. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { linkFile } from './link-file.ts';

export interface CompressedFiles {
  readonly compressed: number;
  readonly linked: number;
}

/** Made once and kept for as long as their content is: Brotli at its highest is worth its 8 ms each. */
const hashed = /^-\/assets\//;
/** The other files that every reader fetches. The highest but one gives a twentieth more bytes for an eighth of the time. */
const shared = /^(?:index\.html|404\.html|-\/api\/v1\/catalogue\.json|-\/search\/index\.json)$/;
/** Below this a compressed file saves less than its headers cost. */
const smallestBytes = 512;

/** Where gzip says what kind of system made it, and the value for none: the same bytes everywhere (RFC 1952, section 2.3.1). */
const gzipSystemByte = 9;
const unknownSystem = 255;

/** Writes twins beside `files` of `folder`, or links those of `before` where the files are the same byte for byte. */
export function compressFiles(folder: string, before: string | null, files: Iterable<string>): CompressedFiles {
  let compressed = 0;
  let linked = 0;
  for (const file of files) {
    const path = join(folder, file);
    const { ino, size } = statSync(path);
    if (size < smallestBytes) continue;
    const same = before !== null && isSameFile(path, join(before, file), ino, size) ? before : null;
    for (const [ending, encode] of encodersFor(file)) {
      const twin = file + ending;
      if (same !== null && linkFile(join(same, twin), join(folder, twin))) linked++;
      else {
        writeFileSync(join(folder, twin), encode(readFileSync(path)));
        compressed++;
      }
    }
  }
  return { compressed, linked };
}

type Encode = (bytes: Buffer) => Buffer;

/** What the twins of a file are called, and how each is made. */
export function encodersFor(file: string): readonly (readonly [ending: string, encode: Encode])[] {
  const quality = hashed.test(file) ? 11 : shared.test(file) ? 10 : null;
  if (quality === null) return [['.gz', toGzip]];
  return [
    ['.gz', toGzip],
    ['.br', (bytes) => toBrotli(bytes, quality)],
  ];
}

function toGzip(bytes: Buffer): Buffer {
  const compressed = gzipSync(bytes, { level: 9 });
  compressed[gzipSystemByte] = unknownSystem;
  return compressed;
}

function toBrotli(bytes: Buffer, quality: number): Buffer {
  return brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
}

/** Whether two files hold the same; two names of one file do, without a look into it. */
function isSameFile(path: string, other: string, ino: number, size: number): boolean {
  const known = statSync(other, { throwIfNoEntry: false });
  if (known?.size !== size) return false;
  return known.ino === ino || readFileSync(other).equals(readFileSync(path));
}
