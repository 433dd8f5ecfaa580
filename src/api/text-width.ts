/** How wide a text is, without a font to measure it with: widths of Verdana at 11 pixels, which other sans serifs stay below. */

const widths: readonly (readonly [string, number])[] = [
  ["'", 3],
  ['ijlI.,:;|! ', 4.4],
  ['ftr()[]/\\-{}J', 5.1],
  ['csz"_', 5.8],
  ['akvxyeL?F*^`', 6.7],
  ['0123456789bdghnopquETYZ$X', 7.2],
  ['ABCKPRSV&', 7.7],
  ['DGHNOQU<>=+~#', 9],
  ['mwM@', 10.8],
  ['W%', 12],
];

const widthOf = new Map(widths.flatMap(([characters, width]) => [...characters].map((each) => [each, width] as const)));

/** Characters that are in no table are taken to be as wide as the widest. */
const widest = 12;

/** In pixels, rounded up. */
export function measureText(text: string): number {
  return Math.ceil([...text].reduce((sum, character) => sum + (widthOf.get(character) ?? widest), 0));
}
