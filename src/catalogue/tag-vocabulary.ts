/**
 * The vocabulary of tag names: what a word in a tag says about the version it belongs to.
 *
 * Only words whose meaning is shared across publishers stand here. A word that is not listed is judged by its shape,
 * see `tag-parts.ts`.
 */

/** Channels that a publisher calls finished, the ones people expect first in front. */
const SETTLED_CHANNELS: readonly string[] = [
  'latest',
  'stable',
  'lts',
  'current',
  'release',
  'production',
  'prod',
  'live',
  'default',
];

const UNSTABLE_CHANNELS: ReadonlySet<string> = new Set([
  'alpha',
  'beta',
  'branch',
  'canary',
  'ci',
  'daily',
  'dev',
  'devel',
  'develop',
  'development',
  'edge',
  'experimental',
  'head',
  'insiders',
  'main',
  'mainline',
  'master',
  'mr',
  'next',
  'nightly',
  'pr',
  'preview',
  'pull',
  'qa',
  'rc',
  'rolling',
  'snapshot',
  'staging',
  'test',
  'testing',
  'tip',
  'trunk',
  'unstable',
  'weekly',
]);

/**
 * Stages before a release, early to late. Branches and channels that move are the earliest: `2.0-main` is on its way to 2.0. PEP 440 puts dev first, Maven puts snapshot last, and both agree on the rest:
 * https://peps.python.org/pep-0440/#summary-of-permitted-suffixes-and-relative-ordering
 * https://maven.apache.org/pom.html#version-order-specification
 */
const PRE_RELEASE_STAGES: Readonly<Record<string, number>> = {
  dev: 0,
  devel: 0,
  develop: 0,
  development: 0,
  nightly: 0,
  daily: 0,
  weekly: 0,
  rolling: 0,
  main: 0,
  mainline: 0,
  master: 0,
  trunk: 0,
  head: 0,
  tip: 0,
  pr: 0,
  mr: 0,
  qa: 0,
  staging: 0,
  canary: 0,
  ea: 0,
  edge: 0,
  experimental: 0,
  insider: 0,
  insiders: 0,
  next: 0,
  test: 0,
  testing: 0,
  unstable: 0,
  wip: 0,
  alpha: 1,
  beta: 2,
  milestone: 3,
  pre: 4,
  preview: 4,
  prerelease: 4,
  rc: 5,
  cr: 5,
  snapshot: 6,
};

/** Single letters are pre-releases only with a number (`1.0b2`, `2.0.0-M1`): `1.1.1b` alone is a letter release. */
const PRE_RELEASE_LETTERS: Readonly<Record<string, number>> = { a: 1, b: 2, m: 3 };

/** Words that count builds or fixes made after the version that they follow, with or without a number. */
const REVISION_WORDS: ReadonlySet<string> = new Set([
  'build',
  'fix',
  'hotfix',
  'p',
  'patch',
  'pl',
  'post',
  'r',
  'rebuild',
  'rev',
  'revision',
  's',
  'security',
  'sp',
  'u',
  'update',
]);

/** Words that say "this is the release itself", or that a number is one (`ltsc2022` follows `1809`), and so change nothing. */
const NEUTRAL_WORDS: ReadonlySet<string> = new Set(['final', 'ga', 'ltsc', 'release']);

/** Distributions, runtimes and build variants that carry a version of their own: `alpine3.18`, `jdk17`, `cuda12.1`. */
const NUMBERED_FLAVOURS: ReadonlySet<string> = new Set([
  'al',
  'alma',
  'almalinux',
  'alpine',
  'amazonlinux',
  'centos',
  'cu',
  'cuda',
  'cudnn',
  'debian',
  'dotnet',
  'el',
  'fc',
  'fedora',
  'gcc',
  'go',
  'golang',
  'hadoop',
  'java',
  'jdk',
  'jre',
  'leap',
  'llvm',
  'mariadb',
  'mysql',
  'nanoserver',
  'node',
  'nodejs',
  'npm',
  'openjdk',
  'perl',
  'pg',
  'php',
  'postgres',
  'postgresql',
  'py',
  'python',
  'pytorch',
  'rhel',
  'rocky',
  'rocm',
  'ruby',
  'rust',
  'scala',
  'spark',
  'suse',
  'torch',
  'ubi',
  'ubuntu',
  'windowsservercore',
]);

