/** Tables of a file: what repeats stands once, and is named by its place. */

export interface Table<Row> {
  readonly rows: Row[];
  /** The row's place, a new one where it is not there yet. */
  readonly place: (row: Row) => number;
}

/** Creates an empty table. Rows of one key are the same. */
export function createTable<Row>(toKey: (row: Row) => string): Table<Row> {
  const places = new Map<string, number>();
  const rows: Row[] = [];
  return {
    rows,
    place(row) {
      const key = toKey(row);
      const known = places.get(key);
      if (known !== undefined) return known;
      places.set(key, rows.length);
      return rows.push(row) - 1;
    },
  };
}

/** The row at a place. Throws a `TypeError` where there is none. */
export function rowAt<Row>(rows: readonly Row[], place: number): Row {
  const found = rows[place];
  if (found === undefined) throw new TypeError(`the file names row ${place} of a table of ${rows.length}`);
  return found;
}
