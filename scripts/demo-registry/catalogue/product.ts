/** An image that is not a base image, as the catalogue plans it, and how images of its name are built. */
import type { RepositoryName, Tag } from '../../../src/oci/reference.ts';
import type { PlatformJson } from '../image/encode-content.ts';
import type { Build } from './build.ts';
import { formatNanoseconds, formatSeconds } from './build-times.ts';
import { amd64, arm64, armV7 } from './platforms.ts';

export interface Product {
  readonly name: RepositoryName;
  readonly tag: Tag;
  readonly builtAtMs: number;
  /** What it stands on; null: nothing. */
  readonly parent: Build | null;
}

/** One static program, no distribution beneath it. */
export function isBuiltFromScratch(name: RepositoryName): boolean {
  return /^coredns|^repos\/data-engineering\/kubernetes\/csi\//.test(name);
}

/** Those make OCI images; the others come from an older builder and are Docker's. */
export function isBuiltByBuildKit(name: RepositoryName): boolean {
  return /^(?:wikimedia|repos|istio|ml|restricted)\//.test(name);
}

export function isAttested(name: RepositoryName): boolean {
  return /^repos\/(?:releng|data-engineering\/kubernetes|abstract-wiki\/wikifunctions)\//.test(name);
}

const multiPlatform = /^(?:cert-manager|istio)\/(?!build)|^repos\/data-engineering\/kubernetes\/|buildkit$/;

export function findPlatforms(name: RepositoryName): readonly PlatformJson[] {
  if (/^coredns/.test(name)) return [amd64, arm64, armV7];
  return multiPlatform.test(name) ? [amd64, arm64] : [amd64];
}

/** What the config says as `created`: some builders write a constant, so that the same input gives the same digest. */
export function toCreated({ name, builtAtMs }: Product): string | undefined {
  if (/^releng\/bazel/.test(name)) return '1970-01-01T00:00:00Z';
  if (name === 'tiller') return '1980-01-01T00:00:01Z';
  if (name === 'repos/releng/buildkit') return '0001-01-01T00:00:00Z';
  if (name === 'dispatch') return undefined;
  return isBuiltByBuildKit(name) ? formatSeconds(builtAtMs) : formatNanoseconds(builtAtMs);
}
