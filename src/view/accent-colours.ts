/**
 * The operator's colour, as readable as it has to be. Its hue is theirs; how light it is, is worked out: for the light scheme
 * it is darkened, for the dark one lightened, just as far as text in it needs to stand out from every ground that it lies on.
 *
 * @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
 */

/** Text and ground differ by this at least. */
const leastContrast = 4.5;

/** The grounds that lie nearest to text: the darkest of the light scheme, and the lightest of the dark one. */
export const nearestGrounds = { light: '#e5f4ea', dark: '#16301f' } as const;

export interface AccentColours {
  readonly light: string;
  readonly dark: string;
}

/** The two colours that `colour` (`#rgb` or `#rrggbb`) becomes. */
export function toAccentColours(colour: string): AccentColours {
  const linear = parseColour(colour);
  const own = toLuminance(linear);
  const most = (toLuminance(parseColour(nearestGrounds.light)) + 0.05) / leastContrast - 0.05;
  const least = (toLuminance(parseColour(nearestGrounds.dark)) + 0.05) * leastContrast - 0.05;
  const darker = own > most ? linear.map((channel) => channel * (most / own)) : linear;
  const share = (least - own) / (1 - own);
  const lighter = own < least ? linear.map((channel) => channel + (1 - channel) * share) : linear;
  return { light: formatColour(darker, Math.floor), dark: formatColour(lighter, Math.ceil) };
}

/** How far two colours are apart, from 1 to 21. */
export function contrastOf(a: string, b: string): number {
  const [low = 0, high = 0] = [toLuminance(parseColour(a)), toLuminance(parseColour(b))].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** Red, green and blue from 0 to 1, as light and not as the eye sees it. */
function parseColour(colour: string): readonly number[] {
  const digits =
    colour.length === 4 ? [...colour.slice(1)].map((digit) => digit + digit) : colour.slice(1).match(/../g);
  return (digits ?? []).map((pair) => {
    const value = Number.parseInt(pair, 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
}

/** `round` goes the way that keeps the contrast. */
function formatColour(linear: readonly number[], round: (value: number) => number): string {
  const pairs = linear.map((channel) => {
    const value = channel <= 0.0031308 ? channel * 12.92 : 1.055 * channel ** (1 / 2.4) - 0.055;
    // What was exact stays so: 0.1 + 0.2 is not 0.3.
    const scaled =
      Math.abs(value * 255 - Math.round(value * 255)) < 1e-6 ? Math.round(value * 255) : round(value * 255);
    return Math.min(255, Math.max(0, scaled)).toString(16).padStart(2, '0');
  });
  return `#${pairs.join('')}`;
}

function toLuminance([red = 0, green = 0, blue = 0]: readonly number[]): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
