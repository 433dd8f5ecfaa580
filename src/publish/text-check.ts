/** Checks the text of a file by itself, whoever has it: what it may not name, and what `check-file.ts` says of it. */
import { createHash } from 'node:crypto';
import { fixedAddresses } from '../view/addresses.ts';
import { checkJson, checkPage } from './check-file.ts';
import type { CheckedContent } from './checked-files.ts';
import { createHiddenSearch } from './hidden-search.ts';
import type { SiteRules } from './site-rules.ts';

export interface CheckedText extends CheckedContent {
  /** What may be published: every name that may not be shown is replaced. */
  readonly text: string;
  /** What is wrong, a sentence each. */
  readonly problems: readonly string[];
  /** What JSON says, where that is asked for again; else undefined. */
  readonly value: unknown;
}

export interface TextCheck {
  /** Whether there is anything to be found in the text of a file. The longest are among the others. */
  looksInto(file: string): boolean;
  check(file: string, written: string): CheckedText;
}

/** Prepares to check texts under some rules. */
export function createTextCheck(rules: SiteRules): TextCheck {
  const search = createHiddenSearch(rules);
  return {
    looksInto: (file) => search !== null || isPage(file) || isJson(file),
    check(file, written) {
      const problems: string[] = [];
      if (written === '') problems.push(`${file} is empty`);
      if (search?.finds(file)) problems.push('the name of a file holds a name that may not be shown');
      const text = search === null ? written : isSearchFile(file) ? search.assertNone(written) : search.redact(written);
      if (text === null) {
        problems.push(`${file} holds a name that may not be shown`);
        return { text: written, titles: [], targets: [], problems, value: undefined };
      }
      const report = (fault: string) => problems.push(`${file} ${fault}`);
      if (isPage(file)) {
        const { title, targets } = checkPage(text, rules.base, report);
        return { text, titles: title === null ? [] : [digestTitle(title)], targets, problems, value: undefined };
      }
      const value = isJson(file) ? checkJson(file, text, report) : undefined;
      return { text, titles: [], targets: [], problems, value };
    },
  };
}

function digestTitle(title: string): string {
  return createHash('sha256').update(title).digest('base64url').slice(0, 16);
}

function isPage(file: string): boolean {
  return file.endsWith('.html');
}

function isJson(file: string): boolean {
  return file.endsWith('.json');
}

function isSearchFile(file: string): boolean {
  return file.startsWith(fixedAddresses.search);
}
