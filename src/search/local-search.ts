/** The search of names on the page's own thread: quick enough to answer within the keystroke itself. */
import { answerNames, type GivenAnswer } from './answer-names.ts';
import type { SearchIndex } from './search-index.ts';
import { decodeInSteps } from './search-index-file.ts';

/** The answer from the names alone. */
export type AskNames = (text: string, most: number) => GivenAnswer;

/**
 * Reads the index in steps, so that the page is never held up, and lets the engine see the search at work before the first
 * letter is typed: what has never run takes ten times as long.
 */
export async function createLocalSearch(indexText: string, hosts: readonly string[]): Promise<AskNames> {
  const steps = decodeInSteps(indexText);
  let step = steps.next();
  while (!step.done) {
    await nextTask();
    step = steps.next();
  }
  const index = step.value;
  void rehearse(toSample(index));
  return (text, most) => answerNames(index, text, most, { hosts });
}

async function rehearse(sample: SearchIndex): Promise<void> {
  for (const text of rehearsed) {
    await nextTask();
    answerNames(sample, text, rehearsedResults, {});
  }
}

const sampledNames = 250;
const rehearsedResults = 20;
/** Letters that stand in most names, words apart, and a version: each takes another way through the ranking. */
const rehearsed = [...'aeinorst', 'er', 're', 'in st', 'e-r', 'n 1.2', 'a/e', ...'aeinorst'];

/** The index, as if it had but its first names. */
function toSample(index: SearchIndex): SearchIndex {
  return { ...index, names: index.names.slice(0, sampledNames), plainNames: index.plainNames.slice(0, sampledNames) };
}

function nextTask(): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve));
}
