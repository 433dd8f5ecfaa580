/** The operator's plain text, in which addresses become links. */
import { toSafeHref } from './safe-link.ts';

/** A stretch of text. `href` is null where it is no link. */
export interface TextPart {
  readonly text: string;
  readonly href: string | null;
}

/** An address ends before the punctuation of the sentence that it stands in. */
const address = /https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]}]/gi;

/** The parts of `text`, in order; together they say the same. */
export function splitLinks(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    const href = toSafeHref(match[0]);
    if (href === null) continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index), href: null });
    parts.push({ text: match[0], href });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), href: null });
  return parts;
}
