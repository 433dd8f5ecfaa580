/** Questions about a tag that its words answer. */
import { parseTag } from './tag-kinds.ts';
import type { TagPart } from './tag-parts.ts';
import { isUnstableChannel } from './tag-vocabulary.ts';

/** Whether the tag is a commit hash, alone or after a word (`sha-3f9c2d1`), and so says nothing about its age. */
export function isCommitTag(tag: string): boolean {
  return parseTag(tag).kind === 'commit';
}

/**
 * Whether the tag names a channel or one build of a channel that moves: `latest`, `1.2-latest`, `stable-alpine`, `main`,
 * `nightly-20240102`, `main-3f9c2d1`. A version of a settled channel (`stable-1.2.3`) is not a channel.
 */
export function isChannelTag(tag: string): boolean {
  const { kind, parts } = parseTag(tag);
  return kind === 'channel' || kind === 'channel-build' || isLedByUnstableChannel(parts) || isLatest(parts.at(-1));
}

/** Whether the tag is a version that is not released yet: `1.2.3-rc1`, `2.0b2`, `v1.4.0.dev0`. */
export function isPreReleaseTag(tag: string): boolean {
  const { kind, parts } = parseTag(tag);
  return kind === 'version' && parts.some((part) => part.kind === 'word' && part.role.kind === 'pre-release');
}

function isLedByUnstableChannel([first]: readonly TagPart[]): boolean {
  return first?.kind === 'word' && isUnstableChannel(first.word);
}

function isLatest(part: TagPart | undefined): boolean {
  return part?.kind === 'word' && part.word === 'latest';
}
