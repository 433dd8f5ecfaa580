/**
 * The snapshot on disk. Repository files are named by their content and written first; the index names them and is
 * renamed into place last. Whoever reads finds one whole snapshot or another, whenever a writer was killed.
 */
import { hash } from 'node:crypto';
import { type Dirent, existsSync, readdirSync, readFile as readFileWithCallback, statSync } from 'node:fs';
import { mkdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { CatalogueEvent, EventArchive, Repository } from '../catalogue/model.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { isTemporaryName, replaceFile, syncFileSystem } from './durable-write.ts';
import { decodeArchive, encodeArchive, splitEvents } from './event-archive.ts';
import { type IndexEntry, indexSchema, type SnapshotIndex, snapshotSchemaVersion } from './index.schema.ts';
import { migrate, readSchemaVersion } from './migrations.ts';
import { decodeProvenRepository, encodeRepository } from './repository-codec.ts';
import { describeCause, SnapshotError } from './snapshot-error.ts';
import { encodeStableJson } from './stable-json.ts';

export interface SnapshotStore {
  /** The index, or null where there is no snapshot yet. Throws a `SnapshotError`, also where an index was there and is gone. */
  readIndex(): Promise<SnapshotIndex | null>;
  /** A repository of the index. Throws a `SnapshotError` when its bytes are missing or are not those that were written. */
  readRepository(entry: Pick<IndexEntry, 'name' | 'file'>): Promise<Repository>;
  /** By what a repository's file is known not to have been written since: its size and time of writing. Null where it is not there. */
  readMark(entry: Pick<IndexEntry, 'name' | 'file'>): string | null;
  /** The repository with its whole history. Throws a `SnapshotError` when a file of it is missing or broken. */
  readHistory(repository: Repository): Promise<Repository>;
  /**
   * Writes a repository's file, and those of its older events, if they are not there already. They count only once an index
   * that names them is committed.
   */
  writeRepository(repository: Repository): Promise<IndexEntry>;
  /** Makes `index` the snapshot: flushes what was written, then renames the index into place. */
  commit(index: SnapshotIndex): Promise<void>;
  /**
   * Removes the files that `index` does not name, which this run, killed runs and the snapshot before left: files with names that
   * only we give, and no other. Resolves to their number. Where the run before left none it looks only where this one wrote, or
   * where the index names fewer.
   */
  removeUnnamed(index: Pick<SnapshotIndex, 'repositories'>): Promise<number>;
}

/** A fifth of the processor time that the same of `node:fs/promises` takes: every run reads thousands of small files. */
const readFile = promisify(readFileWithCallback);

/** Opens the snapshot of a state folder. Nothing is read or made yet. */
export function createSnapshotStore(stateDir: string): SnapshotStore {
  const folder = join(stateDir, 'snapshot');
  const indexFile = join(folder, 'catalogue.json');
  const repositories = join(folder, 'repositories');
  /** Stands there while every file is one that the index names. To look through all folders takes longer than all else. */
  const sweptFile = join(folder, 'swept');
  const fileOf = (name: RepositoryName, file: string) => join(repositories, name, '-', `${file}.json`);

  /** Files that were read, and whose bytes are those that their names say: what would be written there stands there. */
  const proven = new Set<string>();
  /** Whether files may wait to be flushed: written ones, and those of a run that was killed before it could. */
  let isUnflushed = false;
  /** The folders of files that may be unnamed by now, where no others are. Null where any may be, or none is. */
  let touched: Set<string> | null = null;
  /** Resolves when nobody relies any more on every file being named. Null while all are. */
  let noted: Promise<void> | null = null;
  /** The files of the index that was read or committed last. Null where that is not known. */
  let namedFiles: ReadonlySet<string> | null = null;

  /** To be called before files that are in none of those that the index names come to be there, or named ones go out of it. */
  async function noteUnnamed(paths: Iterable<string>): Promise<void> {
    if (noted === null) {
      touched = existsSync(sweptFile) ? new Set() : null;
      noted = rm(sweptFile, { force: true });
    }
    for (const path of paths) touched?.add(dirname(path));
    await noted;
  }

  /** Which files were named before is not known: any may be there. */
  async function forgetTouched(): Promise<void> {
    await noteUnnamed([]);
    touched = null;
  }

  function listFiles({ repositories: entries }: Pick<SnapshotIndex, 'repositories'>): ReadonlySet<string> {
    return new Set(
      entries.flatMap(({ name, file, archives = [] }) => [file, ...archives].map((one) => fileOf(name, one))),
    );
  }

  /** Reads a file that is named by its content. */
  async function readContent<Content>(
    name: RepositoryName,
    file: string,
    decode: (value: unknown) => Content,
  ): Promise<Content> {
    const path = fileOf(name, file);
    try {
      const bytes = await readFile(path);
      if (hash('sha256', bytes, 'hex') !== file) {
        throw new TypeError('its bytes are not those that were written');
      }
      proven.add(path);
      const value: unknown = JSON.parse(bytes.toString('utf8'));
      throwIfNewer(value, path);
      return decode(value);
    } catch (cause) {
      if (cause instanceof SnapshotError || (isSystemError(cause) && cause.code !== 'ENOENT')) throw cause;
      throw broken(path, cause);
    }
  }

  /** Writes a file that is named by its content, and resolves to its name. */
  async function writeContent(name: RepositoryName, text: string): Promise<string> {
    const file = hash('sha256', text, 'hex');
    const path = fileOf(name, file);
    if (proven.has(path)) return file;
    isUnflushed = true;
    if (!(await holds(path, text))) {
      await noteUnnamed([path]);
      await mkdir(dirname(path), { recursive: true });
      const temporary = `${path}.tmp`;
      await writeFile(temporary, text);
      await rename(temporary, path);
    }
    return file;
  }

  async function putEventsAway(repository: Repository): Promise<Repository> {
    const { archived, recent } = splitEvents(repository.events);
    const archives: EventArchive[] = [];
    for (const one of archived) {
      const file = await writeContent(repository.name, encodeArchive(repository.name, one));
      archives.push({ year: one.year, file, events: one.events.length });
    }
    return archives.length === 0 ? repository : { ...repository, archives, events: recent };
  }

  return {
    async readIndex() {
      let text: string;
      try {
        text = await readFile(indexFile, 'utf8');
      } catch (error) {
        if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
        // It was written after an index: to begin anew would remove the history that only the index is missing of.
        if (existsSync(sweptFile)) throw broken(indexFile, 'it is gone, and what it named is not');
        return null;
      }
      const index = decodeIndex(text, indexFile);
      namedFiles = listFiles(index);
      return index;
    },

    async readRepository({ name, file }) {
      return readContent(name, file, (value) => decodeProvenRepository(migrate('repository', value)));
    },

    readMark({ name, file }) {
      const found = statSync(fileOf(name, file), { throwIfNoEntry: false });
      return found === undefined ? null : `${found.size} ${found.mtimeMs}`;
    },

    async readHistory(repository) {
      const { name, archives, events } = repository;
      if (archives.length === 0) return repository;
      const earlier: (readonly CatalogueEvent[])[] = [];
      for (const { file } of archives)
        earlier.push(await readContent(name, file, (value) => decodeArchive(value, name)));
      return { ...repository, archives: [], events: [...earlier.flat(), ...events] };
    },

    async writeRepository(repository) {
      const { name, source, state, tags } = repository;
      const own = repository.archives.length > 0 ? repository : await putEventsAway(repository);
      const file = await writeContent(name, encodeRepository(own));
      const archives = own.archives.map((archive) => archive.file);
      return { name, file, ...(archives.length === 0 ? {} : { archives }), source, state, tags: tags.size };
    },

    async commit(index) {
      await mkdir(folder, { recursive: true });
      const files = listFiles(index);
      const gone = namedFiles?.difference(files);
      if (gone === undefined) await forgetTouched();
      else if (gone.size > 0) await noteUnnamed(gone);
      // It waits for whatever else is being written there: not in an hour that wrote nothing.
      if (isUnflushed) await syncFileSystem(folder);
      isUnflushed = false;
      await replaceFile(indexFile, encodeIndex(index));
      namedFiles = files;
    },

    async removeUnnamed(index) {
      proven.clear();

      const temporary = list(folder).filter(({ name }) => isTemporaryName(name));
      for (const { name } of temporary) await rm(join(folder, name));
      if (existsSync(sweptFile)) return temporary.length;
      const named = listFiles(index);
      let removed = 0;
      if (touched === null) removed = (await removeUnnamedBelow(repositories, named)).removed;
      else for (const each of touched) removed += await removeUnnamedIn(each, repositories, named);
      if (existsSync(folder)) await writeFile(sweptFile, '');
      [touched, noted] = [null, null];
      return temporary.length + removed;
    },
  };
}

function encodeIndex(index: SnapshotIndex): string {
  const { checkedAt, changedAt, beganAt, registry, runs, withheldRepositories, unreadRepositories, hiddenNames } =
    index;
  const { hiddenMarks, hiddenNamesChanged, environmentPublished, shownPatterns, tagPatterns } = index;
  const { heldBackRemovals, sources, joined } = index;
  return encodeStableJson({
    schemaVersion: snapshotSchemaVersion,
    checkedAt,
    changedAt,
    beganAt,
    registry,
    runs,
    withheldRepositories,
    unreadRepositories,
    hiddenNames,
    hiddenMarks,
    hiddenNamesChanged,
    environmentPublished,
    shownPatterns,
    tagPatterns,
    heldBackRemovals,
    sources,
    joined,
    repositories: index.repositories.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
  });
}

function decodeIndex(text: string, path: string): SnapshotIndex {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw broken(path, cause);
  }
  throwIfNewer(value, path);
  const result = indexSchema.safeParse(migrate('index', value));
  if (!result.success) throw broken(path, result.error);
  const { schemaVersion: _, ...index } = result.data;
  return index;
}

