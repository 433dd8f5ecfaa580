/** What the settings change about the style sheet: a small one of its own, for pages allow no style within them. */
import { computeDigest, digestHex } from '../oci/digest.ts';
import { toAccentColours } from './accent-colours.ts';
import type { Address } from './addresses.ts';
import type { SiteSettings } from './site.ts';

/** A style sheet that is named after its content. */
export interface Theme {
  readonly address: Address;
  readonly css: string;
}

/** The theme, or null where the settings have no wish. */
export function toTheme({ accentColour }: Pick<SiteSettings, 'accentColour'>): Theme | null {
  if (accentColour === undefined) return null;
  const { light, dark } = toAccentColours(accentColour);
  const css = `:root{--color-accent:light-dark(${light},${dark})}\n`;
  return { address: `-/assets/theme.${digestHex(computeDigest(css)).slice(0, 8)}.css`, css };
}
