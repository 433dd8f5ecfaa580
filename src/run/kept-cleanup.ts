/**
 * What was decided about the clean-up of each repository, and what its lists said of it, kept from run to run: a repository of
 * which the same is said need not be read, nor what is said of it.
 */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CleanupDecision } from '../catalogue/cleanup.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { replaceUnflushed } from '../snapshot/durable-write.ts';
import {
  continueKeptTexts,
  createKeptTexts,
  DamagedTextError,
  type KeptPlace,
  type KeptTexts,
  type KnownBy,
  type TextsHead,
} from './kept-texts.ts';

export interface KeptCleanup {
  decisionOf(name: RepositoryName): CleanupDecision | undefined;
  /** What the lists say of a repository, of which `key` stands for all; `make` says it where it is not kept. */
  say(name: RepositoryName, key: string, make: () => readonly string[]): SaidText;
  /** The file that all that was said stands in. It stays there until others open what is kept. */
  textsFile(): string;
  /** Keeps exactly what was decided now and what was asked for. */
  keep(decisions: ReadonlyMap<RepositoryName, CleanupDecision>): Promise<void>;
  close(): void;
}

export interface KeptCleanupOptions {
  readonly stateDir: string;
  /** Whatever the texts depend on besides their keys. */
  readonly fingerprint: string;
  /** Of the names that must be found in no text. */
  readonly hiddenNames: string | null;
  /** Every repository that may be named. */
  readonly names: ReadonlySet<RepositoryName>;
}

/** Where it stands what all lists say, one behind the other, and how many bytes of it are each one's. */
export interface SaidText extends KeptPlace {
  readonly sizesBytes: readonly number[];
}

/** There may be hundreds of megabytes of them, and nobody goes by what they are known by. */
export const textsKnownBy: KnownBy = 'crc32';

interface KeptSaid {
  readonly key: string;
  readonly text: SaidText;
}

interface CleanupIndex extends TextsHead, Pick<KeptCleanupOptions, 'fingerprint' | 'hiddenNames'> {
  readonly decisions: readonly (readonly [RepositoryName, CleanupDecision])[];
  readonly said: readonly (readonly [RepositoryName, KeptSaid])[];
}

/**
 * Opens what is kept; what is not there, broken, or made with other means is as good as nothing. What may not be named is not kept
 * for as long as whatever follows takes.
 */
export async function openKeptCleanup({
  stateDir,
  fingerprint,
  hiddenNames,
  names,
}: KeptCleanupOptions): Promise<KeptCleanup> {
  const folder = toCleanupFolder(stateDir);
  const indexFile = join(folder, 'index.json');
  const writeIndex = async (
    texts: KeptTexts,
    decisions: CleanupIndex['decisions'],
    said: CleanupIndex['said'],
  ): Promise<OpenedCleanup['before']> => {
    const index: CleanupIndex = { ...{ fingerprint, hiddenNames, ...texts.head() }, decisions, said };
    const text = JSON.stringify(index);
    await replaceUnflushed(indexFile, `${digestOf(text)}\n${text}`);
    texts.removeOthers();
    return { hiddenNames, decisions, said };
  };
  /** Forgets what may not be named, and moves the texts where most of their file is of no use: later others read in it. */
  const tidyUp = async ({ before, texts }: OpenedCleanup): Promise<OpenedCleanup> => {
    const isShown = ([name]: readonly [RepositoryName, unknown]) => names.has(name);
    const namesNoOther = [before.said, before.decisions].every((entries) => entries.every(isShown));
    const mustForget = before.hiddenNames !== hiddenNames || !namesNoOther;
    const entries = before.said.filter(isShown);
    const file = texts.head().texts;
    try {
      const places = texts.settle(
        entries.map(([, { text }]) => text),
        mustForget,
      );
      if (texts.head().texts === file) return { before, texts };
      const said = entries.map(([name, { key, text }], at) => {
        return [name, { key, text: { ...text, ...(places[at] as KeptPlace) } }] as const;
      });
      return { before: await writeIndex(texts, before.decisions.filter(isShown), said), texts };
    } catch (error) {
      texts.close();
      if (!(error instanceof DamagedTextError)) throw error;
      return { before: { hiddenNames, decisions: [], said: [] }, texts: createTexts(folder) };
    }
  };
  const { before, texts } = await tidyUp(openKept(folder, indexFile, fingerprint));
  const [decided, saidBefore] = [new Map(before.decisions), new Map(before.said)];
  const said = new Map<RepositoryName, KeptSaid>();
  const add = (parts: readonly Buffer[]): SaidText => {
    return { ...texts.add(Buffer.concat(parts)), sizesBytes: parts.map(({ length }) => length) };
  };
  return {
    decisionOf: (name) => decided.get(name),
    say(name, key, make) {
      const known = saidBefore.get(name);
      const text = known?.key === key ? known.text : add(make().map((part) => Buffer.from(part)));
      said.set(name, { key, text });
      return text;
    },
    textsFile: () => join(folder, texts.head().texts),
    async keep(decisions) {
      await writeIndex(texts, [...decisions], [...said]);
    },
    close: () => texts.close(),
  };
}

/** Forgets all of it. */
export async function forgetCleanup(stateDir: string): Promise<void> {
  await rm(toCleanupFolder(stateDir), { recursive: true, force: true });
}

function toCleanupFolder(stateDir: string): string {
  return join(stateDir, 'cache', 'cleanup');
}

function createTexts(folder: string): KeptTexts {
  return createKeptTexts(folder, textsKnownBy);
}

interface OpenedCleanup {
  readonly before: Pick<CleanupIndex, 'hiddenNames' | 'decisions' | 'said'>;
  readonly texts: KeptTexts;
}

function openKept(folder: string, indexFile: string, fingerprint: string): OpenedCleanup {
  try {
    const [digest = '', text = ''] = readFileSync(indexFile, 'utf8').split('\n', 2);
    if (digestOf(text) === digest) {
      const before = JSON.parse(text) as CleanupIndex;
      if (before.fingerprint === fingerprint) return { before, texts: continueKeptTexts(folder, before, textsKnownBy) };
    }
  } catch {
    // Whatever it is, it goes.
  }
  return { before: { hiddenNames: null, decisions: [], said: [] }, texts: createTexts(folder) };
}

function digestOf(text: string): string {
  return hash('sha256', text, 'base64url');
}
