/**
 * Questions with known answers, over real names: made by rule (exact, by the last part, by a beginning, with one typing
 * mistake of each kind, with other separators or none, with the words in another order, with a tag), and written by hand
 * (what people mean).
 */
import { readFileSync } from 'node:fs';
import type { Answer } from '../../src/search/search-result.ts';
import { createRandom, lastPart, type NamedTags } from './search-world.ts';

export interface GradedQuery {
  readonly text: string;
  readonly isRight: (answer: Answer) => boolean;
}

export interface Grade {
  readonly right: number;
  readonly asked: number;
  readonly wrong: readonly string[];
}

const intentsFile = new URL('../fixtures/search/intents.txt', import.meta.url);
const letters = 'abcdefghijklmnopqrstuvwxyz';
const signs = `${letters}0123456789-`;

/** The least share of each set whose first result must be right. */
export const leastShares = new Map<string, number>([
  ['exact name', 0.95],
  ['last part', 0.95],
  ['beginning', 0.95],
  ['beginning of last part', 0.95],
  ['one mistake', 0.9],
  ['one mistake, last part', 0.9],
  ['one sign left out', 0.9],
  ['one sign added', 0.9],
  ['one sign replaced', 0.9],
  ['two signs swapped', 0.9],
  ['first sign wrong', 0.9],
  ['two mistakes', 0.85],
  ['other separators', 0.9],
  ['no separators', 0.9],
  ['words out of order', 0.85],
  ['some words out of order', 0.85],
  ['words begun, out of order', 0.85],
  ['words out of order, one mistake', 0.85],
  ['name:tag', 0.95],
  ['last part:tag', 0.95],
  ['name tag', 0.9],
  ['name:tag begun', 0.9],
  ['name:tag, one mistake', 0.9],
  ['name version', 0.85],
  ['intent', 0.85],
]);
/** The hosts that pasted references of the handwritten set begin with. */
export const intentHosts = ['docker-registry.example.org'];

/** Sets of queries by name. The same seed makes the same queries. */
export function makeGradedSets(
  catalogue: readonly NamedTags[],
  seed: number,
): ReadonlyMap<string, readonly GradedQuery[]> {
  const random = createRandom(seed);
  const names = catalogue.map(({ name }) => name);
  const known = new Set(names);
  const words = (name: string) => name.split(/[/._-]/);
  /** What is a name itself is no mistake. */
  const mistaken = (change: (name: string) => string) =>
    names.flatMap((name) => {
      const text = change(name);
      return text.length < 3 || known.has(text) ? [] : [first(text, name)];
    });
  return new Map<string, readonly GradedQuery[]>([
    ['exact name', names.map((name) => first(name, name))],
    ['last part', names.map((name) => ({ text: lastPart(name), isRight: startsLastPart(lastPart(name), true) }))],
    ['beginning', names.map((name) => beginning(name, Math.max(3, Math.ceil(name.length * 0.7))))],
    ['beginning of last part', names.map((name) => beginningOfLastPart(lastPart(name)))],
    ['one mistake', names.map((name) => first(mistype(name, random), name))],
    ['one mistake, last part', names.map((name) => ({ ...first(mistype(lastPart(name), random), name) }))],
    ['one sign left out', mistaken((name) => leaveOut(name, random))],
    ['one sign added', mistaken((name) => add(name, random))],
    ['one sign replaced', mistaken((name) => replace(name, random))],
    ['two signs swapped', mistaken((name) => swap(name, random))],
    ['first sign wrong', mistaken((name) => mistypeFirst(name, random))],
    ['two mistakes', mistaken((name) => (name.length < 10 ? name : mistype(mistype(name, random), random)))],
    ['other separators', mistaken((name) => name.replace(/[-_]/g, () => pick(['', '_', '-', '.', ' '], random)))],
    ['no separators', mistaken((name) => name.replace(/[/._-]/g, ''))],
    [
      'words out of order',
      names.flatMap((name) => (words(name).length > 1 ? [first(shuffle(words(name), random).join(' '), name)] : [])),
    ],
    [
      'some words out of order',
      names.flatMap((name) => {
        const some = shuffle(words(lastPart(name)), random);
        return some.length > 1 ? [{ text: some.join(' '), isRight: hasExactly(some) }] : [];
      }),
    ],
    [
      'words begun, out of order',
      names.flatMap((name) => {
        const begun = shuffle(words(lastPart(name)), random).map((word) =>
          word.slice(0, Math.max(3, word.length * 0.7)),
        );
        return begun.length > 1 ? [{ text: begun.join(' '), isRight: hasAll(begun) }] : [];
      }),
    ],
    [
      'words out of order, one mistake',
      mistaken((name) => {
        const shuffled = shuffle(words(name), random);
        const longest = shuffled.reduce((a, b) => (b.length > a.length ? b : a));
        return shuffled.map((word) => (word === longest ? mistype(word, random) : word)).join(' ');
      }).filter(({ text }) => text.includes(' ')),
    ],
    ...makeTagSets(catalogue, random),
    ['intent', readIntents()],
  ]);
}

export async function grade(queries: readonly GradedQuery[], ask: (text: string) => Promise<Answer>): Promise<Grade> {
  const wrong: string[] = [];
  for (const { text, isRight } of queries) {
    const answer = await ask(text);
    if (!isRight(answer)) wrong.push(`${text} → ${answer.results[0]?.name ?? 'nothing'}`);
  }
  return { right: queries.length - wrong.length, asked: queries.length, wrong };
}

function first(text: string, name: string): GradedQuery {
  return { text, isRight: (answer) => answer.results[0]?.name === name };
}

