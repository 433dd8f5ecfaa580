/** Which rows of a table of tags someone asks for. */

import { isPlatform } from './is-platform.ts';

const architecturePrefix = 'arch:';

export interface TagText {
  /** The row's tag and its aliases. */
  readonly tags: readonly string[];
  readonly platforms: readonly string[];
  readonly digest: string;
}

/**
 * The rows that have every one of the words, each in a tag or at the beginning of the digest's digits, and that run on
 * `platform`; an empty one is any. `arch:arm64` means here what it means in the search.
 */
export function selectTags<Row extends TagText>(rows: readonly Row[], words: string, platform: string): Set<Row> {
  const { wanted, architectures } = readWords(words);
  return new Set(
    rows.filter((row) => {
      if (platform !== '' && !row.platforms.includes(platform)) return false;
      if (!architectures.every((sought) => row.platforms.some((each) => isPlatform(each, sought)))) return false;
      const text = row.tags.join(' ').toLowerCase();
      return wanted.every((word) => text.includes(word) || isDigestStart(row.digest, word));
    }),
  );
}

/** How many tags of a selected row are meant: those that have all the words, or all of them where no single one has. */
export function countMeant({ tags }: TagText, words: string): number {
  const { wanted } = readWords(words);
  return tags.filter((tag) => wanted.every((word) => tag.toLowerCase().includes(word))).length || tags.length;
}

function readWords(words: string) {
  const all = words.toLowerCase().split(/\s+/);
  const architectures = all
    .filter((word) => word.startsWith(architecturePrefix))
    .map((word) => word.slice(architecturePrefix.length))
    .filter((sought) => sought !== '');
  const wanted = all
    .filter((word) => !word.startsWith(architecturePrefix))
    .map((word) => word.replace(/^:/, ''))
    .filter((word) => word !== '');
  return { wanted, architectures };
}

function isDigestStart(digest: string, word: string): boolean {
  return digest !== '' && (digest.startsWith(word) || digest.slice(digest.indexOf(':') + 1).startsWith(word));
}
