import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface ListOptions {
  /** Whether a link to a folder is that folder; else it is left out, with all that lies behind it. Default true. */
  readonly followLinks?: boolean;
}

/** Every file below `folder`, relative to it with `/` between the parts, in string order. */
export async function listFiles(folder: string, { followLinks = true }: ListOptions = {}): Promise<readonly string[]> {
  const found: string[] = [];
  // The kernel has the answers in memory; waiting for a hundred thousand of them one by one would take many times as long.
  const walk = (below: string) => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      const isLinkedFolder = entry.isSymbolicLink() && isFolder(join(folder, path));
      if (entry.isDirectory() || (isLinkedFolder && followLinks)) walk(path);
      else if (!isLinkedFolder) found.push(path);
    }
  };
  walk('');
  return found.sort();
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
