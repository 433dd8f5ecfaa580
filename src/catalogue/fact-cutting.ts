/**
 * How much the facts behind a digest hold, and how the end of them is cut off. They are gone through in one order, what matters
 * most before the rest, and from the first part on that finds no room nothing is kept. To cut twice is to cut once, the lower.
 */
import type { ChildDescriptor } from '../oci/descriptor.ts';
import type { HistoryEntry } from '../oci/image-config.ts';
import type { ConfigFacts, Facts } from './model.ts';

type Texts = Readonly<Record<string, string>>;

/** What a repository holds: the same text is held once, by however many documents. In characters of what is stored. */
export interface FactPool {
  size: number;
  readonly texts: ReadonlyMap<string, HeldText>;
  /** The text as it is held: from now on this very one, where none was. */
  hold(text: string): HeldText;
}

interface HeldText {
  readonly text: string;
  readonly size: number;
}

/** Creates a pool that holds what `base` does, if there is one. */
export function createFactPool(base: FactPool | null): FactPool {
  const texts = new Map(base?.texts);
  return {
    size: base?.size ?? 0,
    texts,
    hold(text) {
      const held = texts.get(text);
      if (held !== undefined) return held;
      const added = { text, size: sizeOf(text) };
      texts.set(text, added);
      this.size += added.size;
      return added;
    },
  };
}

/** The room that one document has. */
export interface Room {
  /** Whether something found none. */
  readonly hasCut: boolean;
  /** Whether there is room for so many entries that have a digest each. */
  takeDigests(count: number): boolean;
  /** The text as the pool holds it, or null where there is no room for it. */
  takeText(text: string): string | null;
}

/** What an entry of a list takes besides its text, and what a digest does with all that stands about it. */
const entrySize = 24;
const digestSize = 96;

export function createRoom(most: number, pool: FactPool): Room {
  let left = most;
  let hasCut = false;
  const take = (size: number) => {
    if (size <= left) left -= size;
    else {
      left = -1;
      hasCut = true;
    }
    return left >= 0;
  };
  return {
    get hasCut() {
      return hasCut;
    },
    takeDigests(count) {
      const size = count * digestSize;
      if (!take(size)) return false;
      pool.size += size;
      return true;
    },
    takeText(text) {
      if (!take(entrySize + (pool.texts.get(text)?.size ?? sizeOf(text)))) return null;
      pool.size += entrySize;
      return pool.hold(text).text;
    },
  };
}

/** A manifest that names more than there is room for is not read at all: a part of its layers would be no image. */
export function cutFacts(facts: Facts, room: Room): Facts {
  const named = facts.shape === 'manifest' ? facts.layers.length : facts.shape === 'index' ? facts.children.length : 0;
  if (!room.takeDigests(named)) {
    const { mediaType, sizeBytes, artifactType, subject } = facts;
    const problem = 'it names more than its repository has room for';
    return { shape: 'opaque', mediaType, sizeBytes, artifactType, subject, annotations: {}, problem };
  }
  const annotations = cutTexts(facts.annotations, room);
  if (facts.shape !== 'index') return { ...facts, annotations };
  const children = facts.children.map(
    (child): ChildDescriptor => ({ ...child, annotations: cutTexts(child.annotations, room) }),
  );
  return { ...facts, annotations, children };
}

export function cutConfig(config: ConfigFacts, room: Room): ConfigFacts {
  if ('problem' in config) return config;
  if ('chart' in config) return { chart: cutTexts(config.chart, room) };
  const text = (value: string | null) => (value === null ? null : room.takeText(value));
  const list = (values: readonly string[]) => values.flatMap((value) => room.takeText(value) ?? []);
  return {
    withheld: config.withheld,
    createdAt: config.createdAt,
    platform: config.platform,
    diffIds: room.takeDigests(config.diffIds.length) ? config.diffIds : [],
    user: text(config.user),
    workingDir: text(config.workingDir),
    author: text(config.author),
    stopSignal: text(config.stopSignal),
    labels: cutTexts(config.labels, room),
    entrypoint: config.entrypoint === null ? null : list(config.entrypoint),
    command: config.command === null ? null : list(config.command),
    exposedPorts: list(config.exposedPorts),
    volumes: list(config.volumes),
    environment: list(config.environment),
    history: config.history.flatMap((step) => cutStep(step, room) ?? []),
  };
}

function cutStep({ createdAt, createdBy, comment, emptyLayer }: HistoryEntry, room: Room): HistoryEntry | null {
  const by = createdBy === null ? null : room.takeText(createdBy);
  const said = comment === null ? null : room.takeText(comment);
  return room.takeText(createdAt ?? '') === null ? null : { createdAt, createdBy: by, comment: said, emptyLayer };
}

function cutTexts(texts: Texts, room: Room): Texts {
  const kept: [string, string][] = [];
  for (const [key, value] of Object.entries(texts)) {
    const [heldKey, held] = [room.takeText(key), room.takeText(value)];
    if (heldKey !== null && held !== null) kept.push([heldKey, held]);
  }
  return Object.fromEntries(kept);
}

function sizeOf(text: string): number {
  return JSON.stringify(text).length;
}
