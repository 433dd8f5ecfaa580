/** Looks through texts for names that may not be shown. */
import { createRedactor } from '../catalogue/redaction.ts';
import { listEnds, listSearchedNames, type SiteRules } from './site-rules.ts';

export interface HiddenSearch {
  finds(text: string): boolean;
  /** The text with every hidden name replaced. */
  redact(text: string): string;
  /** The text of a file whose structure would not survive that; null where it names what is hidden. */
  assertNone(text: string): string | null;
}

/** Looks for names that are hidden; null where nothing is, or nothing that can be told from other words. */
export function createHiddenSearch(rules: SiteRules): HiddenSearch | null {
  const names = listSearchedNames(rules);
  if (names.size === 0) return null;
  const redact = createSiteRedactor(names, rules.shownNames);
  // Search files hold the ends of names, each behind what it shares with the name before.
  const ends = new Set([...rules.shownNames].flatMap((name) => listEnds(name).filter((end) => names.has(end))));
  const redactEnds = createSiteRedactor(names.difference(ends), rules.shownNames);
  return {
    finds: (text) => redact(text) !== text,
    redact,
    assertNone: (text) => (redactEnds(text) === text ? text : null),
  };
}

function createSiteRedactor(names: ReadonlySet<string>, shownNames: ReadonlySet<string>): (text: string) => string {
  if (names.size === 0) return (text) => text;
  const escaped = [...names].map((name) => name.replaceAll('.', '\\.')).join('|');
  const mayName = new RegExp(`(?<![a-z0-9._-])(?:${escaped})(?![a-z0-9._-])`);
  const redact = createRedactor({
    names,
    isHidden: () => false,
    isShown: (name) => shownNames.has(name),
    isTagHidden: () => false,
  });
  return (text) => (mayName.test(text) ? redact(text) : text);
}
