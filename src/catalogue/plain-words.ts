/**
 * Words that say what kind of thing something is. They stand everywhere whatever repositories are called, so finding one tells
 * nobody that a repository of that name exists.
 */
import type { Platform } from '../oci/platform.ts';

/** The values of GOOS, which the specification prescribes, and what BuildKit calls what it does not know. */
const systems = new Set(
  'aix android darwin dragonfly freebsd illumos ios js linux netbsd openbsd plan9 solaris unknown wasip1 windows'.split(
    ' ',
  ),
);

/** Those of GOARCH. */
const architectures = new Set(
  '386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x unknown wasm'.split(' '),
);

const variant = /^(?:v?\d[\d.]*)$/;
const mediaType = /^(?:application|audio|font|image|message|model|multipart|text|video)\/[a-z0-9][a-z0-9!#$&^_.+-]*$/i;

/** Formats that everybody knows, whatever else has their name. */
const formats = new Set(
  'cbor css csv cyclonedx gif gzip html in-toto jar java-archive javascript jpeg jose json jws markdown octet-stream pdf pem pgp-signature plain png prettyjws protobuf rtf spdx sql svg tar toml wasm webp x-gzip x-sh x-tar x-yaml xml yaml zip zstd'.split(
    ' ',
  ),
);

export interface MediaTypeParts {
  /** With its slash: `application/`. */
  readonly tree: string;
  readonly subtype: string;
  /** The format that it is written in, such as `+json`, where that is one that everybody knows; else empty. */
  readonly suffix: string;
}

/** The parts of a media type of one of the registered trees; null for any other text. */
export function splitMediaType(text: string): MediaTypeParts | null {
  if (!mediaType.test(text)) return null;
  const slash = text.indexOf('/') + 1;
  const plus = text.lastIndexOf('+');
  const end = plus > slash && formats.has(text.slice(plus + 1).toLowerCase()) ? plus : text.length;
  return { tree: text.slice(0, slash), subtype: text.slice(slash, end), suffix: text.slice(end) };
}

/** Whether a subtype is a format that everybody knows. */
export function isPlainSubtype(subtype: string): boolean {
  return formats.has(subtype.toLowerCase());
}

/** A part of a platform, if it is one that the specification prescribes; the version of a system is digits. */
export function isPlainPlatformPart(part: keyof Platform, text: string): boolean {
  if (part === 'os') return systems.has(text);
  return part === 'architecture' ? architectures.has(text) : variant.test(text);
}

/** Whether a name reads like a platform or a media type, such as `linux/amd64`. */
export function isPlainName(name: string): boolean {
  const [os = '', architecture = '', ...rest] = name.split('/');
  const isPlatform = systems.has(os) && architectures.has(architecture) && rest.every((part) => variant.test(part));
  return isPlatform || mediaType.test(name);
}
