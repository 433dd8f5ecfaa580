/** Compressed twins of given files: what they are called, how each is made, and which of them the release before has already. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type BrotliOptions,
  brotliCompress,
  brotliCompressSync,
  constants,
  gzip,
  gzipSync,
  type ZlibOptions,
} from 'node:zlib';
import { isTextFile } from './is-text-file.ts';
import { linkFile } from './link-file.ts';

/** The compressed twin of a file, called as the file with this ending. */
export interface Twin {
  readonly file: string;
  readonly ending: '.gz' | '.br';
}

/** Made once and kept for as long as their content is: Brotli at its highest is worth its 8 ms each. */
const hashed = /^-\/assets\//;
/** The other files that every reader fetches. The highest but one gives a twentieth more bytes for an eighth of the time. */
const shared = /^(?:index\.html|404\.html|-\/search\/index\.json)$/;
/** What programs fetch, and what is long: a tenth more bytes than that, for a sixth of the time. */
const whole = /^-\/api\/v1\/catalogue\.json$/;
/** Below this a compressed file saves less than its headers cost. */
const smallestBytes = 512;

/**
 * Who carries out a clean-up fetches a list of it once. The long ones are made anew with every image that changes: to compress them
 * would take longer than all else that such an hour writes.
 */
const fetchedOnce = /^-\/(?:cleanup\/|api\/v1\/cleanup\.json$)/;

/** Where gzip says what kind of system made it, and the value for none: the same bytes everywhere (RFC 1952, section 2.3.1). */
const gzipSystemByte = 9;
const unknownSystem = 255;
/** For so long a list, which few fetch, the highest level gives a thirtieth fewer bytes for nearly twice the time, hour after hour. */
const longBytes = 1024 * 1024;

/** The twins that a file has where it is long enough. */
export function listTwins(file: string): readonly Twin[] {
  const gz: Twin = { file, ending: '.gz' };
  return toBrotliQuality(file) === null ? [gz] : [gz, { file, ending: '.br' }];
}

/** What is in a twin of a file that holds `bytes`. */
export function encodeTwin({ file, ending }: Twin, bytes: Buffer): Buffer {
  if (ending === '.br') return brotliCompressSync(bytes, toBrotliOptions(file, bytes));
  return hideSystem(gzipSync(bytes, toGzipOptions(bytes)));
}

/** The same, worked out by a thread: whoever asks for several at once has them from several processors. */
export async function encodeTwinAside({ file, ending }: Twin, bytes: Buffer): Promise<Buffer> {
  if (ending === '.br') return promisify(brotliCompress)(bytes, toBrotliOptions(file, bytes));
  return hideSystem(await promisify(gzip)(bytes, toGzipOptions(bytes)));
}

/** Makes the twins of a new file that holds `bytes`, where all of them are made quickly. */
export function writeQuickTwins(folder: string, file: string, bytes: Buffer): void {
  if (!isTextFile(file) || !isWorthTwins(file, bytes.length) || toBrotliQuality(file) !== null) return;
  for (const twin of listTwins(file)) writeTwin(folder, twin, encodeTwin(twin, bytes));
}

/** Makes twins. It waits for nothing: whoever has other work to do lets processes do this. */
export function writeTwins(folder: string, twins: Iterable<Twin>): void {
  for (const twin of twins) writeTwin(folder, twin, encodeTwin(twin, readFileSync(join(folder, twin.file))));
}

/** Makes one with what was worked out for it. */
export function writeTwin(folder: string, { file, ending }: Twin, encoded: Buffer): void {
  writeFileSync(join(folder, file + ending), encoded);
}

/** What becomes of twins that need not be made. */
export interface KnownTwins {
  /** Puts one in its place that `path` is; false where there is none. */
  readonly link: (path: string, twin: Twin) => boolean;
  /** There is one already. */
  readonly onFound: () => void;
}

/** Has the twins of `files` that are byte for byte in `before` linked to these, and yields those that are neither there nor made already. */
export function* listMissingTwins(
  folder: string,
  before: string | null,
  files: Iterable<string>,
  { link, onFound }: KnownTwins,
): Generator<Twin, undefined> {
  for (const file of files) {
    const path = join(folder, file);
    const { ino, size } = statSync(path);
    if (!isWorthTwins(file, size)) continue;
    const same = before !== null && isSameFile(path, join(before, file), ino, size) ? before : null;
    for (const twin of listTwins(file)) {
      const name = file + twin.ending;
      if (same !== null && link(join(same, name), twin)) continue;
      if (isFileAt(join(folder, name))) onFound();
      else yield twin;
    }
  }
}

/** Links a twin of a file in `folder` to one that is elsewhere. False where there is none. */
export function linkTwin(folder: string, path: string, { file, ending }: Twin): boolean {
  return linkFile(path, join(folder, file + ending));
}

export function isFileAt(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Whether a text file that is so long gets twins. */
export function isWorthTwins(file: string, sizeBytes: number): boolean {
  return sizeBytes >= smallestBytes && !(sizeBytes > longBytes && fetchedOnce.test(file));
}

function toBrotliQuality(file: string): number | null {
  const qualities = [
    [hashed, 11],
    [shared, 10],
    [whole, 9],
  ] as const;
  return qualities.find(([files]) => files.test(file))?.[1] ?? null;
}

function toBrotliOptions(file: string, bytes: Buffer): BrotliOptions {
  return {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: toBrotliQuality(file) ?? constants.BROTLI_DEFAULT_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  };
}

function toGzipOptions({ length }: Buffer): ZlibOptions {
  // Room for all of it at once: left to itself zlib asks for its usual piece of memory, most of which stays empty.
  const chunkSize = Math.min(Math.max(1024, length >> 1), constants.Z_DEFAULT_CHUNK);
  return { level: length < longBytes ? 9 : 6, chunkSize };
}

function hideSystem(compressed: Buffer): Buffer {
  compressed[gzipSystemByte] = unknownSystem;
  return compressed;
}

/** Whether two files hold the same; two names of one file do, without a look into it. */
function isSameFile(path: string, other: string, ino: number, size: number): boolean {
  const known = statSync(other, { throwIfNoEntry: false });
  if (known?.size !== size) return false;
  return known.ino === ino || readFileSync(other).equals(readFileSync(path));
}
