/** Many short texts in one string: to find those that contain a word, the engine's own search runs over all of them at once. */
export interface JoinedTexts {
  readonly text: string;
  /** Where each text begins, and where the one after the last would. */
  readonly starts: Uint32Array;
}

/** The texts contain no line feed, which stands between them. */
export function joinTexts(texts: readonly string[]): JoinedTexts {
  const starts = new Uint32Array(texts.length + 1);
  let start = 0;
  for (const [position, { length }] of texts.entries()) {
    starts[position] = start;
    start += length + 1;
  }
  starts[texts.length] = start;
  return { text: texts.join('\n'), starts };
}

/** Calls `visit` with the position of each text that contains `needle`, in their order. `needle` has no line feed. */
export function visitContaining(
  { text, starts }: JoinedTexts,
  needle: string,
  visit: (position: number) => void,
): void {
  let position = 0;
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, starts[position])) {
    while ((starts[position + 1] as number) <= at) position++;
    visit(position);
    position++;
  }
}
