/** Where the parts of something large are meanwhile that nobody looks at: a run writes them to a file. */

/** Puts a value of plain JSON away. What it returns brings it back, as often as it is called. */
export type PutAway = <Value>(value: Value) => () => Value;

/** Nowhere: it stays in memory. */
export const keepInMemory: PutAway = (value) => () => value;
