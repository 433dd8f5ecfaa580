/**
 * The image configuration: what the build recorded about the image.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md
 */
import type { Digest } from './digest.ts';
import type { Platform } from './platform.ts';

/** One step of the build. `createdAt` is as recorded; `emptyLayer` steps changed no file. */
export interface HistoryEntry {
  readonly createdAt: string | null;
  readonly createdBy: string | null;
  readonly comment: string | null;
  readonly emptyLayer: boolean;
}

export interface ImageConfig {
  /** Exactly as recorded; whether it is plausible is for the catalogue to say. */
  readonly createdAt: string | null;
  readonly platform: Platform | null;
  readonly author: string | null;
  readonly user: string | null;
  readonly workingDir: string | null;
  readonly entrypoint: readonly string[] | null;
  readonly command: readonly string[] | null;
  /** `NAME=value`, in the order of the image. */
  readonly environment: readonly string[];
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly stopSignal: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly history: readonly HistoryEntry[];
  /** Digests of the uncompressed layers, base first. */
  readonly diffIds: readonly Digest[];
}
