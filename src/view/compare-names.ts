/** The order in which pages list names: part by part, numbers by their value, so `node8` stands before `node24`. */

/** Negative when `a` stands first, 0 only for equal names. */
export function compareNames(a: string, b: string): number {
  return compareParts(takeApart(a), takeApart(b));
}

/** Items in the order of their names; of equal names in the order in which they come. Each name is taken apart once. */
export function sortByName<Item>(items: Iterable<Item>, toName: (item: Item) => string): Item[] {
  const named = Array.from(items, (item) => ({ item, parts: takeApart(toName(item)) }));
  return named.sort((a, b) => compareParts(a.parts, b.parts)).map(({ item }) => item);
}

interface NameParts {
  readonly name: string;
  readonly words: readonly string[];
}

function takeApart(name: string): NameParts {
  return { name, words: name.match(words) ?? [] };
}

function compareParts({ name: a, words: left }: NameParts, { name: b, words: right }: NameParts): number {
  const both = Math.min(left.length, right.length);
  for (let at = 0; at < both; at++) {
    const order = compareWords(left[at] as string, right[at] as string);
    if (order !== 0) return order;
  }
  return left.length - right.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** Runs of digits, slashes by themselves, and what lies between. */
const words = /\d+|\/|[^\d/]+/g;

function compareWords(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '/' || b === '/') return Number(b === '/') - Number(a === '/');
  if (isNumber(a) && isNumber(b)) return compareDigits(a.replace(/^0+/, ''), b.replace(/^0+/, ''));
  return a < b ? -1 : 1;
}

function isNumber(word: string): boolean {
  return word >= '0' && word < ':';
}

function compareDigits(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
