/**
 * Reads a built site as its readers will: every page is there, every link leads somewhere, every JSON file parses. A check
 * that inspected nothing has found a fault.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { catalogueJsonSchema } from '../api/catalogue-json.schema.ts';
import { createRedactor } from '../catalogue/redaction.ts';
import { fixedAddresses, toOutputFile } from '../view/addresses.ts';
import { listPathsAbove } from '../view/site.ts';
import { isTextFile } from './is-text-file.ts';
import { listFiles } from './list-files.ts';

export interface SiteExpectations {
  readonly base: string;
  /** Files that must be there. */
  readonly expectedFiles: readonly string[];
  readonly repositories: number;
  readonly tags: number;
  /** Repositories that may be named in no file, and those that are shown. */
  readonly hiddenNames: ReadonlySet<string>;
  readonly shownNames: ReadonlySet<string>;
}

/** Lists what is wrong with the site in `folder`, a sentence each. Empty: it is fit to be published. */
export async function validateSite(folder: string, expectations: SiteExpectations): Promise<readonly string[]> {
  const files = await listFiles(folder);
  const present = new Set(files);
  const problems: string[] = [];
  for (const file of [
    toOutputFile(fixedAddresses.home),
    fixedAddresses.notFound,
    fixedAddresses.statusJson,
    fixedAddresses.catalogueJson,
    ...expectations.expectedFiles,
  ]) {
    if (!present.has(file)) problems.push(`${file} is missing`);
  }
  const titles = new Map<string, string>();
  const namesHidden = createHiddenCheck(expectations);
  let links = 0;
  let documents = 0;
  for (const file of files) {
    if ((await stat(join(folder, file))).size === 0) problems.push(`${file} is empty`);
    if (namesHidden?.(file)) problems.push('the name of a file holds a name that may not be shown');
    if (!isTextFile(file)) continue;
    const text = await readFile(join(folder, file), 'utf8');
    if (namesHidden?.(text)) problems.push(`${file} holds a name that may not be shown`);
    if (file.endsWith('.html')) {
      links += checkLinks(file, text, present, expectations.base, problems);
      checkTitle(file, text, titles, problems);
    } else if (file.endsWith('.json')) {
      documents++;
      const value = checkJson(file, text, problems);
      if (file === fixedAddresses.catalogueJson) checkCounts(value, expectations, problems);
    }
  }
  if (links === 0) problems.push('no page has a link to check');
  if (documents === 0) problems.push('no JSON file was found to check');
  return problems;
}

function checkCounts(catalogue: unknown, expectations: SiteExpectations, problems: string[]): void {
  const result = catalogueJsonSchema.safeParse(catalogue);
  if (!result.success) {
    problems.push(`-/api/v1/catalogue.json breaks its schema: ${result.error.issues[0]?.message}`);
    return;
  }
  const { counts, repositories } = result.data;
  if (repositories.length !== expectations.repositories) {
    problems.push(
      `catalogue.json lists ${repositories.length} repositories, the snapshot ${expectations.repositories}`,
    );
  }
  if (counts.tags !== expectations.tags) {
    problems.push(`catalogue.json counts ${counts.tags} tags, the snapshot ${expectations.tags}`);
  }
}

/**
 * Whether a text names what is hidden, or null where nothing is. Left to the crawl, which cleans what authors wrote, are names
 * of one part, for they are common words too, and names that are the path of something shown.
 */
function createHiddenCheck({ hiddenNames, shownNames }: SiteExpectations): ((text: string) => boolean) | null {
  const shownPaths = new Set([...shownNames].flatMap((name) => listPathsAbove(name)));
  const names = new Set([...hiddenNames].filter((name) => name.includes('/') && !shownPaths.has(name)));
  if (names.size === 0) return null;
  const escaped = [...names].map((name) => name.replaceAll('.', '\\.')).join('|');
  const mayName = new RegExp(`(?<![a-z0-9._-])(?:${escaped})(?![a-z0-9._-])`);
  const redact = createRedactor({
    names,
    isHidden: () => false,
    isShown: (name) => shownNames.has(name),
    isTagHidden: () => false,
  });
  return (text) => mayName.test(text) && redact(text) !== text;
}

/** The value of a JSON file; undefined where it is none, which is a fault. */
function checkJson(file: string, text: string, problems: string[]): unknown {
  try {
    return JSON.parse(text);
  } catch {
    problems.push(`${file} is not JSON`);
    return undefined;
  }
}

function checkTitle(file: string, html: string, titles: Map<string, string>, problems: string[]): void {
  const title = /<title>([^<]*)<\/title>/.exec(html)?.[1]?.trim() ?? '';
  if (title === '') problems.push(`${file} has no title`);
  const other = titles.get(title);
  if (other !== undefined) problems.push(`${file} and ${other} have the same title`);
  titles.set(title, file);
}

const linkPattern = /\s(?:href|src)="([^"]*)"/g;

/** Checks every link of a page that leads to this site, and returns how many those were. */
function checkLinks(
  file: string,
  html: string,
  present: ReadonlySet<string>,
  base: string,
  problems: string[],
): number {
  let checked = 0;
  for (const [, raw = ''] of html.matchAll(linkPattern)) {
    const href = raw.replaceAll('&amp;', '&').split(/[?#]/, 1)[0] ?? '';
    if (href === '' || /^[a-z][a-z0-9+.-]*:/i.test(href)) continue;
    checked++;
    if (!href.startsWith(base)) problems.push(`${file} links to ${href}, which is outside ${base}`);
    else if (!present.has(toOutputFile(decodeURI(href.slice(base.length)))))
      problems.push(`${file} links to ${href}, which is not there`);
  }
  return checked;
}
