/** JSON for programs that is also for people and `diff`: each entry of each top-level collection has a line. */

/** Encodes `value`, whose keys keep their order, with a final line break. */
export function encodeJson(value: Readonly<Record<string, unknown>>): string {
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${encodeMember(member)}`);
  return `{\n${members.join(',\n')}\n}\n`;
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
