/** Chance that is the same every time: each draw depends on its own keys and on nothing else that was drawn. */

/** A number in [0, 1) that these keys alone decide. */
export function drawFraction(...keys: readonly (string | number)[]): number {
  let state = 0x811c_9dc5;
  for (const character of keys.join('\n')) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x0100_0193);
  state = Math.imul(state ^ (state >>> 16), 0x85eb_ca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2_ae35);
  return ((state ^ (state >>> 16)) >>> 0) / 2 ** 32;
}

/** A number from `from` up to, but not including, `to`. */
export function drawBetween(from: number, to: number, ...keys: readonly (string | number)[]): number {
  return from + (to - from) * drawFraction(...keys);
}

export function drawOne<T>(values: readonly [T, ...T[]], ...keys: readonly (string | number)[]): T {
  return values[Math.floor(drawFraction(...keys) * values.length)] ?? values[0];
}
