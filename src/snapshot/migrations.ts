/**
 * What older programs wrote, step by step as the next version has it. A file that did not change is not written again, so
 * files of several versions stand side by side, and no step can ever go.
 */
import { appendEvents } from '../catalogue/events.ts';
import { encodeEvent } from './event-rows.ts';
import { snapshotSchemaVersion } from './index.schema.ts';
import { createTable } from './place-table.ts';
import { versionOneIndexSchema, versionOneRepositorySchema } from './version-one.schema.ts';

/** Makes the parsed JSON of one version's file into that of the next. */
interface Migration {
  readonly index: (value: unknown) => unknown;
  readonly repository: (value: unknown) => unknown;
}

/** The step from a version to the next, by the version that it begins with. */
const migrations: Readonly<Record<number, Migration>> = {
  1: {
    index(value) {
      const { runsBefore = -1, ...index } = versionOneIndexSchema.parse(value);
      return { ...index, schemaVersion: 2, registry: null, runs: runsBefore + 1 };
    },
    repository(value) {
      const file = versionOneRepositorySchema.parse(value);
      const digests = createTable<(typeof file.digests)[number]>((digest) => digest);
      for (const digest of file.digests) digests.place(digest);
      const events = appendEvents([], file.events, 0);
      return {
        ...file,
        schemaVersion: 2,
        digests: digests.rows,
        events: events.map((event) => encodeEvent(event, digests.place)),
      };
    },
  },
};

/** The version that a file says it has; null where it says none. */
export function readSchemaVersion(value: unknown): number | null {
  const version = (value as { readonly schemaVersion?: unknown } | null)?.schemaVersion;
  return typeof version === 'number' ? version : null;
}

/** The parsed JSON of a file as this program's version has it. What is not of an older version stays as it is. */
export function migrate(kind: keyof Migration, value: unknown): unknown {
  let current = value;
  for (let version = readSchemaVersion(current); version !== null; version = readSchemaVersion(current)) {
    const step = version < snapshotSchemaVersion ? migrations[version] : undefined;
    if (step === undefined) return current;
    current = step[kind](current);
  }
  return current;
}
