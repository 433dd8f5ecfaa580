/**
 * Where everything lives, below the site's base: `''` is the homepage, `releng/node24/tags/` an image. What ends with a slash
 * is a page, anything else a file.
 *
 * A part of a repository's name never begins with a hyphen, so nothing that stands behind one can be taken for a name. That
 * leaves three ways to collide, and whoever would is sent to a place behind a hyphen:
 * - a first part that is ours, or the registry's: `robots.txt`, `404`, `v2`;
 * - a part called `index.html`, which would be a folder where a page's file is;
 * - the page of the path `foo/tags`, where `foo` is an image: the image keeps its address.
 */
import { type Digest, digestAlgorithm, digestHex } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/reference.ts';

/** An address below the base, without a slash in front. Needs no escaping: names, digests and our own words are plain. */
export type Address = string;

/** Whether a path is also the name of a repository that has a page. */
export type IsRepository = (path: string) => boolean;

/** The addresses that do not depend on a repository. */
export const fixedAddresses = {
  home: '',
  status: '-/status/',
  statusJson: '-/status.json',
  storage: '-/storage/',
  storageJson: '-/api/v1/storage.json',
  lineageJson: '-/api/v1/lineage.json',
  cleanup: '-/cleanup/',
  cleanupJson: '-/api/v1/cleanup.json',
  cleanupCsv: '-/cleanup/cleanup.csv',
  help: '-/help/',
  apiIndex: '-/api/v1/index.json',
  catalogueJson: '-/api/v1/catalogue.json',
  /** The folder of the files that the search reads. */
  search: '-/search/',
  /** What changed, the newest days first. */
  changes: '-/changes/',
  changesJson: '-/api/v1/changes.json',
  feed: '-/feed.xml',
  /** For the web server: what it answers with 410. */
  goneMap: '-/gone.map',
  /** How browsers learn to search here. */
  openSearch: '-/opensearch.xml',
  sitemap: 'sitemap.xml',
  notFound: '404.html',
} as const satisfies Readonly<Record<string, Address>>;

const ownParts = new Set(
  [...Object.values(fixedAddresses), 'tags/images/repositories/assets/sha256/sha512'].flatMap((path) =>
    path.split('/'),
  ),
);

/** Whether a name is made of the words of our addresses alone, such as `api/v1`: those stand in every page. */
export function isOwnPath(name: string): boolean {
  return name.split('/').every((part) => ownParts.has(part));
}

/** An image's page; `page` counts from 1, and further pages hold further rows. */
export function imageAddress(name: RepositoryName, page = 1): Address {
  if (page > 1) return `${ownFolder(name)}-/tags/${page}/`;
  return `${ownFolder(name)}tags/`;
}

/** What lies beneath a path; `''` is the homepage. `page` counts from 1, and further pages hold further images. */
export function pathAddress(path: string, isRepository: IsRepository, page = 1): Address {
  const folder = path === '' ? '' : pathFolder(path, isRepository);
  return page > 1 ? `${folder}-/images/${page}/` : folder;
}

/** A selection of images, by its slug; `page` counts from 1. */
export function selectionAddress(slug: string, page = 1): Address {
  return `-/images/${slug}/${page > 1 ? `${page}/` : ''}`;
}

/** The page of one manifest. */
export function manifestAddress(name: RepositoryName, digest: Digest): Address {
  return `${ownFolder(name)}-/${digestAlgorithm(digest)}/${digestHex(digest)}/`;
}

/** Who stands on which base; `page` counts from 1. */
export function lineageAddress(page = 1): Address {
  return page > 1 ? `-/lineage/${page}/` : '-/lineage/';
}

/** The lines that would clean up with one tool. */
export function deleteCommandsAddress(tool: string): Address {
  return `-/cleanup/${tool}.txt`;
}

/** How many bytes each tag of a repository holds, as JSON. It changes with what other repositories share. */
export function repositoryStorageJsonAddress(name: RepositoryName): Address {
  return `-/api/v1/repositories/${name}/-/storage.json`;
}

/** The one line that scripts read to know what to pull. */
export function recommendedTextAddress(name: RepositoryName): Address {
  return `${ownFolder(name)}-/recommended.txt`;
}

/** The badge that READMEs show. */
export function badgeAddress(name: RepositoryName): Address {
  return `${ownFolder(name)}-/badge.svg`;
}

/** A repository's facts as JSON. */
export function repositoryJsonAddress(name: RepositoryName): Address {
  return `-/api/v1/repositories/${name}/-/repository.json`;
}

/** All that is remembered of a repository, as JSON. */
export function historyJsonAddress(name: RepositoryName): Address {
  return `-/api/v1/repositories/${name}/-/history.json`;
}

/** The Atom feed of an image. */
export function imageFeedAddress(name: RepositoryName): Address {
  return `${ownFolder(name)}-/feed.xml`;
}

/** The registry's Atom feed; `page` counts from 1, and further documents hold older entries. */
export function feedAddress(page = 1): Address {
  return page > 1 ? `-/feed/${page}.xml` : fixedAddresses.feed;
}

/** What changed on a day, such as `2026-11-20`. */
export function changesAddress(day: string, page = 1): Address {
  return `${fixedAddresses.changes}${day}/${page > 1 ? `${page}/` : ''}`;
}

/** A JSON Schema of the API. */
export function schemaAddress(name: string): Address {
  return `-/api/v1/schema/${name}.json`;
}

/** The file, below the site's folder, that a web server answers an address with. */
export function toOutputFile(address: Address): string {
  return address === '' || address.endsWith('/') ? `${address}index.html` : address;
}

/** Whether a repository's pages live at `/-/repositories/` because its own address is reserved. */
export function isReserved(path: string): boolean {
  return reservedFirstPart.test(path) || pageFile.test(path);
}

/** Names at the root that are, or may become, files of ours; what servers write beside them; and the registry's own API. */
const reservedFirstPart =
  /^(?:v2|404|500|(?:(?:index|404|50[0-9x])\.html|robots\.txt|humans\.txt|security\.txt|favicon\.[a-z]+|apple-touch-icon[-a-z0-9]*\.png|opensearch\.xml|sitemap[-a-z0-9]*\.xml|manifest\.(?:json|webmanifest))(?:\.(?:gz|br|zst))?)(?:\/|$)/;
const pageFile = /(?:^|\/)index\.html(?:\.(?:gz|br|zst))?(?:\/|$)/;

function ownFolder(name: RepositoryName): Address {
  return isReserved(name) ? `-/repositories/${withoutPageFiles(name)}/` : `${name}/`;
}

function pathFolder(path: string, isRepository: IsRepository): Address {
  const isTaken = path.endsWith('/tags') && isRepository(path.slice(0, -'/tags'.length));
  return isTaken || isReserved(path) ? `-/paths/${withoutPageFiles(path)}/` : `${path}/`;
}

/** `foo/index.html` -> `foo/-index.html`, which no other name can be. */
function withoutPageFiles(path: string): string {
  return path
    .split('/')
    .map((part) => (pageFile.test(part) ? `-${part}` : part))
    .join('/');
}
