/** How to search, with examples that find something in this very catalogue. */
import { digestAlgorithm, digestHex } from '../oci/digest.ts';
import { fixedAddresses } from './addresses.ts';
import type { ListedImages } from './listed-images.ts';
import type { RepositorySummary } from './repository-summary.ts';
import { type Site, toHref } from './site.ts';

/** One thing that can be typed: `form` is its shape, `queries` are examples of it. */
export interface GrammarRow {
  readonly form: string;
  readonly meaning: string;
  readonly queries: readonly QueryExample[];
}

export interface QueryExample {
  readonly text: string;
  /** The homepage with that search. */
  readonly href: string;
}

export interface HelpView {
  readonly grammar: readonly GrammarRow[];
  /** A search with two conditions, as an example of an address. */
  readonly shared: QueryExample;
  readonly publicHost: string;
  /** The homepage, with the site's base. */
  readonly homeHref: string;
}

/** Where the catalogue has nothing that would do as an example. */
const fallback = { name: 'team/app', tag: '1.0', platform: 'linux/arm64', digits: 'sha256:3f2a91c4' };
const shownDigits = 8;

/** Explains the search. `listed` is the whole catalogue. */
export function toHelpView(listed: ListedImages, site: Site): HelpView {
  const toExample = (text: string): QueryExample => ({
    text,
    href: `${toHref(site, fixedAddresses.home)}?q=${encodeURIComponent(text)}`,
  });
  const { name, tag, digits, platform } = pickExample(listed);
  const last = name.slice(name.lastIndexOf('/') + 1);
  const architecture = platform.split('/')[1] ?? platform;
  const rows: readonly (readonly [form: string, meaning: string, ...queries: string[]])[] = [
    [
      'words',
      'Names, descriptions and owners that have all of them, in any order. Separators and small mistakes do not matter.',
      last,
      toReversedWords(last),
    ],
    ['"words"', 'Exactly this, letter by letter.', `"${last}"`],
    ['name:tag', 'A tag of an image, or tags that begin so. The name may be a part of one.', `${name}:${tag}`],
    ['name:', 'All tags of an image.', `${last}:`],
    [':tag', 'Every image that has the tag, or one that begins so.', `:${tag}`],
    [
      'sha256:…',
      'The image that holds a manifest, config or layer. Four digits are enough; twelve or all 64 need no sha256: before them.',
      digits,
    ],
    ['name@sha256:…', 'The same, in one image.', `${name}@${digits}`],
    [
      'arch:…',
      'Images for an architecture or operating system; platform: means the same.',
      `arch:${architecture}`,
      `${last} arch:${architecture}`,
    ],
    ['base:…', 'Images built on another.', 'base:debian'],
    [
      'label:key=value',
      'Labels and annotations of the recommended tag, and label:owner=… for who looks after an image. The end of a key is enough, and so is a part of the value.',
      'label:source',
      'label:version=1',
    ],
    [
      'is:…',
      'What is wrong: is:outdated for images on an outdated base, is:stale for those that could not be read lately, is:deprecated.',
      'is:outdated',
    ],
    ['kind:…', 'What is no plain image: helm-chart, image-index, artifact.', 'kind:helm-chart'],
  ];
  return {
    grammar: rows.map(([form, meaning, ...queries]) => ({
      form,
      meaning,
      queries: [...new Set(queries)].map(toExample),
    })),
    shared: toExample(`${last} arch:${architecture}`),
    publicHost: site.settings.publicHost,
    homeHref: toHref(site, fixedAddresses.home),
  };
}

/**
 * An image that has something of everything: platforms, a folder, a name of several words; of these the one with most tags, and
 * the first of equals.
 */
function pickExample({ summaries }: ListedImages): typeof fallback {
  const rankOf = ({ name, tagCount, platforms, recommended }: RepositorySummary) => {
    if (recommended === null) return -1;
    const virtues = [platforms.length > 1, name.includes('/'), /[a-z]-[a-z]+[^/]*$/.test(name)];
    return virtues.filter(Boolean).length * 1e6 + tagCount;
  };
  let best: RepositorySummary | undefined;
  for (const summary of summaries) if (best === undefined || rankOf(summary) > rankOf(best)) best = summary;
  if (best === undefined || best.recommended === null) return fallback;
  const { tag, digest } = best.recommended;
  return {
    name: best.name,
    tag,
    platform: best.platforms.at(-1)?.platform ?? fallback.platform,
    digits: `${digestAlgorithm(digest)}:${digestHex(digest).slice(0, shownDigits)}`,
  };
}

/** `node24-test` -> `test node24`. */
function toReversedWords(name: string): string {
  return name
    .split(/[._-]+/)
    .toReversed()
    .join(' ');
}
