/**
 * The lists of the clean-up, put together from what is kept of each image. Of a large catalogue they are hundreds of megabytes, and
 * nearly all of it was said before: who writes them only copies, and need not be who worked out what they say.
 */
import { closeSync, openSync, readSync, rmSync, writeSync, writevSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { PartedFile } from '../api/cleanup-files.ts';
import { createFolderMaker } from '../publish/link-file.ts';
import { type SaidText, textsKnownBy } from './kept-cleanup.ts';
import { DamagedTextError, proveText } from './kept-texts.ts';

/** All lists, small enough to be handed from process to process. */
export interface CleanupLists {
  readonly parted: readonly Omit<PartedFile, 'format'>[];
  /** Where the texts stand. */
  readonly textsFile: string;
  /** In the order of the lists. */
  readonly texts: readonly SaidText[];
}

/** One of them, by its path in the site. */
export interface CleanupList {
  readonly path: string;
  readonly sizeBytes: number;
}

/** How long each is. */
export function measureLists({ parted, texts }: CleanupLists): readonly CleanupList[] {
  return parted.map(({ path, before, between, behind }, at) => {
    const around = Buffer.byteLength(before) + Buffer.byteLength(behind);
    const betweenAll = Buffer.byteLength(between) * Math.max(0, texts.length - 1);
    return { path, sizeBytes: texts.reduce((sum, text) => sum + sizeOf(text, at), around + betweenAll) };
  });
}

/**
 * Writes those of these paths into `folder`, in the place of what is there, and lets others have their turn in between. Rejects with
 * a `DamagedTextError` where a text is not the one that was said, and with the signal's reason when it is stopped.
 */
export async function writeLists(
  { parted, textsFile, texts }: CleanupLists,
  paths: ReadonlySet<string>,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  if (paths.size === 0) return;
  const makeFolder = createFolderMaker();
  const writers: (Pick<PartedFile, 'before' | 'between' | 'behind'> & {
    readonly at: number;
    readonly file: number;
  })[] = [];
  try {
    for (const [at, { path, ...around }] of parted.entries()) {
      if (!paths.has(path)) continue;
      const target = join(folder, path);
      makeFolder(target);
      // Releases may have it under other names.
      rmSync(target, { force: true });
      writers.push({ at, ...around, file: openSync(target, 'wx') });
    }
    for (const { file, before } of writers) writeAll(file, [Buffer.from(before)]);
    let isFirst = true;
    for (const together of readTogether(textsFile, texts)) {
      await setImmediate();
      signal.throwIfAborted();
      const cut = together.map(cutText);
      for (const { at, file, between } of writers) {
        const separator = between === '' ? [] : [Buffer.from(between)];
        writeAll(
          file,
          cut.flatMap((parts, place) => {
            return [...(isFirst && place === 0 ? [] : separator), parts[at] as Buffer];
          }),
        );
      }
      isFirst = false;
    }
    for (const { file, behind } of writers) writeAll(file, [Buffer.from(behind)]);
  } finally {
    for (const { file } of writers) closeSync(file);
  }
}

/** So much is read and written at a time: of many short texts each would take longer to read than to copy. */
const bytesAtOnce = 1024 * 1024;

interface ReadText {
  readonly bytes: Buffer;
  readonly text: SaidText;
}

/** Reads texts that stand one behind the other at once. Each lot is to be used before the next is asked for. */
function* readTogether(textsFile: string, texts: readonly SaidText[]): Generator<readonly ReadText[]> {
  if (texts.length === 0) return;
  const file = openTexts(textsFile);
  try {
    let room = Buffer.allocUnsafeSlow(bytesAtOnce);
    for (let first = 0; first < texts.length; ) {
      const { from } = texts[first] as SaidText;
      let [end, next] = [from, first];
      while (next < texts.length) {
        const { from: begin, sizeBytes } = texts[next] as SaidText;
        if (begin !== end || (next > first && end + sizeBytes - from > bytesAtOnce)) break;
        end += sizeBytes;
        next++;
      }
      if (end - from > room.length) room = Buffer.allocUnsafeSlow(end - from);
      const bytes = readAll(file, room.subarray(0, end - from), from);
      yield texts.slice(first, next).map((text) => {
        return { text, bytes: bytes.subarray(text.from - from, text.from - from + text.sizeBytes) };
      });
      first = next;
    }
  } finally {
    closeSync(file);
  }
}

function openTexts(textsFile: string): number {
  try {
    return openSync(textsFile, 'r');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new DamagedTextError(`${textsFile} is gone`, { cause });
  }
}

function readAll(file: number, bytes: Buffer, from: number): Buffer {
  for (let read = 0; read < bytes.length; ) {
    const more = readSync(file, bytes, read, bytes.length - read, from + read);
    if (more === 0) throw new DamagedTextError('texts end too early');
    read += more;
  }
  return bytes;
}

/** What each list says. */
function cutText({ text, bytes }: ReadText): readonly Buffer[] {
  proveText(bytes, text, textsKnownBy);
  let end = 0;
  return text.sizesBytes.map((sizeBytes) => {
    end += sizeBytes;
    return bytes.subarray(end - sizeBytes, end);
  });
}

function writeAll(file: number, pieces: readonly Buffer[]): void {
  const sizeBytes = pieces.reduce((sum, { length }) => sum + length, 0);
  const written = writevSync(file, pieces);
  if (written === sizeBytes) return;
  // Of a disk that is nearly full it may be less; then what is left meets the error.
  const rest = Buffer.concat(pieces).subarray(written);
  for (let done = 0; done < rest.length; ) done += writeSync(file, rest, done);
}

function sizeOf({ sizesBytes }: SaidText, at: number): number {
  return sizesBytes[at] ?? 0;
}
