/**
 * Texts that are kept from run to run, one behind the other in a file: what is new is added at its end. Whoever keeps them keeps
 * also where each stands, and how far they reach, and says so only when they are written; what stands beyond that is nothing.
 */
import { hash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { continueSpool, createSpool, type Spool, type SpoolPlace } from './spool.ts';

export interface KeptPlace extends SpoolPlace {
  /** What its bytes are known by. */
  readonly digest: string;
}

/**
 * What texts are known by: `sha256` where it also stands for what they say. `crc32` sees what disks do to them, and takes a tenth of
 * the time, where there are hundreds of megabytes.
 */
export type KnownBy = keyof typeof digests;

/** What has to be known to go on with them. */
export interface TextsHead {
  /** The name of the file. */
  readonly texts: string;
  readonly endsAt: number;
}

export interface KeptTexts {
  head(): TextsHead;
  add(text: string | Uint8Array): KeptPlace;
  /** The text's bytes. Throws a `DamagedTextError` where it is not the one that was added. */
  read(place: KeptPlace): Buffer;
  /**
   * Moves the texts at these places to another file where too much of this one is of no use, or may not stay there. Resolves to
   * where they are then. The old file stays until `removeOthers`.
   */
  settle(places: readonly KeptPlace[], mustForget: boolean): readonly KeptPlace[];
  /** Removes the file that texts were moved from, when it is written where they are now. */
  removeOthers(): void;
  close(): void;
}

/** What is kept is not what was written. It may be forgotten: then it is made anew. */
export class DamagedTextError extends Error {}

const files = ['texts-1.txt', 'texts-2.txt'] as const;
/** How much longer than its texts a file may be. */
const mostGarbage = 2;

/**
 * Goes on with the texts in a folder. What a run that was killed moved them from, or to, goes: it may hold what must be forgotten.
 * Throws an `Error` where they are not there as a whole.
 */
export function continueKeptTexts(folder: string, { texts, endsAt }: TextsHead, knownBy: KnownBy): KeptTexts {
  const kept = keepTexts(folder, texts, continueSpool(join(folder, texts), endsAt), knownBy);
  kept.removeOthers();
  return kept;
}

/** Begins anew: what was in the folder goes. */
export function createKeptTexts(folder: string, knownBy: KnownBy): KeptTexts {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return keepTexts(folder, files[0], createSpool(join(folder, files[0])), knownBy);
}

type ToDigest = (text: string | Uint8Array) => string;

const digests = {
  sha256: (text) => hash('sha256', text, 'base64url'),
  crc32: (text) => String(crc32(text)),
} as const satisfies Readonly<Record<string, ToDigest>>;

/** The text, where it is the one that was added. Throws a `DamagedTextError` where it is not. */
export function proveText(text: Buffer, { digest }: Pick<KeptPlace, 'digest'>, knownBy: KnownBy): Buffer {
  if (digests[knownBy](text) !== digest) throw new DamagedTextError('a text is not the one that was written');
  return text;
}

function keepTexts(folder: string, name: string, spool: Spool, knownBy: KnownBy): KeptTexts {
  let [file, texts] = [name, spool];
  const digestOf = digests[knownBy];
  const prove = (text: Buffer, place: KeptPlace) => proveText(text, place, knownBy);
  const add = (text: string | Uint8Array): KeptPlace => ({ ...texts.append(text), digest: digestOf(text) });
  return {
    add,
    read: (place) => prove(texts.read(place), place),
    head: () => ({ texts: file, endsAt: texts.end() }),
    settle(places, mustForget) {
      const liveBytes = places.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      if (!mustForget && texts.end() <= mostGarbage * liveBytes) return places;
      const from = texts;
      file = file === files[0] ? files[1] : files[0];
      rmSync(join(folder, file), { force: true });
      texts = createSpool(join(folder, file));
      const moved = places.map((place) => add(prove(from.readBriefly(place), place)));
      from.close();
      return moved;
    },
    removeOthers() {
      for (const other of files) if (other !== file) rmSync(join(folder, other), { force: true });
    },
    close: () => texts.close(),
  };
}
