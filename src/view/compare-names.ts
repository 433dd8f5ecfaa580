/** The order in which pages list names: part by part, numbers by their value, so `node8` stands before `node24`. */

/** Negative when `a` stands first, 0 only for equal names. */
export function compareNames(a: string, b: string): number {
  const left = a.match(words) ?? [];
  const right = b.match(words) ?? [];
  for (const [at, word] of left.entries()) {
    const other = right[at];
    if (other === undefined) return 1;
    const order = compareWords(word, other);
    if (order !== 0) return order;
  }
  return left.length - right.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** Runs of digits, slashes by themselves, and what lies between. */
const words = /\d+|\/|[^\d/]+/g;

function compareWords(a: string, b: string): number {
  if (a === '/' || b === '/') return Number(b === '/') - Number(a === '/');
  const number = /^\d/;
  if (number.test(a) && number.test(b)) return compareDigits(a.replace(/^0+/, ''), b.replace(/^0+/, ''));
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareDigits(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
