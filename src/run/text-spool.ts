/** Many texts in one file, one after the other: what stays in memory is where each is. */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

/** Where a text stands. */
export interface TextPlace {
  readonly from: number;
  readonly sizeBytes: number;
}

export interface TextSpool {
  append(text: string | Uint8Array): TextPlace;
  /** The text's bytes. Throws an `Error` where it is not there as a whole. */
  read(place: TextPlace): Buffer;
  /** The same, for who is done with it before the next is read: new memory for each of many takes longer than to read them. */
  readBriefly(place: TextPlace): Buffer;
  /** Where the last text ends, in a file that has them all. */
  end(): number;
  /** What was not asked to end is not written. */
  close(): void;
}

/** Makes the file, which may not be there yet. */
export function createTextSpool(path: string): TextSpool {
  return spoolInto(openSync(path, 'wx+'), path, 0);
}

/** Goes on with a file whose texts end at `end`. Throws an `Error` where it is shorter. */
export function continueTextSpool(path: string, end: number): TextSpool {
  const file = openSync(path, 'r+');
  if (fstatSync(file).size >= end) return spoolInto(file, path, end);
  closeSync(file);
  throw new Error(`${path} ends too early`);
}

/** So much is written at a time: of many short texts each would take longer to write than to make. */
const atOnce = 2 ** 18;

function spoolInto(file: number, path: string, from: number): TextSpool {
  /** Where the last text ends, and how far the file has them. */
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
  const readWritten = (place: TextPlace, bytes: Buffer) => {
    if (place.from + place.sizeBytes > written) flush();
    return readPlace(file, path, place, bytes);
  };
  return {
    append(text) {
      const bytes = typeof text === 'string' ? Buffer.from(text) : text;
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

/** Reads one text of a spool that is written. Throws an `Error` where it is not there as a whole. */
export function readSpooledText(path: string, place: TextPlace): Buffer {
  const file = openSync(path, 'r');
  try {
    return readPlace(file, path, place, Buffer.allocUnsafe(place.sizeBytes));
  } finally {
    closeSync(file);
  }
}

function readPlace(file: number, path: string, { from, sizeBytes }: TextPlace, bytes: Buffer): Buffer {
  for (let read = 0; read < sizeBytes; ) {
    const more = readSync(file, bytes, read, sizeBytes - read, from + read);
    if (more === 0) throw new Error(`${path} ends too early`);
    read += more;
  }
  return bytes;
}
