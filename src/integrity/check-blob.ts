/**
 * Checks one blob. A failure to read is never taken for a fault of the blob, and what seems to be one is looked at twice: a
 * transfer that was cut is most often the cause.
 */
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { ReadBlob } from '../registry/blob-reader.ts';
import type { RegistryClient } from '../registry/registry-client.ts';
import { isRefusal, RegistryError } from '../registry/registry-error.ts';
import type { BlobOutcome } from './blob-check.ts';
import type { BlobHolder, InventoryBlob } from './blob-inventory.ts';
import { UnsteadyError } from './unsteady-error.ts';

/** `bytes`: all of it is read and hashed. `sizes`: its length is asked for. */
export type CheckMode = 'bytes' | 'sizes';

export type CheckResult =
  | {
      readonly outcome: BlobOutcome;
      readonly sizeBytes: number | null;
      /** Repositories that name it and do not have it, though another one does. */
      readonly missingFrom: readonly RepositoryName[];
    }
  /** Nobody knows: `error` says why. */
  | { readonly outcome: 'unread'; readonly error: RegistryError | UnsteadyError }
  /** What named it is gone since the snapshot was made, so nothing is wrong. */
  | { readonly outcome: 'gone' };

type BlobClient = Pick<RegistryClient, 'blobs' | 'headManifest'>;
interface Found {
  readonly outcome: BlobOutcome;
  readonly sizeBytes: number | null;
}

/** Whatever comes in the place of a blob is read so far at least: a web page shows what it is. */
const leastReadBytes = 1024 * 1024;

/** Checks a blob through the repositories that name it. Rejects for defects only. */
export async function checkBlob(
  blob: InventoryBlob,
  mode: CheckMode,
  client: BlobClient,
  signal: AbortSignal,
): Promise<CheckResult> {
  const missing: BlobHolder[] = [];
  let refusal: RegistryError | null = null;
  try {
    for (const [at, holder] of blob.holders.entries()) {
      try {
        const found = await (mode === 'bytes' ? checkBytes : checkSize)(blob, holder, client, signal);
        const others = [...missing, ...blob.holders.slice(at + 1)];
        return { ...found, missingFrom: await listLacking(blob, others, client, signal) };
      } catch (error) {
        if (!(error instanceof RegistryError)) throw error;
        if (isRefusal(error)) refusal = error;
        else if (error.code !== 'NOT_FOUND') throw error;
        else if ((await client.headManifest(holder.name, holder.manifest, signal)) === 'present') missing.push(holder);
      }
    }
    const [first] = missing;
    if (first !== undefined) return await confirmMissing(blob, first, client, signal);
  } catch (error) {
    return toUnread(error);
  }
  return refusal === null ? { outcome: 'gone' } : { outcome: 'unread', error: refusal };
}

/** Of repositories that name a blob which another one has, those that do not have it. What cannot be asked is not said. */
async function listLacking(
  { digest, sizesBytes }: InventoryBlob,
  holders: readonly BlobHolder[],
  { blobs, headManifest }: BlobClient,
  signal: AbortSignal,
): Promise<readonly RepositoryName[]> {
  const isMissing = async (name: RepositoryName) => {
    try {
      await blobs.headSize(name, digest, sizesBytes, signal);
      return false;
    } catch (error) {
      if (error instanceof RegistryError) return error.code === 'NOT_FOUND';
      throw error;
    }
  };
  const lacking: RepositoryName[] = [];
  for (const { name, manifest } of holders) {
    if (signal.aborted || !(await isMissing(name))) continue;
    const named = await headManifest(name, manifest, signal).catch((error: unknown) => {
      if (error instanceof RegistryError) return null;
      throw error;
    });
    if (named === 'present' && (await isMissing(name))) lacking.push(name);
  }
  return lacking;
}

async function checkBytes(
  { digest, sizesBytes }: InventoryBlob,
  { name }: BlobHolder,
  { blobs }: BlobClient,
  signal: AbortSignal,
): Promise<Found> {
  const maxBytes = Math.max(leastReadBytes, sizesBytes.at(-1) ?? 0);
  const read = async (): Promise<ReadBlob | null> => {
    try {
      return await blobs.read(name, digest, maxBytes, signal);
    } catch (error) {
      if (error instanceof RegistryError && error.code === 'BODY_TOO_LARGE') return null;
      throw error;
    }
  };
  const first = await read();
  if (first?.digest === digest) return judgeSize(first.sizeBytes, sizesBytes);
  const second = await read();
  if (second?.digest === digest) return judgeSize(second.sizeBytes, sizesBytes);
  if (first?.digest !== second?.digest) throw unsteady(name, digest, 'two readings differ, and neither is right');
  if (second !== null && sizesBytes.includes(second.sizeBytes))
    return { outcome: 'corrupt', sizeBytes: second.sizeBytes };
  // Of another length: cut on the way each time, or kept so?
  const announced = await blobs.headSize(name, digest, sizesBytes, signal);
  const isKeptSo = second === null ? announced !== null && announced > maxBytes : announced === second.sizeBytes;
  if (!isKeptSo)
    throw unsteady(name, digest, `the registry announces ${announced ?? 'no'} bytes and sends another number`);
  return { outcome: 'corrupt', sizeBytes: announced };
}

async function checkSize(
  { digest, sizesBytes }: InventoryBlob,
  { name }: BlobHolder,
  { blobs }: BlobClient,
  signal: AbortSignal,
): Promise<Found> {
  const first = await blobs.headSize(name, digest, sizesBytes, signal);
  if (first !== null && sizesBytes.includes(first)) return judgeSize(first, sizesBytes);
  const second = await blobs.headSize(name, digest, sizesBytes, signal);
  if (second === null || first !== second) throw unsteady(name, digest, 'the registry announces no steady length');
  return { outcome: 'corrupt', sizeBytes: second };
}

/** The content is right: what remains is whether every manifest says its length. */
function judgeSize(sizeBytes: number, sizesBytes: readonly number[]): Found {
  return { outcome: sizesBytes.every((said) => said === sizeBytes) ? 'sound' : 'misstated', sizeBytes };
}

async function confirmMissing(
  { digest, sizesBytes }: InventoryBlob,
  { name }: BlobHolder,
  { blobs }: BlobClient,
  signal: AbortSignal,
): Promise<CheckResult> {
  try {
    await blobs.headSize(name, digest, sizesBytes, signal);
  } catch (error) {
    if (error instanceof RegistryError && error.code === 'NOT_FOUND') {
      return { outcome: 'missing', sizeBytes: null, missingFrom: [] };
    }
    throw error;
  }
  throw unsteady(name, digest, 'it is missing at one moment and there at the next');
}

function toUnread(error: unknown): CheckResult {
  if (error instanceof RegistryError || error instanceof UnsteadyError) return { outcome: 'unread', error };
  throw error;
}

function unsteady(name: RepositoryName, digest: Digest, problem: string): UnsteadyError {
  return new UnsteadyError(`${name}@${digest}: ${problem}`);
}
