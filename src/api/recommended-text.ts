/** `/<name>/-/recommended.txt`: the one line that a script needs. */
import { formatReference } from '../oci/reference.ts';
import { recommendedTextAddress } from '../view/addresses.ts';
import type { RepositorySummary } from '../view/repository-summary.ts';
import type { Site } from '../view/site.ts';
import type { OutputFile } from './output-file.ts';

/** Null where there is nothing to recommend, or where the whole repository is stale or gone: a script must not trust it. */
export function encodeRecommendedText(summary: RepositorySummary, site: Site): OutputFile | null {
  const { name, state, staleSince, recommended } = summary;
  if (recommended === null || staleSince !== null || state === 'removed') return null;
  const reference = formatReference(site.settings.publicHost, name, { tag: recommended.tag });
  return { path: recommendedTextAddress(name), text: `${reference}\n` };
}
