/** The common case of a look: nothing happened to a repository whose outline is known. */
import type { RepositoryListing } from '../catalogue/observation.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import type { UnchangedManifest } from '../registry/registry-client.ts';
import type { FetchedManifest } from '../registry/verify-manifest.ts';
import { type CrawlSource, tasksAtOnce } from './crawl-source.ts';
import { forEachConcurrently } from './for-each-concurrently.ts';
import type { RepositoryOutline } from './repository-outline.ts';
import type { Revalidation } from './revalidation.ts';

/** What was asked about tags, by tag. Rejections are for whoever makes something of the answers. */
export type AskedTags = Map<Tag, Promise<FetchedManifest | UnchangedManifest>>;

export interface OutlineQuestion {
  readonly name: RepositoryName;
  readonly source: CrawlSource;
  readonly outline: RepositoryOutline;
  readonly listing: RepositoryListing;
  /** The tags that are listed. */
  readonly names: ReadonlySet<Tag>;
  readonly publishEnvironment: boolean;
  readonly revalidation: Revalidation;
  readonly signal: AbortSignal;
}

/**
 * Whether all is as the outline says. Asks about the tags whose turn it is, and stops at the first answer that says something
 * else; all that was asked is put into `asked`, so that nothing need be asked twice.
 */
export async function isAsOutlined(question: OutlineQuestion, asked: AskedTags): Promise<boolean> {
  const { name, source, outline, revalidation, signal } = question;
  if (!isListedAs(question) || !isEnvironmentSettled(question)) return false;
  const due: number[] = [];
  for (const [place, tag] of outline.tags.entries()) if (revalidation.isDue(name, tag)) due.push(place);
  let isSame = true;
  await forEachConcurrently(due, Math.min(due.length, tasksAtOnce(source)), async (place) => {
    const [tag, digest] = [outline.tags[place], outline.digests[place]];
    if (!isSame || tag === undefined || digest === undefined) return;
    const asking = source.client.fetchManifest(name, tag, digest, signal);
    asked.set(tag, asking);
    const answer = await asking.catch(() => null);
    isSame &&= answer?.outcome === 'unchanged';
  });
  // What was asked may have taken credentials that the list of tags did not.
  return isSame && isEnvironmentSettled(question);
}

function isListedAs({ source, outline, listing, names }: OutlineQuestion): boolean {
  const isListed = listing.outcome === 'empty' || (listing.outcome === 'tags' && listing.failure === null);
  if (!isListed || outline.source !== source.name || outline.tags.length !== names.size) return false;
  return outline.tags.every((tag) => names.has(tag));
}

/** Whether of each environment just so much is kept as settings and rights allow. */
function isEnvironmentSettled({ name, source, outline, publishEnvironment }: OutlineQuestion): boolean {
  const mayShow = publishEnvironment || !source.client.usesCredentialsFor(name);
  return mayShow ? !outline.withholdsEnvironment : !outline.showsEnvironment;
}
