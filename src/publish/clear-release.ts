/**
 * What is left of a release that goes, for the one that takes its place: its links to folders that both may show. To make ten thousand of
 * them anew and to remove as many takes the better part of a second of an hour.
 */
import { readdirSync, readlinkSync, rmdirSync, unlinkSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The id of the folder that each link leads to, by the path of the link. */
export type LeftLinks = ReadonlyMap<string, string>;

/** Removes from a release all but its links to folders that releases share. */
export function clearRelease(release: string): LeftLinks {
  const links = new Map<string, string>();
  /** Whether anything is left there. */
  const clear = (below: string): boolean => {
    let isEmpty = true;
    for (const entry of readdirSync(join(release, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isSymbolicLink()) {
        links.set(path, basename(readlinkSync(join(release, path))));
        isEmpty = false;
      } else if (entry.isDirectory()) isEmpty = !clear(path) && isEmpty;
      else unlinkSync(join(release, path));
    }
    if (isEmpty && below !== '') rmdirSync(join(release, below));
    return !isEmpty;
  };
  clear('');
  return links;
}
