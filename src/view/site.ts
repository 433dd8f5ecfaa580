/** What every page needs to know besides its own facts: the operator's words, and how addresses become links. */

import type { BlobFault } from '../catalogue/blob-faults.ts';
import type { Repository } from '../catalogue/model.ts';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { Overlay } from '../settings/overlay.schema.ts';
import type { Settings } from '../settings/settings.ts';
import { type Address, type IsRepository, imageAddress, manifestAddress, pathAddress } from './addresses.ts';
import { createNotesOf, type NotesOf } from './repository-notes.ts';

/** A picture beside the title, in the size that it has room for. */
export interface Logo {
  readonly address: Address;
  readonly width: number;
  readonly height: number;
}

/** What an operator may leave unsaid. */
type Unsaid<Type> = { readonly [Key in keyof Type]?: Type[Key] | undefined };
type Look = Unsaid<
  Pick<Settings, 'siteUrl' | 'intro' | 'accentColour' | 'footerLinks' | 'linkTemplates' | 'tools'> & {
    readonly logo: Logo;
    readonly overlay: Overlay;
  }
>;

/** The settings that show on pages. */
export interface SiteSettings
  extends Pick<Settings, 'title' | 'publicHost' | 'alternateHosts' | 'base' | 'movingTags'>,
    Look {}

/** What the settings name by its path, as it was read. */
export interface SiteExtras {
  readonly logo?: Logo;
  readonly overlay?: Overlay;
}

export interface Site {
  readonly settings: SiteSettings;
  readonly isRepository: IsRepository;
  /** Whether repositories lie beneath a path, which may be a repository itself. */
  readonly hasBeneath: (path: string) => boolean;
  /** What the operator says of a repository. */
  readonly notesOf: NotesOf;
  /** What an audit found wrong with blobs. */
  readonly faults: readonly BlobFault[];
}

/** Keeps what shows of the settings: what a plan carries, and what a change of the site's bytes can come from. */
export function toSiteSettings(settings: Settings, extras: SiteExtras = {}): SiteSettings {
  const { title, publicHost, alternateHosts, base, movingTags } = settings;
  const { siteUrl, intro, accentColour, footerLinks, linkTemplates, tools } = settings;
  return {
    ...{ title, publicHost, alternateHosts, base, movingTags, footerLinks, linkTemplates, tools },
    ...(siteUrl === undefined ? {} : { siteUrl }),
    ...(intro === undefined ? {} : { intro }),
    ...(accentColour === undefined ? {} : { accentColour }),
    ...extras,
  };
}

/** The settings that a repository's summary and extent depend on: the others may change without a look at its facts. */
export function toCatalogueSettings({
  title,
  publicHost,
  alternateHosts,
  base,
  movingTags,
}: SiteSettings): SiteSettings {
  return { title, publicHost, alternateHosts, base, movingTags };
}

/** Describes the site of a snapshot's repositories: all of them have pages, save those that were never read. */
export function createSite(
  settings: SiteSettings,
  entries: Iterable<{ readonly name: RepositoryName; readonly state: Repository['state'] }>,
  faults: readonly BlobFault[] = [],
): Site {
  const repositories = new Set<string>();
  const paths = new Set<string>();
  for (const { name, state } of entries) {
    if (state === 'unread') continue;
    repositories.add(name);
    for (const path of listPathsAbove(name)) paths.add(path);
  }
  return {
    settings,
    isRepository: (path) => repositories.has(path),
    hasBeneath: (path) => paths.has(path),
    notesOf: createNotesOf(settings.overlay ?? {}),
    faults,
  };
}

/** `a/b/c` -> `a`, `a/b`: the paths that a repository lies beneath, outermost first. */
export function listPathsAbove(name: string): readonly string[] {
  const parts = name.split('/');
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('/'));
}

/** The path that a repository lies beneath, or `''`. */
export function namespaceOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('/')));
}

/** An address as it stands in a link. */
export function toHref({ settings }: Site, address: Address): string {
  return settings.base + address;
}

/** The whole address of a page or file. Null where the settings do not say where the site is. */
export function toAbsoluteHref({ settings }: Pick<Site, 'settings'>, address: Address): string | null {
  return settings.siteUrl === undefined ? null : new URL(settings.siteUrl).origin + settings.base + address;
}

export function toImageHref(site: Site, name: RepositoryName, page?: number): string {
  return toHref(site, imageAddress(name, page));
}

export function toPathHref(site: Site, path: string, page?: number): string {
  return toHref(site, pathAddress(path, site.isRepository, page));
}

export function toManifestHref(site: Site, name: RepositoryName, digest: Digest): string {
  return toHref(site, manifestAddress(name, digest));
}
