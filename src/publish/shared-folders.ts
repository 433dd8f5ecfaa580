/** The folders that releases share, as a check of a site sees them: what was found in the files of each, as one. */
import type { CheckedContent } from './checked-files.ts';
import type { SealedFolder } from './sealed-folders.ts';

export interface SharedFolder extends Pick<SealedFolder, 'folder' | 'id'> {
  /** Null for one that a release before made, that was checked there, and that this one has behind a link. */
  readonly listFiles: SealedFolder['listFiles'] | null;
}

export interface SharedFolders {
  /** Whether a file lies in one of them. */
  holds(file: string): boolean;
  /** Whether it lies in one that was checked before. */
  isInChecked(file: string): boolean;
  /** Whether it lies there beside them, as twins do. */
  hasBeside(file: string): boolean;
  /** Takes down what was found in a file. False where it lies in none of them. */
  add(file: string, content: CheckedContent): boolean;
  /** The files of a folder of which nothing was taken down. */
  listUnchecked(folder: SharedFolder): readonly string[];
  /** All that was found in a folder; of what it links to, what lies outside it. */
  sumUp(folder: SharedFolder): CheckedContent;
}

/** `onFile` is told of each file that lies in one of them, save those that were checked before. */
export function createSharedFolders(folders: Iterable<SharedFolder>, onFile: (file: string) => void): SharedFolders {
  const contents = new Map<string, { readonly titles: string[]; readonly targets: Set<string> }>();
  const isChecked = new Map<string, boolean>();
  const checkedBefore = new Set<string>();
  for (const { folder, listFiles } of folders) {
    contents.set(folder, { titles: [], targets: new Set() });
    if (listFiles === null) checkedBefore.add(folder);
    for (const file of listFiles?.() ?? []) {
      onFile(file);
      isChecked.set(file, false);
    }
  }
  const findAbove = (file: string): string | null => {
    for (let end = file.lastIndexOf('/'); end > 0; end = file.lastIndexOf('/', end - 1)) {
      const folder = file.slice(0, end);
      if (contents.has(folder)) return folder;
    }
    return null;
  };
  const folderOf = (file: string) => (isChecked.has(file) ? findAbove(file) : null);
  return {
    holds: (file) => isChecked.has(file),
    isInChecked: (file) => checkedBefore.has(findAbove(file) ?? ''),
    hasBeside: (file) => !isChecked.has(file) && findAbove(file) !== null,
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
    listUnchecked: ({ listFiles }) => (listFiles?.() ?? []).filter((file) => isChecked.get(file) === false),
    sumUp({ folder }) {
      const { titles = [], targets = [] } = contents.get(folder) ?? {};
      return { titles, targets: [...targets] };
    },
  };
}
