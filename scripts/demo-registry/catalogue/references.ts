/** The repositories and tags that `references.txt` lists. */
import { readFileSync } from 'node:fs';
import { parseRepositoryName, parseTag, type RepositoryName, type Tag } from '../../../src/oci/reference.ts';

export interface ListedRepository {
  readonly name: RepositoryName;
  /** Oldest first. */
  readonly versions: readonly Tag[];
  /** Tags that follow the newest version: `latest` and the like. */
  readonly moving: readonly Tag[];
}

const movingTags: ReadonlySet<string> = new Set(['latest', 'stable', 'devel', 'testing']);

export function readReferences(): readonly ListedRepository[] {
  const text = readFileSync(new URL('references.txt', import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [name = '', ...tags] = line.split(' ');
    const parsed = tags.map(parseTag);
    return {
      name: parseRepositoryName(name),
      versions: parsed.filter((tag) => !movingTags.has(tag)),
      moving: parsed.filter((tag) => movingTags.has(tag)),
    };
  });
}
