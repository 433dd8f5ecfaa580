/** Labels and annotations, as pages show them: whatever an author wrote, readable and inert. */
import { toSafeHref } from './safe-link.ts';
import { toVisibleText } from './visible-text.ts';

/** A key and a text that the image's author wrote. */
export interface AuthorText {
  readonly key: string;
  readonly text: string;
  /** Null where the text is no safe address. */
  readonly href: string | null;
}

/** Keys with their texts, as they are recorded. */
export type Texts = Readonly<Record<string, string>>;

/** `texts` by key, without those that `known` has too. */
export function toAuthorTexts(texts: Texts, known: Texts = {}): readonly AuthorText[] {
  return Object.entries(texts)
    .filter(([key, text]) => !Object.hasOwn(known, key) || known[key] !== text)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, text]) => ({ key: toVisibleText(key), text: toVisibleText(text), href: toSafeHref(text) }));
}
