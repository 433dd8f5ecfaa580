/**
 * What a bundle of this program says of itself. To load some five hundred modules takes longer than an hour in which nothing
 * changed, so the program is run from a bundle where one can be kept (`scripts/program-bundle.ts`).
 */

export interface BundledProgram {
  /** What `readProgramFingerprint` said of the program that it was made from. */
  readonly fingerprint: string;
  /** The folder that it stands in. */
  readonly folder: string;
}

/** A constant of a bundle; elsewhere there is nothing of this name. */
declare const bundledProgram: BundledProgram;

/** Null where the program runs from its sources. */
export const bundled: BundledProgram | null = typeof bundledProgram === 'undefined' ? null : bundledProgram;

/** The modules that a process begins with, by their path in the program: the first is the program's own. */
export const entryModules = [
  'scripts/command-line',
  'src/publish/compress-process',
  'src/run/render-process',
  'src/run/side-process',
] as const;

export type EntryModule = (typeof entryModules)[number];
