/** Files of lines of which the last is the digest of all before it, so that what a power cut left of one is seen to be broken. */
import { createHash, hash } from 'node:crypto';

/** Less than this is worth being copied behind others. */
const pieceBytes = 1024 * 1024;

/**
 * The bytes of such a file, in pieces. Lines, which have their line feeds, and lie behind each other in memory, as they do where they
 * were read from one file, are not copied: of what is kept from hour to hour nearly all are.
 */
export function* sealLines(lines: Iterable<Buffer>): Generator<Buffer, undefined> {
  const digest = createHash('sha256');
  for (const piece of gatherLines(lines)) {
    digest.update(piece);
    yield piece;
  }
  yield Buffer.from(`${digest.digest('hex')}\n`);
}

/** Where the last line begins; null where the bytes are not those that were written. */
export function findSeal(bytes: Buffer): number | null {
  const end = bytes.lastIndexOf('\n', -2) + 1;
  const isWhole = end > 0 && hash('sha256', bytes.subarray(0, end)) === bytes.toString('latin1', end, bytes.length - 1);
  return isWhole ? end : null;
}

function* gatherLines(lines: Iterable<Buffer>): Generator<Buffer, undefined> {
  let pieces: Buffer[] = [];
  let length = 0;
  for (const line of lines) {
    const last = pieces.at(-1);
    if (last !== undefined && liesBehind(line, last)) {
      pieces[pieces.length - 1] = Buffer.from(last.buffer, last.byteOffset, last.length + line.length);
    } else pieces.push(line);
    length += line.length;
    if (length < pieceBytes) continue;
    yield joinPieces(pieces);
    pieces = [];
    length = 0;
  }
  if (length > 0) yield joinPieces(pieces);
}

function liesBehind(line: Buffer, before: Buffer): boolean {
  return line.buffer === before.buffer && line.byteOffset === before.byteOffset + before.length;
}

function joinPieces(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces;
  return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces);
}
