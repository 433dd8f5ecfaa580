/**
 * The order in which repositories stand in the index, so that a position is also a place: a name before what lies beneath
 * it, neighbours side by side, and the higher number first (`node24`, `node22`, `node8`), because that is the one wanted.
 */

/** Compares two names. Equal only for equal names. */
export function compareNaturally(a: string, b: string): number {
  let left = 0;
  let right = 0;
  while (left < a.length && right < b.length) {
    if (isDigitAt(a, left) && isDigitAt(b, right)) {
      const leftEnd = endOfDigits(a, left);
      const rightEnd = endOfDigits(b, right);
      const byNumber = compareDigits(b.slice(right, rightEnd), a.slice(left, leftEnd));
      if (byNumber !== 0) return byNumber;
      left = leftEnd;
      right = rightEnd;
    } else {
      const difference = weightAt(a, left) - weightAt(b, right);
      if (difference !== 0) return difference;
      left++;
      right++;
    }
  }
  const byRest = a.length - left - (b.length - right);
  return byRest !== 0 ? byRest : a < b ? -1 : a > b ? 1 : 0;
}

/** Whether a decimal digit stands at `at`. */
export function isDigitAt(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 48 && unit <= 57;
}

function endOfDigits(text: string, from: number): number {
  let end = from;
  while (end < text.length && isDigitAt(text, end)) end++;
  return end;
}

/** By value without converting: a run of digits may be longer than a number can hold. */
function compareDigits(a: string, b: string): number {
  const left = a.replace(/^0+/, '');
  const right = b.replace(/^0+/, '');
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The slash comes before everything, so that a folder is not torn apart by its neighbours' hyphens. */
function weightAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit === 47 ? 0 : unit;
}