/** Releases by their code names, oldest first; what Debian numbers one by one, Ubuntu names after year and month. */
const DEBIAN_NAMES = 'squeeze wheezy jessie stretch buster bullseye bookworm trixie forky duke'.split(' ');
const FIRST_DEBIAN = 6;
const UBUNTU_NAMES =
  'trusty utopic vivid wily xenial yakkety zesty artful bionic cosmic disco eoan focal groovy hirsute impish jammy kinetic lunar mantic noble oracular plucky questing resolute'.split(
    ' ',
  );
const FIRST_UBUNTU_YEAR = 14;

/** Code names of distributions, as the numbers that order them. */
const CODE_NAMES: Readonly<Record<string, readonly [word: string, ...numbers: string[]]>> = {
  deb: ['debian'],
  ...Object.fromEntries(DEBIAN_NAMES.map((name, at) => [name, ['debian', String(FIRST_DEBIAN + at)] as const])),
  ...Object.fromEntries(
    UBUNTU_NAMES.map((name, at) => {
      const year = String(FIRST_UBUNTU_YEAR + Math.floor(at / 2));
      return [name, ['ubuntu', year, at % 2 === 0 ? '4' : '10'] as const];
    }),
  ),
};

/** What a word says about the version before it. */
export type WordRole =
  | { readonly kind: 'pre-release'; readonly stage: number }
  | { readonly kind: 'revision' }
  | { readonly kind: 'flavour' }
  | { readonly kind: 'neutral' };

/** Where a word stands: followed by a number (`s4`), and without a separator before it (`1.1.1w`). */
export interface WordPlace {
  readonly isNumbered: boolean;
  readonly isAttached: boolean;
}

/** Rank of a settled channel word, 0 first; -1 for every other word. */
export function settledChannelRank(word: string): number {
  return SETTLED_CHANNELS.indexOf(word);
}

export function isUnstableChannel(word: string): boolean {
  return UNSTABLE_CHANNELS.has(word);
}

export function isChannelWord(word: string): boolean {
  return isUnstableChannel(word) || settledChannelRank(word) >= 0;
}

/** Whether a number set off by a dash still belongs to this word: `rc-1`, `patch-2`, but not `alpine-3`. */
export function isCountedWord(word: string): boolean {
  return Object.hasOwn(PRE_RELEASE_STAGES, word) || REVISION_WORDS.has(word);
}

/** Resolves a code name to the distribution and numbers it stands for; any other word to itself. */
export function toDistribution(word: string): readonly [word: string, ...numbers: string[]] {
  return Object.hasOwn(CODE_NAMES, word) ? (CODE_NAMES[word] ?? [word]) : [word];
}

/**
 * What a lower-case word, code names resolved, says about the version before it.
 *
 * A word that is not in the vocabulary counts builds when it carries a number (`wmf1`, as Debian order has it) or is a
 * letter release (`1.1.1w`), and names a flavour otherwise (`-slim`).
 */
export function toWordRole(word: string, place: WordPlace): WordRole {
  const stage = Object.hasOwn(PRE_RELEASE_STAGES, word) ? PRE_RELEASE_STAGES[word] : undefined;
  if (stage !== undefined) return { kind: 'pre-release', stage };
  if (place.isNumbered && Object.hasOwn(PRE_RELEASE_LETTERS, word)) {
    return { kind: 'pre-release', stage: PRE_RELEASE_LETTERS[word] ?? 0 };
  }
  if (NEUTRAL_WORDS.has(word)) return { kind: 'neutral' };
  if (REVISION_WORDS.has(word)) return { kind: 'revision' };
  if (NUMBERED_FLAVOURS.has(word)) return { kind: 'flavour' };
  if (place.isNumbered) return { kind: 'revision' };
  return { kind: place.isAttached && word.length <= 2 ? 'revision' : 'flavour' };
}
