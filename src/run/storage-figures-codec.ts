/** The figures of one repository's storage ↔ bytes: a line of what it holds, and the numbers of its digests side by side. */
import type { StorageFigures } from '../api/storage-json.ts';

const lineFeed = 0x0a;
const rowBytes = 2 * Float64Array.BYTES_PER_ELEMENT + 1;

/** In the byte order of this machine, whose processes read them. */
export function encodeStorageFigures({ whole, rows }: StorageFigures): Buffer {
  const { storedBytes, uniqueBytes, areWhole } = rows;
  const columns = [storedBytes, uniqueBytes, areWhole].map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  );
  return Buffer.concat([Buffer.from(`${JSON.stringify(whole)}\n`), ...columns]);
}

export function decodeStorageFigures(bytes: Buffer): StorageFigures {
  const lineEnd = bytes.indexOf(lineFeed) + 1;
  // Copied: numbers of eight bytes stand nowhere else than where eight divides.
  const numbers = new Uint8Array(bytes.subarray(lineEnd)).buffer;
  const count = numbers.byteLength / rowBytes;
  const rows = {
    storedBytes: new Float64Array(numbers, 0, count),
    uniqueBytes: new Float64Array(numbers, count * Float64Array.BYTES_PER_ELEMENT, count),
    areWhole: new Uint8Array(numbers, 2 * count * Float64Array.BYTES_PER_ELEMENT, count),
  };
  return { whole: JSON.parse(bytes.toString('utf8', 0, lineEnd)), rows };
}
