/**
 * Questions with known answers, over real names: made by rule (exact, by the last part, by a beginning, with one typing
 * mistake, with the words in another order), and written by hand (what people mean).
 */
import { readFileSync } from 'node:fs';
import type { Answer } from '../../src/search/search-result.ts';
import { createRandom } from './search-world.ts';

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

/** The least share of each set whose first result must be right. */
export const leastShares = new Map<string, number>([
  ['exact name', 0.95],
  ['last part', 0.95],
  ['beginning', 0.95],
  ['beginning of last part', 0.95],
  ['one mistake', 0.9],
  ['one mistake, last part', 0.9],
  ['words out of order', 0.85],
  ['some words out of order', 0.85],
  ['intent', 0.85],
]);
/** The hosts that pasted references of the handwritten set begin with. */
export const intentHosts = ['docker-registry.example.org'];

/** Sets of queries by name. The same seed makes the same queries. */
export function makeGradedSets(names: readonly string[], seed: number): ReadonlyMap<string, readonly GradedQuery[]> {
  const random = createRandom(seed);
  const words = (name: string) => name.split(/[/._-]/);
  return new Map<string, readonly GradedQuery[]>([
    ['exact name', names.map((name) => first(name, name))],
    ['last part', names.map((name) => ({ text: lastPart(name), isRight: startsLastPart(lastPart(name), true) }))],
    ['beginning', names.map((name) => beginning(name, Math.max(3, Math.ceil(name.length * 0.7))))],
    ['beginning of last part', names.map((name) => beginningOfLastPart(lastPart(name)))],
    ['one mistake', names.map((name) => first(mistype(name, random), name))],
    ['one mistake, last part', names.map((name) => ({ ...first(mistype(lastPart(name), random), name) }))],
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

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
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
