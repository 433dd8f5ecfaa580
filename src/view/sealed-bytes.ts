/** Files of which the last line is the digest of all before it, so that what a power cut left of one is seen to be broken. */
import { createHash, hash } from 'node:crypto';

/** Less than this is worth being copied behind others. */
const pieceBytes = 1024 * 1024;

/** The digest and a line feed. */
const sealLength = 65;

/**
 * The bytes of such a file, in pieces. Those of `content` that lie behind each other in memory, as they do where they were read from
 * one file, are not copied: of what is kept from hour to hour nearly all are.
 */
export function* sealBytes(content: Iterable<Uint8Array>): Generator<Buffer, undefined> {
  const digest = createHash('sha256');
  for (const piece of gather(content)) {
    digest.update(piece);
    yield piece;
  }
  yield Buffer.from(`${digest.digest('hex')}\n`);
}

/** Where the last line begins; null where the bytes are not those that were written. */
export function findSeal(bytes: Buffer): number | null {
  const end = bytes.length - sealLength;
  const isWhole = end > 0 && `${hash('sha256', bytes.subarray(0, end))}\n` === bytes.toString('latin1', end);
  return isWhole ? end : null;
}

function* gather(content: Iterable<Uint8Array>): Generator<Buffer, undefined> {
  let pieces: Buffer[] = [];
  let length = 0;
  for (const bytes of content) {
    const last = pieces.at(-1);
    if (last !== undefined && liesBehind(bytes, last)) {
      pieces[pieces.length - 1] = Buffer.from(last.buffer, last.byteOffset, last.length + bytes.length);
    } else pieces.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    length += bytes.length;
    if (length < pieceBytes) continue;
    yield joinPieces(pieces);
    pieces = [];
    length = 0;
  }
  if (length > 0) yield joinPieces(pieces);
}

function liesBehind(bytes: Uint8Array, before: Uint8Array): boolean {
  return bytes.buffer === before.buffer && bytes.byteOffset === before.byteOffset + before.length;
}

function joinPieces(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces;
  return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces);
}
