/**
 * Layers of any size whose digests cost almost nothing.
 *
 * A layer is a tar archive in gzip members: first as many filler files as its size wants, then one small file of its own.
 * The filler is the same in every layer, so it is hashed once, and the hash's state is kept after each file; a new layer
 * hashes only its own end. The bytes are made when they are read, and are what digest and size say.
 */
import { createHash, type Hash } from 'node:crypto';
import type { Digest } from '../../../src/oci/digest.ts';
import type { StoredBlob } from '../store/blob.ts';
import { encodeGzipMember } from './stored-frames.ts';
import { encodeTarEntry, tarBlockBytes, tarEnd } from './tar-entry.ts';

export interface Layer {
  readonly blob: StoredBlob;
  /** The digest of the archive inside. */
  readonly diffId: Digest;
}

interface LayerRecipe {
  readonly seed: string;
  readonly fillerFiles: number;
  /** What the layer's own file holds beside the seed. */
  readonly ownBytes: number;
}

const noise = createNoise(126 * tarBlockBytes);
const fillerMemberBytes = encodeGzipMember(encodeFillerFile(0)).byteLength;
/** Header, one block and the end of an archive, in their gzip member. */
const smallestLayerBytes = 2100;
const longestOwnBytes = 1024;

/**
 * The layer that `seed` and `sizeBytes` name. It has at least 2 kB and at most `sizeBytes`, of which it may fall short by
 * 64 kB: its own end is kept small, because that is what has to be hashed. The seed is readable in it.
 */
export function createLayer(seed: string, sizeBytes: number): Layer {
  const fillerFiles = Math.floor(sizeBytes / fillerMemberBytes);
  const restBytes = Math.max(0, sizeBytes - fillerFiles * fillerMemberBytes - smallestLayerBytes);
  const recipe = { seed, fillerFiles, ownBytes: restBytes % longestOwnBytes };
  const archiveEnd = encodeArchiveEnd(recipe);
  const lastMember = encodeGzipMember(archiveEnd);
  const filler = hashFiller(fillerFiles);
  return {
    blob: {
      digest: finishDigest(filler.members, lastMember),
      sizeBytes: fillerFiles * fillerMemberBytes + lastMember.byteLength,
      read: (start, end) => readLayer(recipe, start, end),
    },
    diffId: finishDigest(filler.archive, archiveEnd),
  };
}

function* readLayer(recipe: LayerRecipe, start: number, end: number): Generator<Uint8Array> {
  for (let index = Math.min(recipe.fillerFiles, Math.floor(start / fillerMemberBytes)); ; index += 1) {
    const position = index * fillerMemberBytes;
    const isLast = index === recipe.fillerFiles;
    const member = encodeGzipMember(isLast ? encodeArchiveEnd(recipe) : encodeFillerFile(index));
    const part = member.subarray(Math.max(0, start - position), Math.max(0, end - position));
    if (part.byteLength > 0) yield part;
    if (isLast || position + member.byteLength >= end) return;
  }
}

function encodeFillerFile(index: number): Buffer {
  return encodeTarEntry(`usr/share/filler/${index}`, noise);
}

function encodeArchiveEnd({ seed, ownBytes }: LayerRecipe): Buffer {
  const text = Buffer.from(`${seed}\n`);
  return Buffer.concat([encodeTarEntry('etc/layer', Buffer.concat([text, noise.subarray(0, ownBytes)])), tarEnd]);
}

/** The hash after `n` filler files stands at index `n`: once of the gzip members, once of the archive in them. */
const fillerHashes: { readonly members: Hash; readonly archive: Hash }[] = [
  { members: createHash('sha256'), archive: createHash('sha256') },
];

function hashFiller(files: number): { readonly members: Hash; readonly archive: Hash } {
  for (let known = fillerHashes.length - 1; known < files; known += 1) {
    const before = fillerHashes[known] as (typeof fillerHashes)[number];
    const file = encodeFillerFile(known);
    fillerHashes.push({
      members: before.members.copy().update(encodeGzipMember(file)),
      archive: before.archive.copy().update(file),
    });
  }
  return fillerHashes[files] as (typeof fillerHashes)[number];
}

function finishDigest(begun: Hash, end: Uint8Array): Digest {
  return `sha256:${begun.copy().update(end).digest('hex')}` as Digest;
}

/** Bytes that do not compress, always the same (xorshift). */
function createNoise(sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes);
  let state = 0x9e37_79b9;
  for (let at = 0; at < sizeBytes; at += 4) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes.writeInt32LE(state, at);
  }
  return bytes;
}
