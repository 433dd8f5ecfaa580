/**
 * Bounds for text that an image's author wrote. A label may hold ten megabytes; a page and a snapshot must not.
 */

/** The most characters that are kept of one value; what is cut off is counted in the text itself. */
export const longestText = 4096;
/** The most entries that are kept of one map or list of such values. */
export const mostEntries = 400;

/**
 * `written`, or its beginning and the number of characters left out. Never cuts a surrogate pair in two; half of one, which strict
 * readers of JSON refuse with all that is around it, becomes U+FFFD.
 */
export function boundText(written: string, longest: number = longestText): string {
  const text = written.toWellFormed();
  if (text.length <= longest) return text;
  const end = isHighSurrogate(text.charCodeAt(longest - 1)) ? longest - 1 : longest;
  // A copy: a slice would keep the whole text in memory for as long as itself.
  return JSON.parse(JSON.stringify(`${text.slice(0, end)}… [${text.length - end} more characters]`)) as string;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
