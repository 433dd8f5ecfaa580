/**
 * What an image says of itself: annotations of its index and manifests, then labels of its configs, or the fields of a Helm
 * chart. Untrusted text, made readable here; where a text may be a link, only a safe one is.
 */
import { isAttestationChild, listLeaves } from '../catalogue/facts.ts';
import type { Facts, Repository } from '../catalogue/model.ts';
import { annotationKeys } from '../oci/annotations.ts';
import { boundText } from '../oci/bounded-text.ts';
import type { Digest } from '../oci/digest.ts';
import { toSafeHref } from './safe-link.ts';
import { toVisibleText } from './visible-text.ts';

/** A fact in the image's own words. */
export interface OwnWord {
  readonly term: string;
  readonly text: string;
  /** Null where the text is no safe address. */
  readonly href: string | null;
}

const longestDescription = 600;
const longestWord = 300;

/** Which words are shown, in this order, and where they may stand: the specification's key, then what came before it. */
const terms: readonly (readonly [string, readonly string[]])[] = [
  ['Source', [annotationKeys.source, 'org.label-schema.vcs-url', 'sources']],
  ['Documentation', [annotationKeys.documentation, 'org.label-schema.usage']],
  ['Homepage', [annotationKeys.url, 'org.label-schema.url', 'home']],
  ['App version', ['appVersion']],
  ['Kubernetes', ['kubeVersion']],
  ['Depends on', ['dependencies']],
  ['Keywords', ['keywords']],
  ['Deprecated', ['deprecated']],
  ['Licence', [annotationKeys.licenses]],
  ['Vendor', [annotationKeys.vendor, 'org.label-schema.vendor']],
  ['Authors', [annotationKeys.authors, 'maintainers', 'maintainer']],
  ['Version', [annotationKeys.version, 'org.label-schema.version', 'version']],
  ['Revision', [annotationKeys.revision, 'org.label-schema.vcs-ref']],
  ['Base image', [annotationKeys.baseName]],
];

/** The facts that `digest` records about itself. Terms without a text are left out. */
export function listOwnWords(digest: Digest, repository: Repository): readonly OwnWord[] {
  const sources = listTextSources(digest, repository);
  return terms.flatMap(([term, keys]) => {
    const text = findText(sources, keys);
    return text === null ? [] : [{ term, text: toShownText(text, longestWord), href: toSafeHref(text) }];
  });
}

/** The description that `digest` records, or null. */
export function pickDescription(digest: Digest, repository: Repository): string | null {
  const keys = [annotationKeys.description, 'org.label-schema.description', 'description', annotationKeys.title];
  const text = findText(listTextSources(digest, repository), keys);
  return text === null ? null : toShownText(text.replace(/\s+/g, ' '), longestDescription);
}

/** The first of `keys` that `digest` records, as it is recorded, or null. */
export function pickOwnText(digest: Digest, repository: Repository, keys: readonly string[]): string | null {
  return findText(listTextSources(digest, repository), keys);
}

type Texts = Readonly<Record<string, string>>;

function listTextSources(digest: Digest, repository: Repository): readonly Texts[] {
  const leaves = listLeaves(digest, repository).filter(({ child }) => child === null || !isAttestationChild(child));
  return [
    repository.manifests.get(digest)?.annotations ?? {},
    ...leaves.map(({ facts }) => facts?.annotations ?? {}),
    ...leaves.map(({ facts }) => configTextsOf(facts, repository)),
  ];
}

function configTextsOf(facts: Facts | null, repository: Repository): Texts {
  if (facts?.shape !== 'manifest') return {};
  const config = repository.configs.get(facts.config.digest);
  if (config === undefined || 'problem' in config) return {};
  return 'chart' in config ? config.chart : config.labels;
}

function findText(sources: readonly Texts[], keys: readonly string[]): string | null {
  for (const key of keys) {
    for (const source of sources) {
      const text = Object.hasOwn(source, key) ? source[key]?.trim() : undefined;
      if (text) return text;
    }
  }
  return null;
}

function toShownText(text: string, longest: number): string {
  return toVisibleText(boundText(text.trim(), longest));
}
