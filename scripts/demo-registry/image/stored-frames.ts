/**
 * Compressed formats around bytes that are not compressed: valid for every reader, and the same on every host, which the
 * output of a compressor is not.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1952 (gzip) and https://www.rfc-editor.org/rfc/rfc8878 (Zstandard)
 */
import { crc32 } from 'node:zlib';

/** The most bytes that one stored block of gzip holds. */
const gzipBlockBytes = 65_535;
const zstdBlockBytes = 65_536;

/** One gzip member. Members may follow one another; a reader joins their contents. */
export function encodeGzipMember(content: Uint8Array): Buffer {
  const parts: Uint8Array[] = [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])];
  for (let start = 0; start < content.byteLength; start += gzipBlockBytes) {
    const block = content.subarray(start, start + gzipBlockBytes);
    const isLast = start + block.byteLength === content.byteLength;
    const header = Buffer.alloc(5);
    header.writeUInt8(isLast ? 1 : 0, 0);
    header.writeUInt16LE(block.byteLength, 1);
    header.writeUInt16LE(block.byteLength ^ 0xffff, 3);
    parts.push(header, block);
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(content), 0);
  trailer.writeUInt32LE(content.byteLength, 4);
  return Buffer.concat([...parts, trailer]);
}

/** One Zstandard frame, without a checksum. */
export function encodeZstdFrame(content: Uint8Array): Buffer {
  const head = Buffer.alloc(9);
  head.writeUInt32LE(0xfd2fb528, 0);
  // A single segment, its size in four bytes.
  head.writeUInt8(0b1010_0000, 4);
  head.writeUInt32LE(content.byteLength, 5);
  const parts: Uint8Array[] = [head];
  for (let start = 0; start < content.byteLength; start += zstdBlockBytes) {
    const block = content.subarray(start, start + zstdBlockBytes);
    const isLast = start + block.byteLength === content.byteLength;
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.byteLength << 3) | (isLast ? 1 : 0), 0, 3);
    parts.push(header, block);
  }
  return Buffer.concat(parts);
}
