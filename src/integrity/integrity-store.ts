/**
 * `<stateDir>/integrity/`: `<mode>.json` holds what is known; `<mode>.journal` gets a line for each blob as it is checked, so that
 * a run that is killed loses nothing that it wrote. The next run makes one of both. No file holds a name.
 */
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTemporaryFiles, replaceFile } from '../snapshot/durable-write.ts';
import { SnapshotError } from '../snapshot/snapshot-error.ts';
import { encodeStableJson } from '../snapshot/stable-json.ts';
import type { BlobCheck } from './blob-check.ts';
import { toBlobKey } from './blob-inventory.ts';
import type { CheckMode } from './check-blob.ts';
import {
  type CheckRow,
  checkRowSchema,
  integrityFileSchema,
  integritySchemaVersion,
  type NamedTotals,
} from './integrity-state.schema.ts';

export interface IntegrityState {
  readonly cycle: number;
  readonly named: NamedTotals;
  /** By `toBlobKey`. */
  readonly checks: ReadonlyMap<string, BlobCheck>;
}

export interface IntegrityJournal {
  append(check: BlobCheck): Promise<void>;
  close(): Promise<void>;
}

export interface IntegrityStore {
  /** The folder, for the lock. */
  readonly folder: string;
  /**
   * What is known, that of a run under way included. Nothing, where nothing is there or it cannot be understood: then all is
   * verified anew. Throws a `SnapshotError` where a newer program wrote it.
   */
  read(mode: CheckMode): Promise<IntegrityState>;
  /** Replaces what is known, and empties the journal. To be called under the lock. */
  write(mode: CheckMode, state: IntegrityState): Promise<void>;
  /** Opens the journal, to be added to. To be called under the lock. */
  openJournal(mode: CheckMode): Promise<IntegrityJournal>;
}

export const emptyIntegrityState: IntegrityState = {
  cycle: 0,
  named: { blobs: 0, sizeBytes: 0, foreignBlobs: 0 },
  checks: new Map(),
};

/** `onDamaged` is told of a file that is there and cannot be understood. */
export function createIntegrityStore(
  stateDir: string,
  onDamaged: (path: string) => void = () => undefined,
): IntegrityStore {
  const folder = join(stateDir, 'integrity');
  const fileOf = (mode: CheckMode) => join(folder, `${mode}.json`);
  const journalOf = (mode: CheckMode) => join(folder, `${mode}.journal`);

  return {
    folder,
    async read(mode) {
      const text = await readIfThere(fileOf(mode));
      const state = text === null ? emptyIntegrityState : decodeState(text, fileOf(mode), onDamaged);
      const added = decodeJournal((await readIfThere(journalOf(mode))) ?? '');
      if (added.length === 0) return state;
      const checks = new Map(state.checks);
      for (const check of added) checks.set(toBlobKey(check), check);
      const cycle = added.reduce((newest, check) => Math.max(newest, check.cycle), state.cycle);
      return { ...state, cycle, checks };
    },
    async write(mode, state) {
      await removeTemporaryFiles(folder);
      await replaceFile(fileOf(mode), encodeState(state));
      await rm(journalOf(mode), { force: true });
    },
    async openJournal(mode) {
      await mkdir(folder, { recursive: true });
      const handle = await open(journalOf(mode), 'a');
      let last = Promise.resolve();
      return {
        append(check) {
          // One after the other, so that no two lines are mixed.
          const written = last.then(() => handle.appendFile(`${JSON.stringify(toRow(check))}\n`));
          last = written.catch(() => undefined);
          return written;
        },
        async close() {
          await last;
          await handle.close();
        },
      };
    },
  };
}

function encodeState({ cycle, named, checks }: IntegrityState): string {
  const sorted = [...checks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, check]) => toRow(check));
  return encodeStableJson({ schemaVersion: integritySchemaVersion, cycle, named, checks: sorted });
}

function decodeState(text: string, path: string, onDamaged: (path: string) => void): IntegrityState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    onDamaged(path);
    return emptyIntegrityState;
  }
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version === 'number' && version > integritySchemaVersion) {
    throw new SnapshotError(
      'SNAPSHOT_NEWER',
      `${path} has schema version ${version}; this program knows ${integritySchemaVersion}`,
      'A newer registry-homepage wrote it. Upgrade this one, or move the file away to verify everything anew.',
    );
  }
  const result = integrityFileSchema.safeParse(value);
  if (!result.success) {
    onDamaged(path);
    return emptyIntegrityState;
  }
  const { cycle, named, checks } = result.data;
  return {
    cycle,
    named,
    checks: new Map(checks.map((row) => [toBlobKey({ source: row[0], digest: row[1] }), toCheck(row)])),
  };
}

/** The lines that are whole: a run that was killed may have left half of one. */
function decodeJournal(text: string): readonly BlobCheck[] {
  return text.split('\n').flatMap((line) => {
    try {
      const result = checkRowSchema.safeParse(JSON.parse(line));
      return result.success ? [toCheck(result.data)] : [];
    } catch {
      return [];
    }
  });
}

function toRow(check: BlobCheck): CheckRow {
  const { source, digest, cycle, checkedAt, outcome, sizeBytes, foundAt, unreadSince, lacks } = check;
  const common = [source, digest, cycle, checkedAt, outcome, sizeBytes, foundAt, unreadSince] as const;
  return lacks.length === 0 ? [...common] : [...common, lacks.map(([mark, since]) => [mark, since])];
}

function toCheck(row: CheckRow): BlobCheck {
  const [source, digest, cycle, checkedAt, outcome, sizeBytes, foundAt, unreadSince, lacks = []] = row;
  return { source, digest, cycle, checkedAt, outcome, sizeBytes, foundAt, lacks, unreadSince };
}

async function readIfThere(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
