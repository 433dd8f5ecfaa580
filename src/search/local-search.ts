/** The search of names on the page's own thread: quick enough to answer within the keystroke itself. */
import { answerNames, type GivenAnswer } from './answer-names.ts';
import type { SearchIndex } from './search-index.ts';
import { decodeInSteps } from './search-index-file.ts';

/** The answer from the names alone. */
export type AskNames = (text: string, most: number) => GivenAnswer;

/**
 * Reads the index in steps, so that the page is never held up. What may be typed first is then answered before it is: a single
 * letter matches thousands of names, and what has never run takes ten times as long. `most` is how many results a new question
 * asks for; without it nobody types, and nothing is prepared.
 */
export async function createLocalSearch(indexText: string, hosts: readonly string[], most?: number): Promise<AskNames> {
  const steps = decodeInSteps(indexText);
  let step = steps.next();
  while (!step.done) {
    await nextTask();
    step = steps.next();
  }
  const index = step.value;
  const prepared = new Map<string, GivenAnswer>();
  if (most !== undefined) void prepareAnswers(index, most, hosts, prepared);
  return (text, wanted) =>
    (wanted === most ? prepared.get(text) : undefined) ?? answerNames(index, text, wanted, { hosts });
}

async function prepareAnswers(
  index: SearchIndex,
  most: number,
  hosts: readonly string[],
  prepared: Map<string, GivenAnswer>,
): Promise<void> {
  for (const text of [...firstLetters, ...rehearsed]) {
    await nextTask();
    prepared.set(text, answerNames(index, text, most, { hosts }));
  }
}

/** In the order in which words begin with them. */
const firstLetters = 'sctpmrbdfgnaielhwokvujqxyz0123456789';
/** Two words, a version, a folder: each takes another way through the ranking. */
const rehearsed = ['er', 're', 'in st', 'e-r', 'n 1.2', 'a/e'];

function nextTask(): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve));
}
