/**
 * Compressed formats around bytes that are not compressed: valid for every reader, and the same on every host, which the
 * output of a compressor is not.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1952 (gzip) and https://www.rfc-editor.org/rfc/rfc8878 (Zstandard)
 */
import { crc32 } from 'node:zlib';

/** The most bytes that one stored block of gzip holds. */
const gzipBlockBytes = 65_535;
/** Deflate, no name, no time, no operating system. */
const gzipHeader = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
const zstdBlockBytes = 65_536;

/** One gzip member. Members may follow one another; a reader joins their contents. */
export function encodeGzipMember(content: Uint8Array): Buffer {
  const blocks = Math.max(1, Math.ceil(content.byteLength / gzipBlockBytes));
  const member = Buffer.allocUnsafe(gzipHeader.byteLength + 5 * blocks + content.byteLength + 8);
  member.set(gzipHeader);
  let at = gzipHeader.byteLength;
  for (let block = 0; block < blocks; block += 1) {
    const part = content.subarray(block * gzipBlockBytes, (block + 1) * gzipBlockBytes);
    member.writeUInt8(block === blocks - 1 ? 1 : 0, at);
    member.writeUInt16LE(part.byteLength, at + 1);
    member.writeUInt16LE(part.byteLength ^ 0xffff, at + 3);
    member.set(part, at + 5);
    at += 5 + part.byteLength;
  }
  member.writeUInt32LE(crc32(content), at);
  member.writeUInt32LE(content.byteLength, at + 4);
  return member;
}

/** One Zstandard frame, without a checksum. */
export function encodeZstdFrame(content: Uint8Array): Buffer {
  const head = Buffer.alloc(9);
  head.writeUInt32LE(0xfd2fb528, 0);
  // A single segment, its size in four bytes.
  head.writeUInt8(0b1010_0000, 4);
  head.writeUInt32LE(content.byteLength, 5);
  const parts: Uint8Array[] = [head];
  const blocks = Math.max(1, Math.ceil(content.byteLength / zstdBlockBytes));
  for (let block = 0; block < blocks; block += 1) {
    const part = content.subarray(block * zstdBlockBytes, (block + 1) * zstdBlockBytes);
    const header = Buffer.alloc(3);
    header.writeUIntLE((part.byteLength << 3) | (block === blocks - 1 ? 1 : 0), 0, 3);
    parts.push(header, part);
  }
  return Buffer.concat(parts);
}
