/** What images say about themselves in labels and annotations. */
import { annotationKeys } from '../../../src/oci/annotations.ts';
import { formatSeconds } from './build-times.ts';
import type { CatalogueSettings } from './catalogue-settings.ts';
import { isBuiltByBuildKit, type Product } from './product.ts';
import { drawFraction, drawOne } from './seeded.ts';

type Texts = Readonly<Record<string, string>>;

const licences = ['Apache-2.0', 'GPL-2.0-or-later', 'MIT', 'MIT AND Apache-2.0'] as const;

export function toLabels(product: Product, { publicHost }: CatalogueSettings): Texts {
  const { name, tag } = product;
  // A public image may tell of one that is not for everybody.
  if (name === 'wmfdebug') return { 'org.example.debugs': `${publicHost}/restricted/mediawiki-multiversion` };
  if (!isBuiltByBuildKit(name)) return { maintainer: toMaintainer(name) };
  return {
    [annotationKeys.title]: name.split('/').at(-1) ?? name,
    [annotationKeys.source]: `https://git.example.org/${name}`,
    [annotationKeys.revision]: toRevision(product),
    [annotationKeys.version]: tag,
    [annotationKeys.licenses]: drawOne(licences, name),
    [annotationKeys.vendor]: 'Example Foundation',
  };
}

export function toMaintainer(name: Product['name']): string {
  const team = name.includes('/') ? name.slice(0, name.indexOf('/')) : 'production';
  return `${team} images <images@example.org>`;
}

/** Images from newer pipelines name their base; about half of those say as an annotation when they were built. */
export function toAnnotations(
  { name, builtAtMs, parent }: Product,
  { publicHost }: CatalogueSettings,
): Texts | undefined {
  if (!name.startsWith('repos/')) return undefined;
  const base = parent && {
    [annotationKeys.baseName]: `${publicHost}/${parent.name}:${parent.tag}`,
    [annotationKeys.baseDigest]: parent.content.manifest.digest,
  };
  const isDated = drawFraction(name, 'dated') < 0.5;
  return { ...base, ...(isDated ? { [annotationKeys.created]: formatSeconds(builtAtMs) } : {}) };
}

/** Forty hexadecimal digits, as a commit has them. */
function toRevision({ name, tag }: Product): string {
  const words = [0, 1, 2, 3, 4].map((word) => Math.floor(drawFraction(name, tag, word) * 2 ** 32));
  return words.map((word) => word.toString(16).padStart(8, '0')).join('');
}
