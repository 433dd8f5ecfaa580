/** The search of names on the page's own thread: quick enough to answer within the keystroke itself. */
import { answerNames, type GivenAnswer } from './answer-names.ts';
import { decodeInSteps } from './search-index-file.ts';

/** The answer from the names alone. */
export type AskNames = (text: string, most: number) => GivenAnswer;

/** Reads the index in steps, so that the page is never held up. */
export async function createLocalSearch(indexText: string, hosts: readonly string[]): Promise<AskNames> {
  const steps = decodeInSteps(indexText);
  let step = steps.next();
  while (!step.done) {
    await new Promise((resolve) => setTimeout(resolve));
    step = steps.next();
  }
  const index = step.value;
  return (text, most) => answerNames(index, text, most, { hosts });
}