function throwIfNewer(value: unknown, path: string): void {
  const version = readSchemaVersion(value);
  if (version === null || version <= snapshotSchemaVersion) return;
  throw new SnapshotError(
    'SNAPSHOT_NEWER',
    `${path} has schema version ${version}; this program knows ${snapshotSchemaVersion}`,
    'A newer registry-homepage wrote it. Upgrade this one, or give it a state folder of its own.',
  );
}

function broken(path: string, cause: unknown): SnapshotError {
  return new SnapshotError(
    'SNAPSHOT_BROKEN',
    `${path} cannot be used: ${describeCause(cause)}`,
    'Restore the snapshot folder from a backup, or move it away to begin anew (the history is lost then).',
    { cause },
  );
}

/** Whether the file is there and whole: what a power cut left under a final name need not be. */
async function holds(path: string, text: string): Promise<boolean> {
  // Hardly ever is: to be told so by an error takes twenty times as long.
  if (!existsSync(path)) return false;
  try {
    return (await readFile(path, 'utf8')) === text;
  } catch {
    return false;
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'errno' in error;
}

/** A repository's file, and one that was being written; both stand in a folder called `-`. */
const ownFile = /^[0-9a-f]{64}\.json(?:\.tmp)?$/;

interface Cleaned {
  readonly removed: number;
  readonly isEmpty: boolean;
}

/** Removes them from one repository's folder, and it where it is empty then, as those above it up to `top`. */
async function removeUnnamedIn(folder: string, top: string, named: ReadonlySet<string>): Promise<number> {
  const { removed, isEmpty } = await removeUnnamedBelow(folder, named);
  for (let empty = folder; isEmpty && empty !== top; empty = dirname(empty)) {
    try {
      await rmdir(empty);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      break;
    }
  }
  return removed;
}

async function removeUnnamedBelow(folder: string, named: ReadonlySet<string>): Promise<Cleaned> {
  let [removed, left] = [0, 0];
  for (const entry of list(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const below = await removeUnnamedBelow(path, named);
      removed += below.removed;
      const isGone =
        below.isEmpty &&
        (await rmdir(path).then(
          () => true,
          () => false,
        ));
      if (!isGone) left++;
    } else if (basename(folder) === '-' && ownFile.test(entry.name) && !named.has(path)) {
      await rm(path);
      removed++;
    } else left++;
  }
  return { removed, isEmpty: left === 0 };
}

/** Each folder is looked into, and the kernel knows the answer: to wait for it would take ten times as long. */
function list(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
