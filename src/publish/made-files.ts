/**
 * What was found in files as they were written, kept for the last look at the site: a file that is still the one that was
 * written need not be read again. Each process that writes has a file of its own; a line of it is a file, or a target, which
 * lines behind it name by its place among those since the list was last begun anew.
 */
import { closeSync, openSync, readdirSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckedFile } from './checked-files.ts';

export interface MadeFile extends CheckedFile {
  readonly path: string;
  /** What is wrong, a sentence each. */
  readonly problems: readonly string[];
  /** Whether names in it were replaced. */
  readonly isRedacted: boolean;
}

export interface MadeFilesWriter {
  add(file: MadeFile): void;
  close(): void;
}

type Line =
  | string
  | readonly []
  | readonly [string, number, number, number, readonly string[], readonly number[], readonly string[], 0 | 1];

/** So many lines are written at once, and so many targets remembered: most are those of few pages side by side. */
const linesAtOnce = 500;
const mostTargets = 5000;

export function createMadeFiles(path: string): MadeFilesWriter {
  const file = openSync(path, 'w');
  const numbers = new Map<string, number>();
  let lines: string[] = [];
  const write = (line: Line) => lines.push(JSON.stringify(line));
  const flush = () => {
    if (lines.length > 0) writeFileSync(file, `${lines.join('\n')}\n`);
    lines = [];
  };
  const toNumber = (target: string): number => {
    const known = numbers.get(target);
    if (known !== undefined) return known;
    write(target);
    numbers.set(target, numbers.size);
    return numbers.size - 1;
  };
  return {
    add({ path, ino, sizeBytes, modifiedMs, titles, targets, problems, isRedacted }) {
      if (numbers.size > mostTargets) {
        numbers.clear();
        write([]);
      }
      write([path, ino, sizeBytes, modifiedMs, titles, targets.map(toNumber), problems, isRedacted ? 1 : 0]);
      if (lines.length >= linesAtOnce) flush();
    },
    close() {
      flush();
      closeSync(file);
    },
  };
}

/** Reads what all processes found, whose files lie in `folder`. */
export function* readMadeFiles(folder: string): Generator<MadeFile, undefined> {
  for (const name of readdirSync(folder).sort()) {
    let targets: string[] = [];
    for (const line of readLines(join(folder, name))) {
      const value = JSON.parse(line) as Line;
      if (typeof value === 'string') targets.push(value);
      else if (value.length === 0) targets = [];
      else yield toMadeFile(value, targets);
    }
  }
}

function toMadeFile(line: Exclude<Line, string | readonly []>, all: readonly string[]): MadeFile {
  const [path, ino, sizeBytes, modifiedMs, titles, numbers, problems, redacted] = line;
  const targets = numbers.map((number) => {
    const target = all[number];
    if (target === undefined) throw new RangeError(`${path} links to a target that was not told`);
    return target;
  });
  return { path, ino, sizeBytes, modifiedMs, titles, targets, problems, isRedacted: redacted === 1 };
}

/** All lines that end: one that does not is of a process that was killed. */
function* readLines(file: string): Generator<string, undefined> {
  const handle = openSync(file, 'r');
  try {
    const piece = Buffer.alloc(pieceBytes);
    let rest = Buffer.alloc(0);
    for (let length = readSync(handle, piece); length > 0; length = readSync(handle, piece)) {
      const bytes = Buffer.concat([rest, piece.subarray(0, length)]);
      let at = 0;
      for (let end = bytes.indexOf(lineEnd); end !== -1; end = bytes.indexOf(lineEnd, at)) {
        yield bytes.toString('utf8', at, end);
        at = end + 1;
      }
      rest = bytes.subarray(at);
    }
  } finally {
    closeSync(handle);
  }
}

const lineEnd = 0x0a;
/** The list of a million pages is longer than the longest text that Node can hold. */
const pieceBytes = 1024 * 1024;
