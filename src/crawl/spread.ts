/** Spreads names evenly over the runs of a day or week, the same on every host. */

/**
 * A number below 2³² that is the same for the same text: FNV-1a, and MurmurHash3's last steps, so that names that differ in one
 * letter lie far apart. No digest, for every tag is asked for it in every run.
 */
export function spreadOf(text: string): number {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}

/** In so many runs everything had its turn: with a run in each hour, within a day. */
export const turns = 24;

/** Whether `text` has its turn in a run before which there were `turn` others. Nothing has to be remembered for it. */
export function hasTurn(text: string, turn: number): boolean {
  return spreadOf(text) % turns === turn % turns;
}
