/** Just enough of the tar format (POSIX ustar) for layers that tools can unpack. */

export const tarBlockBytes = 512;

/** Ends an archive. */
export const tarEnd: Uint8Array = new Uint8Array(2 * tarBlockBytes);

/** One regular file: its header, its content, and the padding to a whole block. `path` has at most 100 characters. */
export function encodeTarEntry(path: string, content: Uint8Array): Buffer {
  const entry = Buffer.alloc(tarBlockBytes + Math.ceil(content.byteLength / tarBlockBytes) * tarBlockBytes);
  entry.write(path, 0, 100, 'latin1');
  entry.write('0000644\0', 100, 'latin1');
  entry.write('0000000\0', 108, 'latin1');
  entry.write('0000000\0', 116, 'latin1');
  entry.write(`${content.byteLength.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  entry.write('00000000000\0', 136, 'latin1');
  // The checksum is taken with its own field as spaces.
  entry.write('        0', 148, 'latin1');
  entry.write('ustar\x0000', 257, 'latin1');
  const checksum = entry.subarray(0, tarBlockBytes).reduce((sum, byte) => sum + byte, 0);
  entry.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  entry.set(content, tarBlockBytes);
  return entry;
}
