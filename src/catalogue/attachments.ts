/**
 * What is about something else: signatures, attestations, bills of materials. There are four ways to attach them, and here
 * they are one: the referrers API, the tag that stands for it, cosign's tags, and the attestations within an index.
 */
import { annotationKeys } from '../oci/annotations.ts';
import type { ChildDescriptor } from '../oci/descriptor.ts';
import { type Digest, isDigest } from '../oci/digest.ts';
import { isImageConfigType, mediaTypes } from '../oci/media-type.ts';
import type { Tag } from '../oci/reference.ts';
import { parsePlausibleDate } from './dates.ts';
import { isAttestationChild } from './facts.ts';
import { artifactTypeOf, type Kind, parseReferrersTag, pickKindOfFacts, pickKindOfTypes } from './kinds.ts';
import type { Facts, Instant, Repository } from './model.ts';
import { onceForRepository } from './once-for-repository.ts';
import { seenAtOf } from './recommended-tag.ts';

export interface Attachment {
  readonly digest: Digest;
  readonly kind: Kind;
  readonly artifactType: string | null;
  readonly mediaType: string;
  readonly createdAt: Instant | null;
  /** The tag that it is kept under; null for what is listed by an index or by the registry. */
  readonly tag: Tag | null;
}

/** Attachments by what they are about, each one once; signatures first. */
export const listAttachments: (repository: Repository) => ReadonlyMap<Digest, readonly Attachment[]> =
  onceForRepository<void, ReadonlyMap<Digest, readonly Attachment[]>>(attachAll);

function attachAll(repository: Repository): ReadonlyMap<Digest, readonly Attachment[]> {
  const bySubject = new Map<Digest, Map<Digest, Attachment>>();
  const attach = (subject: Digest, attachment: Attachment) => {
    if (subject === attachment.digest) return;
    const known = bySubject.get(subject) ?? new Map<Digest, Attachment>();
    bySubject.set(subject, known);
    if (!known.has(attachment.digest)) known.set(attachment.digest, attachment);
  };
  attachTagged(repository, attach);
  attachWithinIndexes(repository, attach);
  for (const [subject, referrers] of repository.referrers) {
    for (const { firstSeenAt, ...referrer } of referrers) {
      const facts = repository.manifests.get(referrer.digest) ?? null;
      attach(subject, toAttachment(referrer, facts, null, firstSeenAt));
    }
  }
  return new Map([...bySubject].map(([subject, attached]) => [subject, [...attached.values()].sort(byKind)]));
}

type Attach = (subject: Digest, attachment: Attachment) => void;

/** What tags lead to, and is about something: by the tag's own name, or because the manifest says so. */
function attachTagged({ tags, manifests }: Repository, attach: Attach): void {
  for (const [tag, record] of tags) {
    const { digest } = record;
    const facts = digest === null ? undefined : manifests.get(digest);
    if (digest === null || facts === undefined) continue;
    const seenAt = seenAtOf(record);
    const address = parseReferrersTag(tag);
    if (address !== null && address.suffix === null && facts.shape === 'index') {
      for (const child of facts.children) {
        attach(address.subject, toAttachment(child, manifests.get(child.digest) ?? null, null, seenAt));
      }
      continue;
    }
    const subject = address?.subject ?? facts.subject;
    if (subject === null) continue;
    const attachment = toAttachment(toDescriptor(digest, facts), facts, tag, seenAt);
    const kind = address === null ? null : kindOfSuffix(address.suffix, attachment.kind);
    attach(subject, kind === null ? attachment : { ...attachment, kind });
  }
}

/** The attestations that builders file in the index itself. One that does not say about which child is about all of them. */
function attachWithinIndexes({ tags, manifests }: Repository, attach: Attach): void {
  const seenAt = new Map<Digest, Instant>();
  for (const record of tags.values()) if (record.digest !== null) seenAt.set(record.digest, seenAtOf(record));
  for (const [index, facts] of manifests) {
    if (facts.shape !== 'index') continue;
    for (const child of facts.children.filter(isAttestationChild)) {
      const about = child.annotations[annotationKeys.attestationSubject];
      const known = manifests.get(child.digest) ?? null;
      const attachment = toAttachment(child, known, null, seenAt.get(index) ?? null);
      const kind = isUntold(attachment.kind) ? 'attestation' : attachment.kind;
      attach(isDigest(about) ? about : index, { ...attachment, kind });
    }
  }
}

type Listed = Pick<ChildDescriptor, 'digest' | 'mediaType' | 'artifactType' | 'annotations'>;

/** What the manifest says of itself is more than what a list says of it: some lists leave the annotations out. */
function toAttachment(listed: Listed, facts: Facts | null, tag: Tag | null, seenAt: Instant | null): Attachment {
  const annotations = { ...listed.annotations, ...facts?.annotations };
  const artifactType = (facts === null ? null : artifactTypeOf(facts)) ?? toArtifactType(listed.artifactType);
  const told = facts === null ? null : pickKindOfFacts(facts);
  const kind = told === null || isUntold(told) ? pickKindOfTypes([artifactType ?? ''], annotations) : told;
  return {
    digest: listed.digest,
    kind: kind ?? told ?? 'artifact',
    artifactType,
    mediaType: facts?.mediaType ?? listed.mediaType,
    createdAt: parsePlausibleDate(annotations[annotationKeys.created], seenAt ?? noTime),
    tag,
  };
}

/** Where it is not known when something was seen, no date is in the future. */
const noTime: Instant = '9999-12-31T00:00:00Z';

function toDescriptor(digest: Digest, { mediaType, artifactType, annotations }: Facts): Listed {
  return { digest, mediaType, artifactType, annotations };
}

/** Lists name the config's type where an artifact has none of its own; that of an image, or of nothing, says nothing. */
function toArtifactType(listed: string | null): string | null {
  return listed === null || isImageConfigType(listed) || listed === mediaTypes.ociEmpty ? null : listed;
}

function isUntold(kind: Kind): boolean {
  return kind === 'artifact' || kind === 'image' || kind === 'unknown';
}

const suffixKinds: Readonly<Record<string, Kind>> = { sig: 'signature', att: 'attestation', sbom: 'sbom' };

/** What cosign's suffix says, where the content does not. */
function kindOfSuffix(suffix: string | null, kind: Kind): Kind {
  return isUntold(kind) && suffix !== null ? (suffixKinds[suffix] ?? kind) : kind;
}

const kindOrder: readonly Kind[] = ['signature', 'attestation', 'sbom'];

function byKind(a: Attachment, b: Attachment): number {
  const place = ({ kind }: Attachment) => (kindOrder.includes(kind) ? kindOrder.indexOf(kind) : kindOrder.length);
  return place(a) - place(b) || (a.digest < b.digest ? -1 : a.digest > b.digest ? 1 : 0);
}
