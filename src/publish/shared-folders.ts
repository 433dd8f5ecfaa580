/** The folders that releases share, as a check of a site sees them: what was found in the files of each, as one. */
import { join } from 'node:path';
import type { CheckedContent } from './checked-files.ts';
import { walkFiles } from './list-files.ts';
import type { SealedFolder } from './sealed-folders.ts';

export interface SharedFolder extends Pick<SealedFolder, 'folder' | 'id'> {
  /** Those of one that this site was given; null for one that a release before made, and this one has behind a link. */
  readonly listFiles: SealedFolder['listFiles'] | null;
}

export interface SharedFolders {
  /** Whether a file lies in one of them. */
  holds(file: string): boolean;
  /** Takes down what was found in a file. False where it lies in none of them. */
  add(file: string, content: CheckedContent): boolean;
  /** The files of a folder of which nothing was taken down. What a release before made is listed as it is there. */
  listUnchecked(folder: SharedFolder): readonly string[];
  /** All that was found in a folder; of what it links to, what lies outside it. */
  sumUp(folder: SharedFolder): CheckedContent;
}

/** The folders of the site in `site`. `onFile` is told of each file that lies in one of them and is looked at. */
export function createSharedFolders(
  site: string,
  folders: Iterable<SharedFolder>,
  onFile: (file: string) => void,
): SharedFolders {
  const contents = new Map<string, { readonly titles: string[]; readonly targets: Set<string> }>();
  const isChecked = new Map<string, boolean>();
  const expect = (files: Iterable<string>) => {
    for (const file of files) {
      onFile(file);
      isChecked.set(file, false);
    }
  };
  for (const { folder, listFiles } of folders) {
    contents.set(folder, { titles: [], targets: new Set() });
    if (listFiles !== null) expect(listFiles());
  }
  const folderOf = (file: string): string | null => {
    if (!isChecked.has(file)) return null;
    for (let end = file.lastIndexOf('/'); end > 0; end = file.lastIndexOf('/', end - 1)) {
      const folder = file.slice(0, end);
      if (contents.has(folder)) return folder;
    }
    return null;
  };
  return {
    holds: (file) => isChecked.has(file),
    add(file, { titles, targets }) {
      const folder = folderOf(file);
      const content = folder === null ? undefined : contents.get(folder);
      if (content === undefined) return false;
      isChecked.set(file, true);
      content.titles.push(...titles);
      for (const target of targets) {
        const isOwn = target.startsWith(`${folder}/`) && folderOf(target) === folder;
        if (!isOwn) content.targets.add(target);
      }
      return true;
    },
    listUnchecked({ folder, listFiles }) {
      if (listFiles !== null) return listFiles().filter((file) => isChecked.get(file) === false);
      const standing = [...walkFiles(join(site, folder))].sort().map((path) => `${folder}/${path}`);
      expect(standing);
      return standing;
    },
    sumUp({ folder }) {
      const { titles = [], targets = [] } = contents.get(folder) ?? {};
      return { titles, targets: [...targets] };
    },
  };
}
