/**
 * Files that are finished as they are written: looked through for what may not be shown, checked, and compressed where that is
 * quick. Who makes a text has it in hand, and of a hundred thousand files to read each again, twice, takes as long as to make
 * them.
 */
import { closeSync, fstatSync, mkdirSync, openSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeQuickTwins } from './compress-files.ts';
import { createFolderMaker } from './link-file.ts';
import { createMadeFiles } from './made-files.ts';
import type { SiteRules } from './site-rules.ts';
import { createTextCheck } from './text-check.ts';

export interface Finisher {
  /** Finishes a file. Throws where one is there: two pages at one address are a defect of ours, and one would silently win. */
  write(path: string, text: string): void;
  /** To be called when all is written, and before the last look at the site. */
  close(): void;
}

/** How files are finished. */
export interface Finishing {
  readonly rules: SiteRules;
  /** The folder of the files in which is kept what was found. */
  readonly madeFolder: string;
}

/** Finishes files in `folder`. `name` is that of the file in which what is found is kept: no two that write may share one. */
export function createFinisher(folder: string, name: string, { rules, madeFolder }: Finishing): Finisher {
  const { check } = createTextCheck(rules);
  const makeFolder = createFolderMaker();
  mkdirSync(madeFolder, { recursive: true });
  const made = createMadeFiles(join(madeFolder, name));
  return {
    write(path, written) {
      const { text, titles, targets, problems } = check(path, written);
      const file = join(folder, path);
      makeFolder(file);
      const bytes = Buffer.from(text);
      const { ino, size, mtimeMs } = writeNewFile(file, bytes);
      writeQuickTwins(folder, path, bytes);
      const content = { titles, targets, problems, isRedacted: text !== written };
      made.add({ path, ino, sizeBytes: size, modifiedMs: mtimeMs, ...content });
    },
    close: made.close,
  };
}

/** Says of files that were finished elsewhere that there is nothing to be found in them. */
export function noteFinished(folder: string, name: string, paths: readonly string[], { madeFolder }: Finishing): void {
  const made = createMadeFiles(join(madeFolder, name));
  for (const path of paths) {
    const { ino, size, mtimeMs } = statSync(join(folder, path));
    const nothing = { titles: [], targets: [], problems: [], isRedacted: false };
    made.add({ path, ino, sizeBytes: size, modifiedMs: mtimeMs, ...nothing });
  }
  made.close();
}

function writeNewFile(path: string, bytes: Buffer) {
  const file = openSync(path, 'wx');
  try {
    writeFileSync(file, bytes);
    return fstatSync(file);
  } finally {
    closeSync(file);
  }
}
