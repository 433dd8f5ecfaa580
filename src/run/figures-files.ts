/**
 * The figures of all repositories in one file, and beside it those of the few that changed since: an hour in which little changed writes
 * little. When they have become many, all are written anew.
 */
import { readFileSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceUnflushed } from '../snapshot/durable-write.ts';
import { decodeFigures, encodeFigures, type FiguresHead, type KeptFigures, type ReadFigures } from './figures-codec.ts';

/** Those of all repositories as they were when they were last written, whatever became of them since. */
export type WrittenFigures = Pick<ReadFigures, 'digest' | 'texts' | 'kept'>;

export interface FiguresBefore extends Omit<FiguresHead, 'beyond'> {
  /** One for each repository: the last that was written. */
  readonly kept: readonly KeptFigures[];
  readonly all: WrittenFigures;
}

const allFile = 'figures.bin';
const beyondFile = 'figures-beyond.bin';
/** At most so many of all stand beside the file that has all of them. */
const mostBeyond = 1 / 4;

/**
 * Null for what was made with other means. Throws where there is nothing, or not what was written. What is of no use beside it is
 * removed.
 */
export function readFigures(folder: string, fingerprint: string): FiguresBefore | null {
  const all = decodeFigures(readFileSync(join(folder, allFile)), fingerprint);
  if (all === null) return null;
  const beyond = readBeyond(join(folder, beyondFile), fingerprint, all.digest);
  const kept = new Map([...all.kept, ...(beyond?.kept ?? [])].map((each) => [each.name, each]));
  return { ...(beyond ?? all), kept: [...kept.values()], all };
}

/** What is of no use is removed: it may name what is hidden since. */
function readBeyond(file: string, fingerprint: string, digest: string): ReadFigures | null {
  try {
    const figures = decodeFigures(readFileSync(file), fingerprint);
    if (figures?.beyond === digest) return figures;
  } catch {
    // They are made anew.
  }
  rmSync(file, { recursive: true, force: true });
  return null;
}

/** Keeps exactly these. `all` is what may stay as it was written; null where nothing may. */
export async function writeFigures(
  folder: string,
  head: Omit<FiguresHead, 'beyond'>,
  kept: readonly KeptFigures[],
  all: WrittenFigures | null,
): Promise<void> {
  const written = new Set(all?.kept.map(({ figures }) => figures));
  const others = kept.filter(({ figures }) => !written.has(figures));
  if (all !== null && others.length <= kept.length * mostBeyond) {
    const figures = encodeFigures({ ...head, beyond: all.digest, kept: others });
    await replaceUnflushed(join(folder, beyondFile), figures);
    return;
  }
  await replaceUnflushed(join(folder, allFile), encodeFigures({ ...head, beyond: null, kept }));
  await rm(join(folder, beyondFile), { recursive: true, force: true });
}
