/** What a site consists of, and which of it the release before has already. Pure. */
import { hash } from 'node:crypto';
import { dirname } from 'node:path/posix';
import { listRepositoryFilePaths } from '../api/list-api-files.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { ReleaseRecord } from '../publish/release-record.schema.ts';
import type { SealedFolder } from '../publish/sealed-folders.ts';
import { manifestAddress, pathAddress, repositoryJsonAddress, toOutputFile } from '../view/addresses.ts';
import type { Measured } from '../view/catalogue-totals.ts';
import { type ChangeDay, listChangesPlaces, toChangesView } from '../view/changes-view.ts';
import { pickExtentFaults } from '../view/integrity-view.ts';
import { fingerprintUses, type LayerTally } from '../view/layer-uses.ts';
import { type ListedImages, listImages } from '../view/listed-images.ts';
import {
  hasSignpost,
  listListingPages,
  listRepositoryPages,
  listSelectionPages,
  listWholePages,
  type Page,
  type PageSequence,
  toPageAddress,
} from '../view/page-list.ts';
import { prepareSelections, type SelectionsOf } from '../view/selections.ts';
import { listPathsAbove, type Site } from '../view/site.ts';
import type { MeasuredFile } from '../view/summary-lines.ts';
import type { StockShare, TakenStock } from './stock-files.ts';

/** One repository's part of the site. All parts have so many pages and files that they are worked out when they are asked for. */
export interface SitePart {
  readonly measured: MeasuredFile;
  /** Everything that its files' bytes depend on, as one digest. */
  readonly key: string;
  readonly fileCount: number;
  readonly pageCount: number;
  listPages(): readonly Page[];
  /** All its files, relative to the release. */
  listFiles(): readonly string[];
  /** Folders of these files, in which no others lie. */
  readonly folders: readonly SealedFolder[];
  /** The files that lie in none of them. */
  listLooseFiles(): readonly string[];
}

/** A page of which is known by itself what its bytes depend on. */
export interface KeyedPage {
  readonly page: Page;
  readonly file: string;
  /** Everything that its bytes depend on, as one digest. */
  readonly key: string;
  readonly isChanged: boolean;
}

export interface SitePlan {
  readonly parts: readonly SitePart[];
  /** Parts that must be made; the files of the others are in the release before. */
  readonly changed: readonly SitePart[];
  /** Pages that many repositories have a part in: home, paths, status, storage. */
  readonly shared: readonly Page[];
  /** The pages of changes: each stands on what happened in its days. */
  readonly keyed: readonly KeyedPage[];
  readonly repositories: Readonly<Record<string, string>>;
}

/** When folders are shared with other releases, and as what. */
export interface Sealing {
  /** What the bytes of shared folders depend on besides their part's key: how files are looked through for what may not be shown. */
  readonly means: string;
  /** Sites of so many files and more share folders. */
  readonly leastFiles: number;
}

/** What of the plan does not follow from the repositories one by one. */
export type WholePlan = Pick<TakenStock, 'lineagePages' | 'hasCleanup' | 'outdated' | 'shares'>;

/** Outlines a site as far as the repositories' own files decide it: most of the work of a plan. */
export function outlineSite(
  measured: readonly MeasuredFile[],
  days: readonly ChangeDay[],
  layers: LayerTally,
  site: Site,
): SiteOutline {
  const listed = listImages(measured.map(({ summary }) => summary));
  const selectionsOf = prepareSelections(listed, site);
  return {
    site,
    days,
    listed,
    selectionsOf,
    parts: measured.map((repository) => outlinePart(repository, layers, site)),
  };
}

