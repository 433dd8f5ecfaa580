/**
 * The outlines of all repositories, kept from run to run, so that an hour in which nothing happened opens none of the snapshot's
 * files. The snapshot alone is true: an outline counts for as long as the file that it was made from stands as it stood, in
 * name, size and time of writing, and the program and the settings that decide what is in it are the same. Even so each
 * repository is read anew in every twenty-fourth run, so that a disk that lost something is found out within a day.
 */
import { hash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../catalogue/model.ts';
import { type OutlineSettings, type RepositoryOutline, toOutline } from '../crawl/repository-outline.ts';
import { spreadOf } from '../crawl/spread.ts';
import { replaceFile } from '../snapshot/durable-write.ts';
import { fingerprintOf } from '../snapshot/fingerprint.ts';
import type { IndexEntry } from '../snapshot/index.schema.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
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
  /** Keeps those of `entries` for the next run. To be called once they are committed. */
  write(entries: readonly IndexEntry[]): Promise<void>;
}

export interface OutlinesOptions {
  readonly stateDir: string;
  readonly store: SnapshotStore;
  readonly shown: ShownNames;
  readonly movingTags: readonly string[];
  readonly programFingerprint: string;
}

/** In so many runs every repository is read once. */
const turns = 24;

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

  return {
    find(entry, turn) {
      const line = kept?.get(entry.name);
      if (line === undefined || line.file !== entry.file || hasTurn(entry, turn)) return null;
      if (store.readMark(entry) !== line.mark) return null;
      try {
        return decodeOutline(line.outline);
      } catch {
        return null;
      }
    },
    note(entry, repository) {
      const outline = toOutline(repository, settings);
      noted.set(`${entry.name} ${entry.file}`, outline === null ? null : encodeOutline(outline));
    },
    async write(entries) {
      const lines: string[] = [];
      let hasChanged = kept === null;
      for (const entry of entries) {
        const before = kept?.get(entry.name);
        const outline = noted.get(`${entry.name} ${entry.file}`);
        if (outline === undefined) {
          if (before?.file === entry.file) lines.push(before.text);
          continue;
        }
        const mark = outline === null ? null : store.readMark(entry);
        if (outline === null || mark === null) continue;
        const text = [entry.name, entry.file, mark, outline].join('\t');
        hasChanged ||= text !== before?.text;
        lines.push(text);
      }
      if (!hasChanged && lines.length === kept?.size) return;
      const length = lines.reduce((sum, line) => sum + line.length, 0);
      if (length > mostCharacters) await rm(path, { force: true });
      else await replaceFile(path, encodeKept(fingerprint, lines));
    },
  };
}

/** A catalogue so large that its outlines would be more is read as a whole. */
const mostCharacters = 256 * 1024 * 1024;

/** Spread by names, so that every run has about as many. */
function hasTurn({ name }: IndexEntry, turn: number): boolean {
  return spreadOf(name) % turns === turn % turns;
}

interface KeptLine {
  readonly text: string;
  readonly file: string;
  readonly mark: string;
  readonly outline: string;
}

/** A line that says what they were made with, one for each, and the digest of all that. */
function encodeKept(fingerprint: string, lines: readonly string[]): string {
  const text = `${[fingerprint, ...lines].join('\n')}\n`;
  return `${text}${hash('sha256', text)}\n`;
}

async function readKept(path: string, fingerprint: string): Promise<ReadonlyMap<string, KeptLine> | null> {
  const whole = await readFile(path, 'utf8').catch(() => '');
  const end = whole.lastIndexOf('\n', whole.length - 2) + 1;
  if (end === 0 || hash('sha256', whole.slice(0, end)) !== whole.slice(end, -1)) return null;
  const [head, ...lines] = whole.slice(0, end - 1).split('\n');
  if (head !== fingerprint) return null;
  return new Map(
    lines.map((text) => {
      const [name = '', file = '', mark = '', outline = ''] = text.split('\t');
      return [name, { text, file, mark, outline }];
    }),
  );
}
