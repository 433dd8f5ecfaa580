const otherNames: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  x64: 'amd64',
  aarch64: 'arm64',
  armv7: 'arm/v7',
};

/**
 * Whether a platform is what `arch:` asks for: `arm64` is an architecture, `windows` an operating system, `arm/v7` and
 * `linux/arm64` are both at once.
 */
export function isPlatform(platform: string, wanted: string): boolean {
  const sought = Object.hasOwn(otherNames, wanted) ? otherNames[wanted] : wanted;
  return `/${platform.toLowerCase().replace(' ', '/')}/`.includes(`/${sought}/`);
}