/** Plans a site. `before` is the record of the release that stands, or null where everything must be made. */
export function planSite(
  { site, days, listed, selectionsOf, parts: outlined }: SiteOutline,
  whole: WholePlan,
  fingerprint: string,
  sealing: Sealing,
  before: ReleaseRecord | null,
): SitePlan {
  const filed = outlined.map((part) => toFiledPart(part, whole.shares.get(part.measured.summary.name)));
  const isSealed = filed.reduce((sum, { fileCount }) => sum + fileCount, 0) >= sealing.leastFiles;
  // The whole of it is long, and there may be ten thousand folders.
  const means = isSealed ? digestOf([fingerprint, sealing.means]) : null;
  const parts = filed.map((part) => toSitePart(part, means));
  const isSameProgram = before?.fingerprint === fingerprint;
  const changed = parts.filter(({ measured: { summary }, key }) => {
    return !isSameProgram || before?.repositories[summary.name] !== key;
  });
  const summaries = outlined.map(({ measured: { summary } }) => summary);
  const shared: Page[] = [
    ...listListingPages(summaries, listed),
    ...listSelectionPages(selectionsOf((name) => whole.outdated.has(name))),
    { kind: 'status' },
    { kind: 'help' },
    { kind: 'not-found' },
    ...listWholePages(whole),
  ];
  const keyed = listKeyedPages(days, site, isSameProgram ? (before?.pages ?? {}) : {});
  const repositories = Object.fromEntries(parts.map(({ measured: { summary }, key }) => [summary.name, key]));
  return { parts, changed, shared, keyed, repositories };
}

function listKeyedPages(
  days: readonly ChangeDay[],
  site: Site,
  before: Readonly<Record<string, string>>,
): readonly KeyedPage[] {
  return listChangesPlaces(days).map((place) => {
    const page: Page = { kind: 'changes', ...place };
    const file = toOutputFile(toPageAddress(page, site));
    const key = digestOf(toChangesView(place, days, site));
    return { page, file, key, isChanged: before[file] !== key };
  });
}

/** A site as far as its repositories decide it one by one. */
export interface SiteOutline {
  readonly site: Site;
  readonly days: readonly ChangeDay[];
  readonly listed: ListedImages;
  readonly selectionsOf: SelectionsOf;
  readonly parts: readonly OutlinedPart[];
}

interface FiledPart extends Omit<SitePart, 'folders' | 'listLooseFiles'> {
  readonly ownFolders: readonly { readonly folder: string; readonly fileCount: number }[];
}

/** A part without what taking stock adds to it, in its key and in its files. */
type OutlinedPart = FiledPart;

/** The files of a repository's part, relative to the release, without what taking stock adds. */
export function listOwnFiles({ summary, extent }: Measured, site: Site): readonly string[] {
  const pages = listRepositoryPages(summary.name, extent, site);
  return [...pages.map((page) => toOutputFile(toPageAddress(page, site))), ...listRepositoryFilePaths(summary, site)];
}

function outlinePart(measured: MeasuredFile, layers: LayerTally, site: Site): OutlinedPart {
  const { summary, extent, file } = measured;
  const listPages = () => listRepositoryPages(summary.name, extent, site);
  const listFiles = () => listOwnFiles(measured, site);
  // Most pages are of manifests. Where the first of them lies the others lie, and the repository's file says which they are.
  const toFirst = { ...extent, manifestPages: extent.manifestPages.slice(0, 1) };
  const others = extent.manifestPages.length - toFirst.manifestPages.length;
  const [firstFile = ''] = toFirst.manifestPages.map((digest) => toOutputFile(manifestAddress(summary.name, digest)));
  // No function that stays may see them, or they would stay with it.
  const pages = listRepositoryPages(summary.name, toFirst, site);
  const files = listOwnFiles({ summary, extent: toFirst }, site);
  const notes = site.notesOf(summary.name);
  const isReplacementShown = site.isRepository(notes.replacement ?? '');
  // They say when they were found, and not when they were found again: that changes no page.
  const faults = pickExtentFaults(summary.name, extent, site.faults);
  // A new repository `a` moves the page of the path `a/tags`, to which all that lies beneath it links.
  const pathsAbove = listPathsAbove(summary.name).map((path) => pathAddress(path, site.isRepository));
  const key = digestOf([
    file,
    site.hasBeneath(summary.name),
    pathsAbove,
    files,
    notes,
    isReplacementShown,
    fingerprintUses(layers.countsOf(extent)),
    faults,
  ]);
  const ownFolders = listOwnFolders(summary.name, site).map((folder) => {
    const hasManifests = isBelow(folder, firstFile);
    return { folder, fileCount: pickBelow(folder, files).length + (hasManifests ? others : 0) };
  });
  const [fileCount, pageCount] = [files.length + others, pages.length + others];
  return { measured, key, fileCount, pageCount, ownFolders, listPages, listFiles };
}

