/** What is said about an image: by its author, and by the operator, whose word wins. */
import type { Repository } from '../catalogue/model.ts';
import type { Recommendation } from '../catalogue/recommended-tag.ts';
import { isRepositoryName, type RepositoryName } from '../oci/reference.ts';
import { createNameMatcher } from '../settings/name-patterns.ts';
import type { RepositoryNotes } from '../settings/overlay.schema.ts';
import { splitLinks, type TextPart } from './linked-text.ts';
import type { Link } from './listing-view.ts';
import { listOwnWords, pickDescription } from './own-words.ts';
import { toSafeHref } from './safe-link.ts';
import { type Site, type SiteSettings, toImageHref } from './site.ts';

/** A fact, its text in parts, some of which may be links. */
export interface AboutWord {
  readonly term: string;
  readonly parts: readonly TextPart[];
}

/** That an image should be used no more. */
export interface Deprecation {
  /** `2026-04-30`. Null where only a replacement is named. */
  readonly since: string | null;
  readonly replacement: { readonly text: string; readonly href: string | null } | null;
}

export interface ImageAbout {
  readonly description: string | null;
  readonly words: readonly AboutWord[];
  readonly deprecation: Deprecation | null;
  /** Where the settings say that more is known of it. */
  readonly links: readonly Link[];
}

/** Gathers it. `recommendation` is the repository's own. */
export function toImageAbout(repository: Repository, recommendation: Recommendation | null, site: Site): ImageAbout {
  const { name } = repository;
  const notes = site.notesOf(name);
  const own = recommendation === null ? [] : listOwnWords(recommendation.digest, repository);
  const said = new Map<string, AboutWord>(
    own.map(({ term, text, href }) => [term, { term, parts: [{ text, href }] }] as const),
  );
  for (const [term, text] of listNotes(notes)) said.set(term, { term, parts: splitLinks(text) });
  const order = (term: string) => firstTerms.indexOf(term) + 1 || firstTerms.length + 1;
  return {
    description:
      notes.description ?? (recommendation === null ? null : pickDescription(recommendation.digest, repository)),
    words: [...said.values()].sort((a, b) => order(a.term) - order(b.term)),
    deprecation: toDeprecation(notes, site),
    links: listLinks(name, recommendation, site.settings),
  };
}

/** What one looks for first. */
const firstTerms: readonly string[] = ['Owner', 'Source', 'Documentation', 'Licence'];

function listNotes({ owner, source, docs, licence }: RepositoryNotes): readonly (readonly [string, string])[] {
  const terms = [
    ['Owner', owner],
    ['Source', source],
    ['Documentation', docs],
    ['Licence', licence],
  ] as const;
  return terms.flatMap(([term, text]) => (text === undefined ? [] : [[term, text] as const]));
}

/** Of a replacement that has a page here the reader is led to it. */
export function toDeprecation({ deprecatedSince, replacement }: RepositoryNotes, site: Site): Deprecation | null {
  if (deprecatedSince === undefined && replacement === undefined) return null;
  const isShown = replacement !== undefined && isRepositoryName(replacement) && site.isRepository(replacement);
  return {
    since: deprecatedSince ?? null,
    replacement:
      replacement === undefined
        ? null
        : {
            text: replacement,
            href: isShown ? toImageHref(site, replacement as RepositoryName) : toSafeHref(replacement),
          },
  };
}

/** The settings' links that mean this image. One that needs a tag or a digest is left out where there is none. */
function listLinks(
  name: RepositoryName,
  recommendation: Recommendation | null,
  { linkTemplates = [], publicHost }: SiteSettings,
): readonly Link[] {
  const words: Readonly<Record<string, string | undefined>> = {
    name,
    host: publicHost,
    tag: recommendation?.tag,
    digest: recommendation?.digest,
  };
  return linkTemplates.flatMap(({ text, url, repositories }) => {
    if (!createNameMatcher(repositories)(name)) return [];
    const needed = [...url.matchAll(placeholder)].map(([, word = '']) => words[word]);
    if (needed.includes(undefined)) return [];
    const filled = url.replaceAll(placeholder, (_, word: string) => encodeURI(words[word] ?? ''));
    const href = toSafeHref(filled);
    return href === null ? [] : [{ text, href }];
  });
}

const placeholder = /\{(name|tag|digest|host)\}/g;
