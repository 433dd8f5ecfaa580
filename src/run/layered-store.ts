import type { SnapshotStore } from '../snapshot/snapshot-store.ts';

/** What a look reads and writes of a snapshot: its repositories, and no index. */
export type RepositoryStore = Pick<SnapshotStore, 'readRepository' | 'readHistory' | 'readMark' | 'writeRepository'>;

/** Reads what stands in `whole`, and what does not in `own`; writes to `own` alone. */
export function createLayeredStore(
  whole: Omit<RepositoryStore, 'writeRepository'>,
  own: RepositoryStore,
): RepositoryStore {
  const holderOf = (entry: Parameters<RepositoryStore['readMark']>[0]) =>
    whole.readMark(entry) === null && own.readMark(entry) !== null ? own : whole;
  return {
    readRepository: (entry) => holderOf(entry).readRepository(entry),
    readMark: (entry) => holderOf(entry).readMark(entry),
    readHistory(repository) {
      const { name, archives } = repository;
      const isWhole = archives.every(({ file }) => whole.readMark({ name, file }) !== null);
      return (isWhole ? whole : own).readHistory(repository);
    },
    writeRepository: (repository) => own.writeRepository(repository),
  };
}
