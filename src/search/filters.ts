/** Which repositories a query's filters let through. */
import { isPlatform } from './is-platform.ts';
import type { LabelFound } from './lookups.ts';
import { isWordBoundary } from './name-text.ts';
import type { LabelFilter, Query } from './query.ts';
import type { Accepts } from './rank-names.ts';
import type { RecordColumns, SearchIndex, SharedColumn } from './search-index.ts';

/**
 * `labels` holds what was looked up for each of the query's labels; while one is missing, nothing is let through, because a
 * result that vanishes again is worse than one that comes later.
 */
export function createFilter(index: SearchIndex, query: Query, labels: readonly (readonly LabelFound[])[]): Accepts {
  const { platforms, kinds, bases } = index.records;
  const tests: Accepts[] = [
    ...query.platforms.map((wanted) => listTest(platforms, (platform) => isPlatform(platform, wanted))),
    ...query.kinds.map((wanted) => listTest(kinds, (kind) => kind.startsWith(wanted))),
    ...query.bases.map((wanted) => listTest(bases, (base) => isBase(base, wanted))),
    ...query.states.map((wanted) => stateTest(index.records, wanted)),
    ...query.labels.map((filter, at) => labelTest(filter, labels[at] ?? [])),
  ];
  if (tests.length === 0) return () => true;
  return (position) => tests.every((accepts) => accepts(position));
}

/** What the labels of a key and value are called in a sentence. */
export function formatLabelFilter({ key, value }: LabelFilter): string {
  return value === null ? key : `${key}=${value}`;
}

function listTest({ lists, listOf }: SharedColumn, matches: (item: string) => boolean): Accepts {
  const isAccepted = lists.map((list) => list.some(matches));
  return (position) => isAccepted[listOf[position] ?? -1] === true;
}

/** What `is:` may ask for. */
const stateTexts = { outdated: 'on an outdated base', stale: 'stale', deprecated: 'deprecated' } as const;

/** A state or its beginning, and `outdated-base` as its page is called. Nothing is in a state that there is not. */
function stateTest(records: RecordColumns, wanted: string): Accepts {
  const state = stateOf(wanted);
  return state === null ? () => false : (position) => records[state].has(position);
}

/** What an asked state is called in a sentence. */
export function formatState(wanted: string): string {
  const state = stateOf(wanted);
  return state === null ? wanted : stateTexts[state];
}

/** The state that is meant; null where there is none such. */
function stateOf(wanted: string): keyof typeof stateTexts | null {
  const states = Object.keys(stateTexts) as (keyof typeof stateTexts)[];
  return states.find((state) => state.startsWith(wanted.replace(/-base$/, ''))) ?? null;
}

function labelTest({ value }: LabelFilter, found: readonly LabelFound[]): Accepts {
  const positions = new Set<number>();
  for (const label of found) {
    if (value !== null && !label.value.toLowerCase().includes(value)) continue;
    for (const position of label.positions) positions.add(position);
  }
  return (position) => positions.has(position);
}

/** The whole name of a base, or whole words of it: `bookworm` means `releng/ci-bookworm:1.0` as well. */
function isBase(base: string, wanted: string): boolean {
  const lower = base.toLowerCase();
  for (let at = lower.indexOf(wanted); at !== -1; at = lower.indexOf(wanted, at + 1)) {
    if (startsWord(lower, at) && endsWord(lower, at + wanted.length)) return true;
  }
  return false;
}

function startsWord(text: string, at: number): boolean {
  return text[at - 1] === ':' || isWordBoundary(text, at);
}

function endsWord(text: string, at: number): boolean {
  return text[at] === ':' || isWordBoundary(text, at);
}
