/**
 * What a whole tag is: a version, a name that moves, a commit, or a tag that speaks of another manifest.
 */
import { parseTagParts, type TagPart } from './tag-parts.ts';
import { isChannelWord, isUnstableChannel } from './tag-vocabulary.ts';

/**
 * - `version`: begins with a number or a date: `1.2.3`, `v1`, `2024-01-02-101500-production`
 * - `numbered`: a name and then numbers: `jammy-20240102`, `build-7`
 * - `channel-build`: the same, of a channel that moves: `nightly-20240102`, `pr-12`
 * - `commit`: a commit hash, alone or after a word: `3f9c2d1`, `sha-3f9c2d1`
 * - `name`: any other name: `alpine`, `feature-login`
 * - `channel`: a name that is moved to each new image: `latest`, `stable-alpine3.18`, `arm64-nightly`, `main`
 * - `digest`: about another manifest, which it names by digest
 */
export type TagKind = 'version' | 'numbered' | 'channel-build' | 'commit' | 'name' | 'channel' | 'digest';

export interface ParsedTag {
  readonly kind: TagKind;
  readonly parts: readonly TagPart[];
}

/**
 * The referrers tag schema, and cosign's tags, which add a suffix to it.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema
 */
const DIGEST_TAG = /^sha(?:256|384|512)-[\da-f]{32,128}(?:\.[\w.-]*)?$/i;

/** Reads any string as a tag; one that is not valid gets a kind too. */
export function parseTag(tag: string): ParsedTag {
  if (DIGEST_TAG.test(tag)) return { kind: 'digest', parts: [] };
  const parts = parseTagParts(tag);
  return { kind: toKind(parts), parts };
}

function toKind(parts: readonly TagPart[]): TagKind {
  const first = parts[0];
  if (first === undefined) return 'name';
  if (first.kind === 'number' || first.kind === 'date') return 'version';
  const has = (kind: TagPart['kind']) => parts.some((part) => part.kind === kind);
  if (first.kind === 'commit') return has('date') ? 'numbered' : 'commit';

  const words = parts.filter((part) => part.kind === 'word');
  const lastWord = words.at(-1)?.word ?? '';
  if (lastWord === 'latest' && words.length === parts.length) return 'channel';
  const isChannel = isChannelWord(first.word);
  // The numbers of a flavour make no build of a channel: `stable-alpine3.18` moves as `stable` does.
  const countingWords = isChannel ? [first] : words;
  if (has('number') || has('date') || countingWords.some(({ isNumbered }) => isNumbered)) {
    return isUnstableChannel(first.word) ? 'channel-build' : 'numbered';
  }
  if (has('commit')) return 'commit';
  return isChannel || isChannelWord(lastWord) ? 'channel' : 'name';
}
