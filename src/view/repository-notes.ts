/** What the operator says of repositories, gathered from all entries of the overlay that mean them. */
import type { RepositoryName } from '../oci/reference.ts';
import { createNameMatcher } from '../settings/name-patterns.ts';
import type { Overlay, RepositoryNotes } from '../settings/overlay.schema.ts';

export type NotesOf = (name: RepositoryName) => RepositoryNotes;

/** Compiles an overlay. Its entries are read in order, and what a later one says wins. */
export function createNotesOf(overlay: Overlay): NotesOf {
  const entries = Object.entries(overlay).map(([pattern, notes]) => ({ matches: createNameMatcher([pattern]), notes }));
  return (name) => {
    const meant = entries.filter(({ matches }) => matches(name));
    return Object.assign({}, ...meant.map(({ notes }) => notes));
  };
}