/** `share` is what other repositories show in it, and the file of what it holds. */
function toFiledPart(part: OutlinedPart, share: StockShare | undefined): FiledPart {
  const besides = share?.storage ? [share.storage.path] : [];
  return {
    ...part,
    key: digestOf([part.key, share?.key ?? '', besides]),
    fileCount: part.fileCount + besides.length,
    listFiles: () => [...part.listFiles(), ...besides],
    ownFolders: part.ownFolders.map(({ folder, fileCount }) => {
      return { folder, fileCount: fileCount + pickBelow(folder, besides).length };
    }),
  };
}

/** `means` stands for what is the same for all of a site; null where no folders are shared. */
function toSitePart({ ownFolders, ...part }: FiledPart, means: string | null): SitePart {
  const { key, fileCount, listFiles } = part;
  const own = means === null ? [] : ownFolders.filter(({ fileCount }) => fileCount > 0);
  const folders = own.map(({ folder, fileCount: ownCount }): SealedFolder => {
    const id = digestOf([means, folder, key]);
    return { folder, id, fileCount: ownCount, listFiles: () => pickBelow(folder, listFiles()) };
  });
  const hasLooseFiles = own.reduce((sum, each) => sum + each.fileCount, 0) < fileCount;
  const listLooseFiles = () =>
    hasLooseFiles ? listFiles().filter((path) => !folders.some(({ folder }) => isBelow(folder, path))) : [];
  return { ...part, folders, listLooseFiles };
}

function pickBelow(folder: string, files: readonly string[]): readonly string[] {
  return files.filter((path) => isBelow(folder, path));
}

function isBelow(folder: string, path: string): boolean {
  return path.startsWith(folder) && path.charAt(folder.length) === '/';
}

/**
 * Where only the files of one repository lie, each as high as it can be, so that no folder is made to hold nothing else: its
 * facts, and its pages where nothing lies beneath it, nor the page of the image `foo` in the folder of `foo/tags`.
 */
function listOwnFolders(name: RepositoryName, site: Site): readonly string[] {
  const ownFacts = dirname(repositoryJsonAddress(name));
  const facts = site.hasBeneath(name) ? ownFacts : dirname(ownFacts);
  return hasSignpost(name, site) ? [name, facts] : [facts];
}

function digestOf(value: unknown): string {
  return hash('sha256', JSON.stringify(value)).slice(0, 32);
}

/** The pages that must be made, those of one repository side by side. */
export function listPagesToMake({ shared, keyed, changed }: SitePlan): PageSequence {
  const first = [...shared, ...keyed.filter(({ isChanged }) => isChanged).map(({ page }) => page)];
  return {
    length: changed.reduce((sum, { pageCount }) => sum + pageCount, first.length),
    *[Symbol.iterator]() {
      yield* first;
      for (const part of changed) yield* part.listPages();
    },
  };
}

/** The files whose bytes depend on a repository or a day, and that lie in no folder that releases share. */
export function* listLooseFiles({ parts, keyed }: SitePlan): Generator<string> {
  for (const part of parts) yield* part.listLooseFiles();
  for (const { file } of keyed) yield file;
}

/** What did not change: folders as they are, and the files that lie in none. */
export function listStanding({ parts, changed, keyed }: SitePlan) {
  const isChanged = new Set(changed);
  const standing = parts.filter((part) => !isChanged.has(part));
  return {
    folders: standing.flatMap(({ folders }) => folders),
    files: [
      ...standing.flatMap((part) => part.listLooseFiles()),
      ...keyed.filter((page) => !page.isChanged).map(({ file }) => file),
    ],
  };
}
