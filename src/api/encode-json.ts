/** JSON for programs that is also for people and `diff`: each entry of each top-level collection has a line. */

/** Encodes `value`, whose keys keep their order, with a final line break. */
export function encodeJson(value: Readonly<Record<string, unknown>>): string {
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${encodeMember(member)}`);
  return `{\n${members.join(',\n')}\n}\n`;
}

/** What stands before the entries of a list, between two of them, and behind them. */
export interface ListFrame {
  readonly before: string;
  readonly between: string;
  readonly behind: string;
}

/**
 * The same file for who writes the entries of its list `key` one by one, each as `JSON.stringify` has it: what stands around
 * them. There must be one at least; what `value` has there is not looked at.
 */
export function encodeJsonAround(value: Readonly<Record<string, unknown>>, key: string): ListFrame {
  const members = Object.entries(value);
  const place = members.findIndex(([each]) => each === key);
  const encode = (some: typeof members) =>
    some.map(([each, member]) => `${JSON.stringify(each)}: ${encodeMember(member)}`);
  const [before, behind] = [encode(members.slice(0, place)), encode(members.slice(place + 1))];
  return {
    before: `{\n${[...before, `${JSON.stringify(key)}: [\n`].join(',\n')}`,
    between: ',\n',
    behind: `${['\n]', ...behind].join(',\n')}\n}\n`,
  };
}

function encodeMember(member: unknown): string {
  if (typeof member !== 'object' || member === null) return JSON.stringify(member);
  const isList = Array.isArray(member);
  const lines = isList
    ? member.map((entry) => JSON.stringify(entry))
    : Object.entries(member).map(([key, entry]) => `${JSON.stringify(key)}: ${JSON.stringify(entry)}`);
  const [open, close] = isList ? '[]' : '{}';
  return lines.length === 0 ? `${open}${close}` : `${open}\n${lines.join(',\n')}\n${close}`;
}
