/**
 * Text that an image's author wrote, made safe to read: what cannot be seen, or turns what stands around it, becomes
 * visible. Escaping HTML is the renderer's; isolating directions is `<bdi>`'s.
 */

/**
 * Control characters save tab and line feed, the bidi controls, invisible spaces and joiners that no script needs, tags, and
 * the halves of broken surrogate pairs. Zero-width joiners stay: emoji and several scripts are spelled with them.
 */
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/** `text` with every such character as `⟨U+202E⟩`. A carriage return before a line feed goes. */
export function toVisibleText(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(
      unseen,
      (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
    );
}
