/**
 * The platform that an image runs on.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions
 */

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string | null;
  readonly osVersion: string | null;
}

/** BuildKit files attestations in an index under this platform; it is nothing that one can run. */
export function isUnknownPlatform(platform: Platform): boolean {
  return platform.os === 'unknown' && platform.architecture === 'unknown';
}

/** `linux/amd64`, `linux/arm/v7`; a Windows version follows in brackets, for it decides which host can run it. */
export function formatPlatform(platform: Platform): string {
  const variant = platform.variant ? `/${platform.variant}` : '';
  const version = platform.osVersion ? ` (${platform.osVersion})` : '';
  return `${platform.os}/${platform.architecture}${variant}${version}`;
}

/** Puts the commonest platforms first, the rest in string order; equal only for platforms that read alike. */
export function comparePlatforms(a: Platform, b: Platform): number {
  const left = formatPlatform(a);
  const right = formatPlatform(b);
  const byRank = rank(left) - rank(right);
  if (byRank !== 0) return byRank;
  return left < right ? -1 : left > right ? 1 : 0;
}

const commonest = ['linux/amd64', 'linux/arm64', 'linux/arm64/v8'];

function rank(platform: string): number {
  const at = commonest.indexOf(platform);
  return at === -1 ? commonest.length : at;
}
