/**
 * The second search of a run: names that the credentials may not read become known only while it reads, and names that
 * settings newly hide stand in what earlier runs wrote.
 */
import { dropHiddenTags } from '../catalogue/reconcile.ts';
import { redactConfigs, redactManifests, redactReferrers } from '../catalogue/redact-facts.ts';
import type { Redactor } from '../catalogue/redaction.ts';
import type { IndexEntry } from '../snapshot/index.schema.ts';
import type { LookOptions } from './crawl-run-options.ts';

/** The entry of a file without hidden names: the same one, or that of a file written in its place. */
export async function redactEntry(
  entry: IndexEntry,
  redact: Redactor,
  { store, isTagShown }: Pick<LookOptions, 'store' | 'isTagShown'>,
): Promise<IndexEntry> {
  const before = await store.readHistory(await store.readRepository(entry));
  const repository = dropHiddenTags(before, { isTagShown });
  const manifests = redactManifests(repository.manifests, redact);
  const configs = redactConfigs(repository.configs, redact);
  const referrers = redactReferrers(repository.referrers, redact);
  const isSame = manifests === before.manifests && configs === before.configs && referrers === before.referrers;
  const isClean = isSame && repository === before;
  return isClean ? entry : store.writeRepository({ ...repository, manifests, configs, referrers });
}
