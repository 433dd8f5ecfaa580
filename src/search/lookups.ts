/** What the index itself does not know: tags, digests and labels, to be looked up when a query asks for them. */
import type { DigestKind } from './shard-files.ts';

export interface Lookups {
  /** Tags that begin with `beginning`, whatever their case. Reads at most `mostFiles` files. */
  tags(beginning: string, mostFiles: number): Promise<TagsFound>;
  /** All tags of the repository at `position`, the best first. */
  tagsOf(position: number): Promise<readonly string[]>;
  /** Digests that begin with `hex`: four digits or more. */
  digests(hex: string): Promise<readonly DigestFound[]>;
  /** Labels whose key is `key`, or ends in a dot and `key`. */
  labels(key: string): Promise<readonly LabelFound[]>;
}

export interface TagsFound {
  /** In the order of `compareTags`. */
  readonly tags: readonly TagFound[];
  /** False when more tags begin so than were read. */
  readonly isComplete: boolean;
  /** When none begins so: the nearest ones. */
  readonly nearest: readonly string[];
}

export interface TagFound {
  readonly tag: string;
  /** Ascending. */
  readonly positions: readonly number[];
}

export interface DigestFound {
  /** With its algorithm. Of configs and layers the first digits only. */
  readonly digest: string;
  readonly kind: DigestKind;
  readonly repositories: readonly { readonly position: number; readonly tag: string | null }[];
  /** How many repositories have it; more than are listed when they are very many. */
  readonly total: number;
}

export interface LabelFound {
  readonly key: string;
  readonly value: string;
  /** Ascending. */
  readonly positions: readonly number[];
}
