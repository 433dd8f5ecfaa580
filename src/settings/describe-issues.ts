/** What a schema found wrong, in sentences for people: the key, what was expected, and the nearest key that exists. */
import { z } from 'astro/zod';
import { nearestName } from './nearest-name.ts';

/** Describes every problem that `schema` found, a line each. */
export function describeIssues(error: z.ZodError, schema: z.core.$ZodType): readonly string[] {
  return error.issues.flatMap((issue) => describeIssue(issue, schema));
}

function describeIssue(issue: z.core.$ZodIssue, whole: z.core.$ZodType): readonly string[] {
  const place = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const known = nearestName(key, knownKeysAt(issue.path, whole));
      return `${place ? `${place}.` : ''}${key}: unknown key${known ? `; did you mean "${known}"?` : ''}`;
    });
  }
  if (place === 'sources' && /received undefined$/.test(issue.message)) {
    return ['sources: missing; name at least one registry, such as --registry http://localhost:5000'];
  }
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => `${place}: ${message}`);
  if (issue.code === 'invalid_union') return [`${place}: expected a list of names, or the path of a file`];
  return [`${place || 'settings'}: ${issue.message.replace(/^Invalid input: /, '')}`];
}

function knownKeysAt(path: readonly PropertyKey[], whole: z.core.$ZodType): readonly string[] {
  let schema: z.core.$ZodType | undefined = whole;
  for (const step of path) {
    schema = unwrap(schema);
    if (schema instanceof z.ZodArray) schema = schema.element as z.core.$ZodType;
    else if (schema instanceof z.ZodRecord) schema = schema.valueType as z.core.$ZodType;
    else if (schema instanceof z.ZodObject) schema = schema.shape[String(step)];
  }
  schema = unwrap(schema);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function unwrap(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault) inner = inner.unwrap() as z.core.$ZodType;
  return inner;
}
