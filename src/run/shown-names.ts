/** Which repositories and tags settings show. `exclude` wins. */
import { createNameMatcher } from '../settings/name-patterns.ts';
import type { Settings } from '../settings/settings.ts';

export interface ShownNames {
  readonly isRepositoryShown: (name: string) => boolean;
  readonly isTagShown: (tag: string) => boolean;
  /** What they were made from. */
  readonly patterns: Pick<Settings, 'include' | 'exclude' | 'includeTags' | 'excludeTags'>;
}

export function createShownNames(
  settings: Pick<Settings, 'include' | 'exclude' | 'includeTags' | 'excludeTags'>,
): ShownNames {
  const included = createNameMatcher(settings.include);
  const excluded = createNameMatcher(settings.exclude);
  const includedTag = createNameMatcher(settings.includeTags);
  const excludedTag = createNameMatcher(settings.excludeTags);
  return {
    isRepositoryShown: (name) => included(name) && !excluded(name),
    isTagShown: (tag) => includedTag(tag) && !excludedTag(tag),
    patterns: {
      include: settings.include,
      exclude: settings.exclude,
      includeTags: settings.includeTags,
      excludeTags: settings.excludeTags,
    },
  };
}
