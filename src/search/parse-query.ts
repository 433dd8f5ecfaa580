/**
 * The grammar of the search box. It has no errors: what it does not know is a word.
 *
 *     node test           both words, in any order          "node test"        exactly this
 *     node24:1.0          a tag of an image                 :1.0               every image with this tag
 *     sha256:3f2a…        a manifest, config or layer       name@sha256:3f2a…  the same, in one image
 *     arch:arm64          label:key=value                   base:bookworm      kind:helm-chart
 *     is:outdated         stands on a base that has newer builds; is:stale and is:deprecated too
 */
import { unwrapPasted } from './pasted-reference.ts';
import type { LabelFilter, Query, QueryWord } from './query.ts';

export interface ParseOptions {
  /** The registry's own host names, which a pasted reference may begin with; and as `host/base/` where pages are. */
  readonly hosts?: readonly string[];
  /** Reads `arch:`, `base:` and the like as names of images: for when the filter found nothing. */
  readonly withoutFilters?: boolean;
}

const longestQuery = 512;
const fewestBareDigits = 12;

interface Draft {
  readonly words: QueryWord[];
  tag: string | null;
  digest: string | null;
  readonly platforms: string[];
  readonly kinds: string[];
  readonly bases: string[];
  readonly labels: LabelFilter[];
  readonly states: string[];
}

type ReadFilter = (draft: Draft, value: string) => void;

const filters: ReadonlyMap<string, ReadFilter> = new Map<string, ReadFilter>([
  ['arch', (draft, value) => draft.platforms.push(value.toLowerCase())],
  ['platform', (draft, value) => draft.platforms.push(value.toLowerCase())],
  ['kind', (draft, value) => draft.kinds.push(value.toLowerCase())],
  ['base', (draft, value) => draft.bases.push(value.toLowerCase())],
  ['is', (draft, value) => draft.states.push(value.toLowerCase())],
  ['label', (draft, value) => draft.labels.push(parseLabel(value))],
]);

/** Reads what someone typed or pasted. Never throws. */
export function parseQuery(text: string, options: ParseOptions = {}): Query {
  const clean = cleanText(text);
  const draft: Draft = {
    ...{ words: [], tag: null, digest: null },
    ...{ platforms: [], kinds: [], bases: [], labels: [], states: [] },
  };
  for (const [token] of unwrapPasted(clean, options.hosts ?? []).matchAll(/(?:[^\s"]|"[^"]*(?:"|$))+/g)) {
    readToken(draft, token, options.withoutFilters === true);
  }
  return { text: clean, ...draft };
}

/** One line, composed characters, plain hyphens and quotes, and nothing that cannot be seen. */
function cleanText(text: string): string {
  return text
    .slice(0, longestQuery)
    .normalize('NFKC')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[\u201c-\u201f\u00ab\u00bb]/g, '"')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}]/gu, '')
    .trim()
    .slice(0, longestQuery);
}

function readToken(draft: Draft, token: string, withoutFilters: boolean): void {
  if (token.startsWith('"')) {
    addWord(draft, token.replaceAll('"', '').trim(), true);
    return;
  }
  const bare = token.replaceAll('"', '');
  const colon = bare.indexOf(':');
  const filter = filters.get(bare.slice(0, Math.max(0, colon)).toLowerCase());
  if (filter !== undefined && !withoutFilters) {
    if (colon + 1 < bare.length) filter(draft, bare.slice(colon + 1));
    return;
  }
  const digest = /^(?:(.*)@)?sha(?:256|512):([0-9a-f]*)$/i.exec(bare);
  if (digest !== null && draft.digest === null) {
    draft.digest = (digest[2] ?? '').toLowerCase();
    if (digest[1]) addWord(draft, splitReference(digest[1]).name, false);
    return;
  }
  if (isBareDigest(bare) && draft.digest === null) {
    draft.digest = bare.toLowerCase();
    return;
  }
  const { name, tag } = splitReference(bare);
  if (name === '' && tag === '') return;
  if (tag !== null && draft.tag === null) draft.tag = tag;
  else if (tag !== null) addWord(draft, tag, false);
  addWord(draft, name, false);
}

/** Twelve digits are what container tools print of an image's digest, sixty-four are all of it. A commit has forty. */
function isBareDigest(text: string): boolean {
  const isLong = text.length === fewestBareDigits || text.length === 64;
  return isLong && /^[0-9a-f]+$/i.test(text) && /[0-9]/.test(text) && /[a-f]/i.test(text);
}

/** `a/b:1.0` in two. A colon before the last slash belongs to a host's port, so what stands before that slash goes. */
function splitReference(text: string): { readonly name: string; readonly tag: string | null } {
  const path = text.replace(/^[^/]*:\d+\//, '');
  const colon = path.indexOf(':', path.lastIndexOf('/') + 1);
  return colon === -1 ? { name: path, tag: null } : { name: path.slice(0, colon), tag: path.slice(colon + 1) };
}

function addWord(draft: Draft, text: string, isQuoted: boolean): void {
  const word = text.replace(/^\/+/, '').toLowerCase();
  if (word !== '') draft.words.push({ text: word, isQuoted });
}

function parseLabel(text: string): LabelFilter {
  const equals = text.indexOf('=');
  return equals === -1
    ? { key: text.toLowerCase(), value: null }
    : { key: text.slice(0, equals).toLowerCase(), value: text.slice(equals + 1).toLowerCase() };
}
