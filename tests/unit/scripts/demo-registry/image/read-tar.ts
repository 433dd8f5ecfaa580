/** The files of an uncompressed tar archive, by name: an independent reading of what the layers' own code writes. */
export function readTar(archive: Buffer): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; archive[at] !== 0; ) {
    const header = archive.subarray(at, at + 512);
    const text = (from: number, to: number) => header.subarray(from, to).toString('latin1').replace(/\0.*$/, '').trim();
    const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 0x20 : byte), 0);
    if (Number.parseInt(text(148, 156), 8) !== sum) throw new Error(`wrong checksum in the header at ${at}`);
    if (text(257, 263) !== 'ustar') throw new Error(`no ustar header at ${at}`);
    const sizeBytes = Number.parseInt(text(124, 136), 8);
    files.set(text(0, 100), archive.subarray(at + 512, at + 512 + sizeBytes));
    at += 512 + Math.ceil(sizeBytes / 512) * 512;
  }
  return files;
}
