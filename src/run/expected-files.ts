/**
 * Which files a built site must have, in a file: they are more than a process should be sent, and who writes them works them
 * out one repository at a time. Each line has the id and the path of a folder that releases share, whether its files are to be
 * looked at, and these, with tabs between; lines of files that lie in no such folder have none of the first three.
 */
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import type { SiteExpectations } from '../publish/validate-site.ts';

/** How many files that lie in no folder share a line. */
const looseOnLine = 1000;
/** So many lines are written at a time. */
const linesAtOnce = 1000;

const [toLookAt, known] = ['look', 'known'] as const;

/** Writes them. */
export function writeExpected(path: string, loose: Iterable<string>, folders: SiteExpectations['folders']): void {
  const file = openSync(path, 'w');
  let lines: string[] = [];
  const flush = () => {
    writeFileSync(file, lines.join(''));
    lines = [];
  };
  const write = (...texts: readonly string[]) => {
    if (lines.push(`${texts.join('\t')}\n`) >= linesAtOnce) flush();
  };
  try {
    let pending: string[] = [];
    for (const each of loose) {
      pending.push(each);
      if (pending.length < looseOnLine) continue;
      write('', '', '', ...pending);
      pending = [];
    }
    write('', '', '', ...pending);
    for (const { id, folder, listFiles } of folders) {
      if (listFiles === null) write(id, folder, known);
      else write(id, folder, toLookAt, ...listFiles());
    }
    flush();
  } finally {
    closeSync(file);
  }
}

/** Reads them. */
export function readExpected(path: string): Pick<SiteExpectations, 'expectedFiles' | 'folders'> {
  const expectedFiles: string[] = [];
  const folders: SiteExpectations['folders'][number][] = [];
  for (const line of readFileSync(path, 'utf8').split('\n').slice(0, -1)) {
    const [id = '', folder = '', state] = line.split('\t', 3);
    const listFiles = () => line.split('\t').slice(3);
    if (id === '') expectedFiles.push(...listFiles());
    else folders.push({ id, folder, listFiles: state === toLookAt ? listFiles : null });
  }
  return { expectedFiles, folders };
}
