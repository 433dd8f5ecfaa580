/**
 * JSON as `encodeJson` writes it, held to a schema line by line. A file of all tags of a large registry is fifty megabytes; as
 * one value, and once more as what the schema makes of that, it would take the tenfold in memory.
 */
import type { z } from 'astro/zod';

/** A schema of a file with one object. */
export type SchemaOfLines = z.ZodObject<Readonly<Record<string, z.ZodType>>>;

/** What is wrong, as what stands behind the file's name in a sentence; null where nothing is. */
export function findJsonFault(text: string, schema: SchemaOfLines): string | null {
  const lines = createLineReader(text);
  const seen = new Set<string>();
  try {
    lines.expect('{');
    for (let isLast = false; !isLast; ) {
      const [, name = '', rest = ''] = /^("(?:[^"\\]|\\.)*"): (.+)$/.exec(lines.next()) ?? [];
      const key = JSON.parse(name) as string;
      if (seen.has(key)) return `breaks its schema: it has ${key} twice`;
      seen.add(key);
      const member = schema.shape[key];
      if (rest === '[') isLast = readList(lines, member, key);
      else {
        const [value, hasNext] = parseEntry(rest === '{' ? joinMap(lines) : rest);
        isLast = !hasNext;
        hold(member, value, [key]);
      }
    }
    lines.expect('}');
    lines.expect('');
    lines.expectEnd();
    for (const key of Object.keys(schema.shape)) if (!seen.has(key)) hold(schema.shape[key], undefined, [key]);
    return null;
  } catch (error) {
    if (error instanceof SchemaFault) return `breaks its schema: ${error.message}`;
    if (error instanceof SyntaxError) return 'is not JSON as it is written here, an entry a line';
    throw error;
  }
}

class SchemaFault extends Error {}

type Schema = z.ZodType | undefined;

/** What the schema does not know is not looked at, as ever. */
function hold(schema: Schema, value: unknown, path: readonly PropertyKey[]): void {
  if (schema === undefined) return;
  const result = schema.safeParse(value);
  if (result.success) return;
  const [issue] = result.error.issues;
  throw new SchemaFault(`${[...path, ...(issue?.path ?? [])].join('.')}: ${issue?.message}`);
}

type LineReader = ReturnType<typeof createLineReader>;

/** Reads the entries of a list and its end. Returns whether it is the last member. */
function readList(lines: LineReader, schema: Schema, key: string): boolean {
  if (schema !== undefined && !isOfLists(schema)) throw new SchemaFault(`${key}: it is a list`);
  const element = schema?.element;
  for (let [place, hasNext] = [0, true]; hasNext; place++) {
    const [value, isFollowed] = parseEntry(lines.next());
    hold(element, value, [key, place]);
    hasNext = isFollowed;
  }
  const end = lines.next();
  if (end !== ']' && end !== '],') throw new SyntaxError(`${key} does not end`);
  return end === ']';
}

function isOfLists(schema: z.ZodType): schema is z.ZodArray<z.ZodType> {
  return schema.type === 'array';
}

/** A map on one line: those of all files are short. */
function joinMap(lines: LineReader): string {
  let map = '{';
  for (;;) {
    const line = lines.next();
    map += line;
    if (line === '}' || line === '},') return map;
  }
}

/** A value, and whether a comma says that another follows. */
function parseEntry(line: string): readonly [value: unknown, hasNext: boolean] {
  const hasNext = line.endsWith(',');
  return [JSON.parse(hasNext ? line.slice(0, -1) : line), hasNext];
}

/** Lines one after the other, without all of them at once. */
function createLineReader(text: string) {
  let at = 0;
  const next = () => {
    if (at > text.length) throw new SyntaxError('it ends too early');
    const found = text.indexOf('\n', at);
    const end = found === -1 ? text.length : found;
    const line = text.slice(at, end);
    at = end + 1;
    return line;
  };
  return {
    next,
    expect(line: string) {
      if (next() !== line) throw new SyntaxError(`${line} is missing`);
    },
    expectEnd() {
      if (at <= text.length) throw new SyntaxError('something follows');
    },
  };
}
