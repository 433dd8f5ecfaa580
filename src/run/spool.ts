/** Many pieces in one file, texts or numbers, one after the other: what stays in memory is where each is. */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

/** Where a piece stands. */
export interface SpoolPlace {
  readonly from: number;
  readonly sizeBytes: number;
}

export interface Spool {
  append(piece: string | Uint8Array): SpoolPlace;
  /** Its bytes. Throws an `Error` where it is not there as a whole. */
  read(place: SpoolPlace): Buffer;
  /** The same, for who is done with it before the next is read: new memory for each of many takes longer than to read them. */
  readBriefly(place: SpoolPlace): Buffer;
  /** Where the last piece ends, in a file that has them all. */
  end(): number;
  /** What was not asked to end is not written. */
  close(): void;
}

/** Makes the file, which may not be there yet. */
export function createSpool(path: string): Spool {
  return spoolInto(openSync(path, 'wx+'), path, 0);
}

/** Goes on with a file whose pieces end at `end`. Throws an `Error` where it is shorter. */
export function continueSpool(path: string, end: number): Spool {
  const file = openSync(path, 'r+');
  if (fstatSync(file).size >= end) return spoolInto(file, path, end);
  closeSync(file);
  throw new Error(`${path} ends too early`);
}

/** So much is written at a time: of many short pieces each would take longer to write than to make. */
const atOnce = 2 ** 18;

function spoolInto(file: number, path: string, from: number): Spool {
  /** Where the last piece ends, and how far the file has them. */
  let [end, written] = [from, from];
  let waiting: Buffer | null = null;
  let room = Buffer.alloc(0);
  const write = (bytes: Uint8Array) => {
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(file, bytes, done, bytes.length - done, written + done);
    }
    written += bytes.length;
  };
  const flush = () => {
    if (waiting !== null) write(waiting.subarray(0, end - written));
  };
  const readWritten = (place: SpoolPlace, bytes: Buffer) => {
    if (place.from + place.sizeBytes > written) flush();
    return readPlace(file, path, place, bytes);
  };
  return {
    append(piece) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
      const place = { from: end, sizeBytes: bytes.length };
      if (end - written + bytes.length > atOnce) flush();
      if (bytes.length > atOnce) write(bytes);
      else {
        waiting ??= Buffer.allocUnsafeSlow(atOnce);
        waiting.set(bytes, end - written);
      }
      end += bytes.length;
      return place;
    },
    read: (place) => readWritten(place, Buffer.allocUnsafe(place.sizeBytes)),
    readBriefly(place) {
      if (room.length < place.sizeBytes) room = Buffer.allocUnsafeSlow(2 * place.sizeBytes);
      return readWritten(place, room.subarray(0, place.sizeBytes));
    },
    end() {
      flush();
      return end;
    },
    close: () => closeSync(file),
  };
}

/** Reads one piece of a spool that is written. Throws an `Error` where it is not there as a whole. */
export function readSpooled(path: string, place: SpoolPlace): Buffer {
  const file = openSync(path, 'r');
  try {
    return readPlace(file, path, place, Buffer.allocUnsafe(place.sizeBytes));
  } finally {
    closeSync(file);
  }
}

function readPlace(file: number, path: string, { from, sizeBytes }: SpoolPlace, bytes: Buffer): Buffer {
  for (let read = 0; read < sizeBytes; ) {
    const more = readSync(file, bytes, read, sizeBytes - read, from + read);
    if (more === 0) throw new Error(`${path} ends too early`);
    read += more;
  }
  return bytes;
}
