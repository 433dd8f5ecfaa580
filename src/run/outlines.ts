/**
 * The outlines of all repositories, kept from run to run, so that an hour in which nothing happened opens none of the snapshot's
 * files. The snapshot alone is true: an outline counts for as long as the file that it was made from stands as it stood, in
 * name, size and time of writing, and the program and the settings that decide what is in it are the same. Even so each
 * repository is read anew in every twenty-fourth run, so that a disk that lost something is found out within a day.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../catalogue/model.ts';
import { type OutlineSettings, type RepositoryOutline, toOutline } from '../crawl/repository-outline.ts';
import { hasTurn } from '../crawl/spread.ts';
import { replaceUnflushed } from '../snapshot/durable-write.ts';
import { fingerprintOf } from '../snapshot/fingerprint.ts';
import type { IndexEntry } from '../snapshot/index.schema.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import { findSeal, sealBytes } from '../view/sealed-bytes.ts';
import { fingerprintOfPatterns } from './hide-names.ts';
import { decodeOutline, encodeOutline } from './outline-codec.ts';
import type { ShownNames } from './shown-names.ts';

export interface Outlines {
  /**
   * The outline of a repository whose file stands as it stood; null where all of it must be read. `turn` is how many runs there
   * were before.
   */
  find(entry: IndexEntry, turn: number): RepositoryOutline | null;
  /** Remembers a repository that was read or written. */
  note(entry: IndexEntry, repository: Repository): void;
  /**
   * Keeps those of `entries` for the next run. To be called once they are committed. Where it fails nothing is kept: what was there
   * may name what is hidden since.
   */
  write(entries: readonly IndexEntry[]): Promise<void>;
}

export interface OutlinesOptions {
  readonly stateDir: string;
  readonly store: Pick<SnapshotStore, 'readMark'>;
  readonly shown: ShownNames;
  readonly movingTags: readonly string[];
  readonly programFingerprint: string;
}

/** Where nothing is kept: everything is read. */
export const noOutlines: Outlines = { find: () => null, note: () => undefined, write: async () => undefined };

/** Opens what is kept. What is not there, broken, or made by another program or with other settings is as good as nothing. */
export async function openOutlines(options: OutlinesOptions): Promise<Outlines> {
  const { stateDir, store, shown, movingTags, programFingerprint } = options;
  const fingerprint = fingerprintOf([programFingerprint, fingerprintOfPatterns(shown), movingTags]);
  const settings: OutlineSettings = { movingTags, isTagShown: shown.isTagShown };
  const path = join(stateDir, 'cache', 'outlines.txt');
  const kept = await readKept(path, fingerprint);
  // Names that other settings showed.
  if (kept === null) await rm(path, { force: true });
  const noted = new Map<string, string | null>();

  /** What is to be kept of `entries`, made one by one: all of it together may be long. */
  function* listLines(entries: readonly IndexEntry[]): Generator<{ readonly name: string; readonly bytes: Buffer }> {
    for (const { name, file } of entries) {
      const before = kept?.get(name);
      const outline = noted.get(`${name} ${file}`);
      if (outline === undefined) {
        if (before?.file === file) yield { name, bytes: before.bytes };
        continue;
      }
      const mark = outline === null ? null : store.readMark({ name, file });
      if (mark !== null) yield { name, bytes: Buffer.from(`${[name, file, mark, outline].join('\t')}\n`) };
    }
  }

  return {
    find(entry, turn) {
      const line = kept?.get(entry.name);
      if (line === undefined || line.file !== entry.file || hasTurn(entry.name, turn)) return null;
      if (store.readMark(entry) !== line.mark) return null;
      try {
        return decodeOutline(line.bytes.toString('utf8', ...line.outline));
      } catch {
        return null;
      }
    },
    note(entry, repository) {
      const outline = toOutline(repository, settings);
      noted.set(`${entry.name} ${entry.file}`, outline === null ? null : encodeOutline(outline));
    },
    async write(entries) {
      let hasChanged = kept === null;
      let [lines, length] = [0, 0];
      for (const line of listLines(entries)) {
        hasChanged ||= kept?.get(line.name)?.bytes.equals(line.bytes) !== true;
        lines++;
        length += line.bytes.length;
      }
      if (!hasChanged && lines === kept?.size) return;
      const forget = () => rm(path, { recursive: true, force: true });
      if (length > mostBytes) return forget();
      try {
        await replaceUnflushed(path, sealBytes(listKept(fingerprint, listLines(entries))));
      } catch (error) {
        await forget();
        throw error;
      }
    },
  };
}

/** A catalogue so large that its outlines would be more is read as a whole. */
const mostBytes = 1024 * 1024 * 1024;

/** One repository's, as bytes of the file: as text all of them together would take several times the memory. */
interface KeptLine {
  readonly bytes: Buffer;
  readonly file: string;
  readonly mark: string;
  /** Where its outline begins and ends. */
  readonly outline: readonly [begin: number, end: number];
}

/** A line that says what they were made with, and one for each. */
function* listKept(fingerprint: string, lines: Iterable<{ readonly bytes: Buffer }>): Generator<Buffer> {
  yield Buffer.from(`${fingerprint}\n`);
  for (const { bytes } of lines) yield bytes;
}

async function readKept(path: string, fingerprint: string): Promise<ReadonlyMap<string, KeptLine> | null> {
  const whole = await readFile(path).catch(() => Buffer.alloc(0));
  const end = findSeal(whole);
  if (end === null) return null;
  const kept = new Map<string, KeptLine>();
  let at = whole.indexOf('\n') + 1;
  if (whole.toString('utf8', 0, at - 1) !== fingerprint) return null;
  while (at < end) {
    const next = whole.indexOf('\n', at) + 1;
    const bytes = whole.subarray(at, next);
    const [nameEnd, fileEnd, markEnd] = listTabs(bytes);
    const file = bytes.toString('latin1', nameEnd + 1, fileEnd);
    const mark = bytes.toString('latin1', fileEnd + 1, markEnd);
    const outline = [markEnd + 1, bytes.length - 1] as const;
    kept.set(bytes.toString('utf8', 0, nameEnd), { bytes, file, mark, outline });
    at = next;
  }
  return kept;
}

function listTabs(bytes: Buffer): readonly [number, number, number] {
  const first = bytes.indexOf('\t');
  const second = bytes.indexOf('\t', first + 1);
  return [first, second, bytes.indexOf('\t', second + 1)];
}
