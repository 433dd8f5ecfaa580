/** JSON with one line for each entry of each top-level collection: stable bytes that people and `diff` can read. */

/** Encodes `value`, whose keys keep their order, with a final line break. */
export function encodeStableJson(value: Readonly<Record<string, unknown>>): string {
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${JSON.stringify(key)}: ${encodeMember(member)}`);
  return `{\n${members.join(',\n')}\n}\n`;
}

function encodeMember(member: unknown): string {
  if (Array.isArray(member)) {
    return member.length === 0 ? '[]' : `[\n${member.map((entry) => JSON.stringify(entry)).join(',\n')}\n]`;
  }
  if (member !== null && typeof member === 'object') {
    const entries = Object.entries(member);
    if (entries.length === 0) return '{}';
    return `{\n${entries.map(([key, entry]) => `${JSON.stringify(key)}: ${JSON.stringify(entry)}`).join(',\n')}\n}`;
  }
  return JSON.stringify(member);
}
