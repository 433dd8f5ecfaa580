/** A blob that the store holds: bytes in memory, or a recipe that makes the same bytes whenever they are asked for. */
import { computeDigest, type Digest } from '../../../src/oci/digest.ts';

export interface StoredBlob {
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** The bytes from `start` up to, but not including, `end`. */
  read(start: number, end: number): Iterable<Uint8Array>;
}

export function createBlob(bytes: Uint8Array): StoredBlob {
  return {
    digest: computeDigest(bytes),
    sizeBytes: bytes.byteLength,
    read: (start, end) => [bytes.subarray(start, end)],
  };
}

/** The whole blob in memory: for small ones, and for tests. */
export function readBlob(blob: StoredBlob): Buffer {
  return Buffer.concat([...blob.read(0, blob.sizeBytes)]);
}
