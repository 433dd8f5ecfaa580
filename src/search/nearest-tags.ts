/** The tags that someone may have meant who asked for one that is not there. */
import { alignText, anyStretch } from './align-text.ts';

const mostTags = 3;
const mostEdits = 4;

/** At most three of `tags`: those nearest in spelling, else those that begin alike; the earlier of equals. */
export function nearestTags(wanted: string, tags: readonly string[]): string[] {
  const lower = wanted.toLowerCase();
  return tags
    .map((tag, place) => ({
      tag,
      place,
      edits: countEdits(lower, tag.toLowerCase()),
      alike: countAlike(lower, tag),
      longer: Math.abs(tag.length - wanted.length),
    }))
    .filter(({ edits, alike }) => edits <= mostEdits || alike > 1)
    .sort((a, b) => a.edits - b.edits || b.alike - a.alike || a.longer - b.longer || a.place - b.place)
    .slice(0, mostTags)
    .map(({ tag }) => tag);
}

function countEdits(wanted: string, tag: string): number {
  const found = alignText(wanted, tag, Math.min(mostEdits, wanted.length - 1), anyStretch);
  if (found === null) return mostEdits + 1;
  return Math.min(mostEdits + 1, found.edits + tag.length - (found.end - found.start));
}

function countAlike(wanted: string, tag: string): number {
  const lower = tag.toLowerCase();
  let alike = 0;
  while (alike < wanted.length && wanted[alike] === lower[alike]) alike++;
  return alike;
}
