/**
 * What was decided about the clean-up of each repository, and what its files said of it, kept from run to run: of a repository of
 * which the same is said it need not be read, nor written down again.
 */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
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
  type TextsHead,
} from './kept-texts.ts';

export interface KeptCleanup {
  decisionOf(name: RepositoryName): CleanupDecision | undefined;
  /**
   * The bytes of what the files say of a repository, of which `key` stands for all; `make` says it where it is not kept. They are
   * those of the next one when that is asked for.
   */
  textsOf(name: RepositoryName, key: string, make: () => readonly string[]): readonly Uint8Array[];
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

interface KeptTextsOf {
  readonly key: string;
  readonly place: KeptPlace;
}

interface CleanupIndex extends TextsHead, Pick<KeptCleanupOptions, 'fingerprint' | 'hiddenNames'> {
  readonly decisions: readonly (readonly [RepositoryName, CleanupDecision])[];
  readonly said: readonly (readonly [RepositoryName, KeptTextsOf])[];
}

/** Stands in no text. */
const separator = 0;

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
  const folder = join(stateDir, 'cache', 'cleanup');
  const indexFile = join(folder, 'index.json');
  const writeIndex = async (
    texts: KeptTexts,
    decisions: CleanupIndex['decisions'],
    entries: CleanupIndex['said'],
    mustForget: boolean,
  ) => {
    const places = texts.settle(
      entries.map(([, { place }]) => place),
      mustForget,
    );
    const said = entries.map(([name, { key }], at) => [name, { key, place: places[at] as KeptPlace }] as const);
    const index: CleanupIndex = { ...{ fingerprint, hiddenNames, ...texts.head() }, decisions, said };
    const text = JSON.stringify(index);
    await replaceUnflushed(indexFile, `${digestOf(text)}\n${text}`);
    texts.removeOthers();
    return { hiddenNames, decisions, said };
  };
  const forget = async ({ before, texts }: OpenedCleanup): Promise<OpenedCleanup> => {
    const isShown = ([name]: readonly [RepositoryName, unknown]) => names.has(name);
    const namesNoOther = [before.said, before.decisions].every((entries) => entries.every(isShown));
    if (before.hiddenNames === hiddenNames && namesNoOther) return { before, texts };
    try {
      const decisions = before.decisions.filter(isShown);
      return { before: await writeIndex(texts, decisions, before.said.filter(isShown), true), texts };
    } catch (error) {
      texts.close();
      if (!(error instanceof DamagedTextError)) throw error;
      return { before: { hiddenNames, decisions: [], said: [] }, texts: createKeptTexts(folder) };
    }
  };
  const { before, texts } = await forget(openKept(folder, indexFile, fingerprint));
  const [decided, saidBefore] = [new Map(before.decisions), new Map(before.said)];
  const said = new Map<RepositoryName, KeptTextsOf>();

  const readKept = (kept: KeptTextsOf | undefined, key: string): Buffer | null => {
    if (kept?.key !== key) return null;
    try {
      return texts.readBriefly(kept.place);
    } catch (error) {
      if (error instanceof DamagedTextError) return null;
      throw error;
    }
  };
  return {
    decisionOf: (name) => decided.get(name),
    textsOf(name, key, make) {
      const known = saidBefore.get(name);
      const text = readKept(known, key);
      if (known !== undefined && text !== null) {
        said.set(name, known);
        return cut(text);
      }
      const made = Buffer.from(make().join(String.fromCharCode(separator)));
      said.set(name, { key, place: texts.add(made) });
      return cut(made);
    },
    async keep(decisions) {
      await writeIndex(texts, [...decisions], [...said], false);
    },
    close: () => texts.close(),
  };
}

function cut(bytes: Buffer): readonly Buffer[] {
  const parts: Buffer[] = [];
  for (let from = 0; from <= bytes.length; ) {
    const found = bytes.indexOf(separator, from);
    const end = found === -1 ? bytes.length : found;
    parts.push(bytes.subarray(from, end));
    from = end + 1;
  }
  return parts;
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
      if (before.fingerprint === fingerprint) return { before, texts: continueKeptTexts(folder, before) };
    }
  } catch {
    // Whatever it is, it goes.
  }
  return { before: { hiddenNames: null, decisions: [], said: [] }, texts: createKeptTexts(folder) };
}

function digestOf(text: string): string {
  return hash('sha256', text, 'base64url');
}
