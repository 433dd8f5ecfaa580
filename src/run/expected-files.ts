/**
 * Which files a built site must have, in a file: they are more than a process should be sent, and who writes them works them
 * out one repository at a time. Each line has the id and the path of a folder that releases share and its files, with tabs
 * between; lines of files that lie in no such folder have neither.
 */
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import type { SiteExpectations } from '../publish/validate-site.ts';

/** How many files that lie in no folder share a line. */
const looseOnLine = 1000;

/** Writes them. Returns how many files there are. */
export function writeExpected(path: string, loose: Iterable<string>, folders: SiteExpectations['folders']): number {
  const file = openSync(path, 'w');
  let count = 0;
  const write = (id: string, folder: string, files: readonly string[]) => {
    count += files.length;
    if (files.length > 0) writeFileSync(file, `${[id, folder, ...files].join('\t')}\n`);
  };
  try {
    let pending: string[] = [];
    for (const each of loose) {
      pending.push(each);
      if (pending.length < looseOnLine) continue;
      write('', '', pending);
      pending = [];
    }
    write('', '', pending);
    for (const { id, folder, listFiles } of folders) write(id, folder, listFiles());
  } finally {
    closeSync(file);
  }
  return count;
}

/** Reads them. */
export function readExpected(path: string): Pick<SiteExpectations, 'expectedFiles' | 'folders'> {
  const expectedFiles: string[] = [];
  const folders: SiteExpectations['folders'][number][] = [];
  for (const line of readFileSync(path, 'utf8').split('\n').slice(0, -1)) {
    const [id = '', folder = ''] = line.split('\t', 2);
    const listFiles = () => line.split('\t').slice(2);
    if (id === '') expectedFiles.push(...listFiles());
    else folders.push({ id, folder, listFiles });
  }
  return { expectedFiles, folders };
}
