/** What is shown of what is about a digest: itself, or one of the platforms beneath it. */
import type { Attachment } from '../catalogue/attachments.ts';
import { isAttestationChild, listLeaves } from '../catalogue/facts.ts';
import type { Kind } from '../catalogue/kinds.ts';
import type { Instant, Repository } from '../catalogue/model.ts';
import type { Digest } from '../oci/digest.ts';
import { formatPlatform } from '../oci/platform.ts';
import { kindNames } from './kind-names.ts';
import { shortenDigest } from './short-digest.ts';

export interface AttachmentFigure {
  readonly kind: Kind;
  readonly kindName: string;
  readonly artifactType: string | null;
  readonly digest: Digest;
  /** The platform that it is about; null where it is about the whole. */
  readonly about: string | null;
  readonly createdAt: Instant | null;
}

/** What is about a digest, as a part of its row. */
export interface AttachedView {
  /** `Signature, 2 attestations`. */
  readonly summary: string;
  /** The first of them. */
  readonly shown: readonly AttachmentFigure[];
  /** How many more there are; all stand on the manifest's page. */
  readonly more: number;
}

/** Attachments by what they are about, as `listAttachments` has them. */
export type Attachments = ReadonlyMap<Digest, readonly Attachment[]>;

const mostShownInRow = 6;

/** Everything about a digest and what lies beneath it, each once: first what is about the whole. */
export function listAttachmentFigures(
  digest: Digest,
  attachments: Attachments,
  repository: Repository,
): readonly AttachmentFigure[] {
  const figures = new Map<Digest, AttachmentFigure>();
  const leaves = listLeaves(digest, repository).filter(({ child }) => child !== null && !isAttestationChild(child));
  const subjects = [
    { subject: digest, about: null },
    ...leaves.map(({ digest: subject, child }) => ({
      subject,
      about: child?.platform == null ? shortenDigest(subject) : formatPlatform(child.platform),
    })),
  ];
  for (const { subject, about } of subjects) {
    for (const { kind, artifactType, digest: attached, createdAt } of attachments.get(subject) ?? []) {
      const kindName = kindNames[kind];
      if (!figures.has(attached))
        figures.set(attached, { kind, kindName, artifactType, digest: attached, about, createdAt });
    }
  }
  return [...figures.values()];
}

/** The part of a digest's row; null where nothing is about it. */
export function toAttachedView(digest: Digest, attachments: Attachments, repository: Repository): AttachedView | null {
  if (attachments.size === 0) return null;
  const figures = listAttachmentFigures(digest, attachments, repository);
  if (figures.length === 0) return null;
  const names = [...Map.groupBy(figures, ({ kindName }) => kindName)].map(([name, { length }]) => {
    return length === 1 ? name.toLowerCase() : `${length} ${plurals[name] ?? `${name.toLowerCase()}s`}`;
  });
  const summary = names.join(', ');
  return {
    summary: summary.charAt(0).toUpperCase() + summary.slice(1),
    shown: figures.slice(0, mostShownInRow),
    more: Math.max(0, figures.length - mostShownInRow),
  };
}

const plurals: Readonly<Record<string, string>> = { [kindNames.sbom]: 'bills of materials' };
