/** Whether there is nothing more to learn of a digest: what a run need not ask for. */
import { isAttestationChild } from '../catalogue/facts.ts';
import type { ConfigFacts, Facts, IndexFacts } from '../catalogue/model.ts';
import type { ChildDescriptor, Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import { isImageConfigType, mediaTypes } from '../oci/media-type.ts';

/** Indexes within indexes are read so deep. */
export const deepestNesting = 4;
/** No image has more platforms; of an index that names more, the rest stays unknown. */
const mostChildren = 500;

export interface KnownFacts {
  factsOf(digest: Digest): Facts | null;
  configOf(digest: Digest): ConfigFacts | null;
  /** Whether what is known of a config is all that may be known of it. */
  isEnough(config: ConfigFacts, descriptor: Descriptor): boolean;
}

/** Whether all is known of a digest, and of what stands beneath it. */
export function isWhole(digest: Digest, known: KnownFacts, depth = 0, isAttestation = false): boolean {
  const facts = known.factsOf(digest);
  if (facts?.shape === 'index' && depth < deepestNesting) {
    return distinctChildren(facts).every((child) =>
      isWhole(child.digest, known, depth + 1, isAttestation || isAttestationChild(child)),
    );
  }
  if (facts?.shape !== 'manifest' || isAttestation || !isReadableConfig(facts.config)) return facts !== null;
  const config = known.configOf(facts.config.digest);
  return config !== null && known.isEnough(config, facts.config);
}

/** Each child once, of so many as are read. One that serves a platform besides being an attestation is read as the former. */
export function distinctChildren({ children }: IndexFacts): readonly ChildDescriptor[] {
  const distinct = new Map<Digest, ChildDescriptor>();
  for (const child of children.slice(0, mostChildren)) {
    const before = distinct.get(child.digest);
    if (before === undefined || isAttestationChild(before)) distinct.set(child.digest, child);
  }
  return [...distinct.values()];
}

/** Configs of other media types say nothing that we show. */
export function isReadableConfig({ mediaType }: Descriptor): boolean {
  return isImageConfigType(mediaType) || mediaType === mediaTypes.helmConfig;
}