function makeTagSets(catalogue: readonly NamedTags[], random: () => number) {
  const tagged = catalogue.flatMap(({ name, tags }) => (tags.length > 0 ? [{ name, tag: pick(tags, random) }] : []));
  const right = (name: string, tag: string) => (answer: Answer) =>
    answer.results[0]?.name === name && answer.results[0].tag === tag;
  const begins = (name: string, tag: string) => (answer: Answer) =>
    answer.results[0]?.name === name && answer.results[0].tag?.startsWith(tag) === true;
  const begun = (tag: string) => tag.slice(0, Math.max(2, Math.floor(tag.length * 0.7)));
  return [
    ['name:tag', tagged.map(({ name, tag }) => ({ text: `${name}:${tag}`, isRight: right(name, tag) }))],
    [
      'last part:tag',
      tagged.map(({ name, tag }) => ({
        text: `${lastPart(name)}:${tag}`,
        isRight: (answer: Answer) => startsLastPart(lastPart(name), true)(answer) && answer.results[0]?.tag === tag,
      })),
    ],
    ['name tag', tagged.map(({ name, tag }) => ({ text: `${name} ${tag}`, isRight: right(name, tag) }))],
    [
      'name:tag begun',
      tagged.map(({ name, tag }) => ({ text: `${name}:${begun(tag)}`, isRight: begins(name, begun(tag)) })),
    ],
    [
      'name:tag, one mistake',
      tagged.map(({ name, tag }) => ({ text: `${mistype(name, random)}:${tag}`, isRight: right(name, tag) })),
    ],
    [
      'name version',
      tagged.flatMap(({ name, tag }) => {
        const [version] = /^\d+\.\d+(?=\.)/.exec(tag) ?? [];
        return version === undefined ? [] : [{ text: `${name} ${version}`, isRight: begins(name, version) }];
      }),
    ],
  ] as const;
}

/** Many names may begin so; any of them is right, for nothing tells them apart. */
function beginning(name: string, length: number): GradedQuery {
  const text = name.slice(0, length);
  const isRight = startsLastPart(text, false);
  return { text, isRight: (answer) => answer.results[0]?.name.startsWith(text) === true || isRight(answer) };
}

function beginningOfLastPart(part: string): GradedQuery {
  const text = part.slice(0, Math.max(3, Math.ceil(part.length * 0.7)));
  return { text, isRight: startsLastPart(text, false) };
}

function startsLastPart(text: string, isWhole: boolean): (answer: Answer) => boolean {
  return ({ results: [best] }) => {
    if (best === undefined) return false;
    const ends = best.name === text || best.name.endsWith(`/${text}`);
    return isWhole ? ends : ends || `/${best.name}`.includes(`/${text}`);
  };
}

function hasExactly(words: readonly string[]): (answer: Answer) => boolean {
  const wanted = words.toSorted().join(' ');
  return ({ results: [best] }) => {
    if (best === undefined) return false;
    const whole = best.name
      .split(/[/._-]/)
      .toSorted()
      .join(' ');
    return whole === wanted || lastPart(best.name).split(/[._-]/).toSorted().join(' ') === wanted;
  };
}

function hasAll(texts: readonly string[]): (answer: Answer) => boolean {
  return ({ results: [best] }) => best !== undefined && texts.every((text) => best.name.includes(text));
}

function leaveOut(name: string, random: () => number): string {
  const at = Math.floor(random() * name.length);
  return name.slice(0, at) + name.slice(at + 1);
}

function add(name: string, random: () => number): string {
  const at = Math.floor(random() * (name.length + 1));
  return name.slice(0, at) + pick([...signs], random) + name.slice(at);
}

function replace(name: string, random: () => number): string {
  const at = Math.floor(random() * name.length);
  return name.slice(0, at) + pick([...signs], random) + name.slice(at + 1);
}

function swap(name: string, random: () => number): string {
  const at = Math.floor(random() * (name.length - 1));
  return name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2);
}

function mistypeFirst(name: string, random: () => number): string {
  const sign = pick([...letters], random);
  return pick([name.slice(1), sign + name, sign + name.slice(1)], random);
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() * items.length)] as Item;
}

/** One letter left out, added or replaced, or two swapped. Digits stay: another version is another image, and no mistake. */
function mistype(name: string, random: () => number): string {
  for (;;) {
    const at = Math.floor(random() * name.length);
    const letter = letters[Math.floor(random() * letters.length)] ?? 'x';
    const next = name[at + 1] ?? '';
    if (!/[a-z]/.test(name[at] ?? '')) continue;
    const mistyped = [
      name.slice(0, at) + name.slice(at + 1),
      name.slice(0, at) + letter + name.slice(at),
      name.slice(0, at) + letter + name.slice(at + 1),
      /[a-z]/.test(next) ? name.slice(0, at) + next + name[at] + name.slice(at + 2) : name,
    ][Math.floor(random() * 4)];
    if (mistyped !== undefined && mistyped !== name && mistyped !== '') return mistyped;
  }
}

function shuffle(items: readonly string[], random: () => number): string[] {
  const shuffled = [...items];
  for (let at = shuffled.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [shuffled[at], shuffled[other]] = [shuffled[other] as string, shuffled[at] as string];
  }
  return shuffled;
}

function readIntents(): GradedQuery[] {
  const lines = readFileSync(intentsFile, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [text, names] = line.split(' => ');
    if (text === undefined || names === undefined) return [];
    const right = names.split(' | ');
    return [{ text, isRight: ({ results: [best] }: Answer) => best !== undefined && right.includes(best.name) }];
  });
}
