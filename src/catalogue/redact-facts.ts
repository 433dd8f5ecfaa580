/** Redacts every text of a repository's facts that somebody else wrote. What needs no change stays the very same object. */

import type { ChildDescriptor, Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import type { ImageConfig } from '../oci/image-config.ts';
import type { Platform } from '../oci/platform.ts';
import type { ConfigFacts, Facts, Repository } from './model.ts';
import { isPlainPlatformPart, isPlainSubtype, splitMediaType } from './plain-words.ts';
import { type Redactor, withheldMark } from './redaction.ts';

/** Annotations and labels whose whole value is a tag, by convention. */
const holdsTag = /(?:^|[.-])(?:ref\.name|version)$/;

type Texts = Readonly<Record<string, string>>;

/** The facts with every hidden name replaced; the same map where there is none. */
export function redactManifests(manifests: ReadonlyMap<Digest, Facts>, redact: Redactor): ReadonlyMap<Digest, Facts> {
  return mapValues(manifests, (facts) => redactFacts(facts, redact));
}

/** The configs with every hidden name replaced; the same map where there is none. */
export function redactConfigs(
  configs: ReadonlyMap<Digest, ConfigFacts>,
  redact: Redactor,
): ReadonlyMap<Digest, ConfigFacts> {
  return mapValues(configs, (config) => redactConfig(config, redact));
}

/** Lists of what is about something, with every hidden name replaced; the same map where there is none. */
export function redactReferrers<One extends Descriptor & Pick<Facts, 'artifactType' | 'annotations'>>(
  referrers: ReadonlyMap<Digest, readonly One[]>,
  redact: Redactor,
): ReadonlyMap<Digest, readonly One[]> {
  return mapValues(referrers, (list) =>
    mapItems(list, (one) => {
      const { mediaType, artifactType, annotations } = one;
      const kept = {
        mediaType: redactType(mediaType, redact),
        artifactType: artifactType === null ? null : redactType(artifactType, redact),
        annotations: redactTexts(annotations, redact),
      };
      const isSame = kept.mediaType === mediaType && kept.artifactType === artifactType;
      return isSame && kept.annotations === annotations ? one : { ...one, ...kept };
    }),
  );
}

/**
 * The repository without the facts that something was taken out of, so that they are read anew: what was hidden then may be
 * shown now. The same one where there are none.
 */
export function forgetRedactedFacts(repository: Repository): Repository {
  const manifests = new Map([...repository.manifests].filter(([, facts]) => !isRedacted(facts)));
  const configs = new Map([...repository.configs].filter(([, config]) => !isRedacted(config)));
  const isSame = manifests.size === repository.manifests.size && configs.size === repository.configs.size;
  return isSame ? repository : { ...repository, manifests, configs };
}

/** Keys of our own are no texts; of theirs the mark may be one, or a part of one. */
function isRedacted({ withheld: _, ...facts }: object & { readonly withheld?: unknown }): boolean {
  return JSON.stringify(facts).includes(withheldMark);
}

function redactFacts(facts: Facts, redact: Redactor): Facts {
  const own = {
    mediaType: redactType(facts.mediaType, redact),
    artifactType: facts.artifactType === null ? null : redactType(facts.artifactType, redact),
    annotations: redactTexts(facts.annotations, redact),
  };
  switch (facts.shape) {
    case 'manifest':
      return change(facts, {
        ...own,
        config: redactDescriptor(facts.config, redact),
        layers: mapItems(facts.layers, (layer) => redactDescriptor(layer, redact)),
      });
    case 'index':
      return change(facts, { ...own, children: mapItems(facts.children, (child) => redactChild(child, redact)) });
    case 'opaque':
      return change(facts, { ...own, problem: facts.problem === null ? null : redact(facts.problem) });
  }
}

function redactChild(child: ChildDescriptor, redact: Redactor): ChildDescriptor {
  return change(redactDescriptor(child, redact), {
    artifactType: child.artifactType === null ? null : redactType(child.artifactType, redact),
    platform: redactPlatform(child.platform, redact),
    annotations: redactTexts(child.annotations, redact),
  });
}

function redactDescriptor<One extends Descriptor>(descriptor: One, redact: Redactor): One {
  const mediaType = redactType(descriptor.mediaType, redact);
  return mediaType === descriptor.mediaType ? descriptor : { ...descriptor, mediaType };
}

/**
 * A media type stays one, and so do its tree and the format that it is written in: what kind of thing this is depends on them.
 * Its subtype is a word like others.
 */
function redactType(mediaType: string, redact: Redactor): string {
  const parts = splitMediaType(mediaType);
  if (parts === null) return redact(mediaType);
  const { tree, subtype, suffix } = parts;
  return isPlainSubtype(subtype) ? mediaType : `${tree}${redact(subtype)}${suffix}`;
}

/** Authors may write anything where the specification wants `linux`. */
function redactPlatform(platform: Platform | null, redact: Redactor): Platform | null {
  if (platform === null) return null;
  const part = (key: keyof Platform, text: string) => (isPlainPlatformPart(key, text) ? text : redact(text));
  const { os, architecture, variant, osVersion } = platform;
  return change(platform, {
    os: part('os', os),
    architecture: part('architecture', architecture),
    variant: variant === null ? null : part('variant', variant),
    osVersion: osVersion === null ? null : part('osVersion', osVersion),
  });
}

/** The value with `changes`; the very same one where they change nothing. */
function change<Value extends object>(value: Value, changes: Partial<Value>): Value {
  const isSame = Object.entries(changes).every(([key, changed]) => value[key as keyof Value] === changed);
  return isSame ? value : { ...value, ...changes };
}

function redactConfig(config: ConfigFacts, redact: Redactor): ConfigFacts {
  if ('problem' in config) return config;
  if ('chart' in config) {
    const chart = redactTexts(config.chart, redact);
    return chart === config.chart ? config : { ...config, chart };
  }
  const text = (value: string | null) => (value === null ? null : redact(value));
  const list = (values: readonly string[]) => mapItems(values, redact);
  const redacted: Omit<ImageConfig, 'diffIds'> = {
    createdAt: text(config.createdAt),
    platform: redactPlatform(config.platform, redact),
    author: text(config.author),
    user: text(config.user),
    workingDir: text(config.workingDir),
    entrypoint: config.entrypoint === null ? null : list(config.entrypoint),
    command: config.command === null ? null : list(config.command),
    environment: list(config.environment),
    exposedPorts: list(config.exposedPorts),
    volumes: list(config.volumes),
    stopSignal: text(config.stopSignal),
    labels: redactTexts(config.labels, redact),
    history: mapItems(config.history, (step) => {
      const { createdAt, createdBy, comment } = step;
      return change(step, { createdAt: text(createdAt), createdBy: text(createdBy), comment: text(comment) });
    }),
  };
  return change(config, redacted);
}

/** Keys are texts as well: labels have been seen that carry a reference in theirs. */
function redactTexts(texts: Texts, redact: Redactor): Texts {
  const entries = Object.entries(texts);
  const redacted = entries.map(([key, text]) => {
    return [redact(key), holdsTag.test(key) ? redact.tag(redact(text)) : redact(text)] as const;
  });
  const isSame = redacted.every(([key, text], at) => key === entries[at]?.[0] && text === entries[at]?.[1]);
  return isSame ? texts : Object.fromEntries(redacted);
}

function mapItems<Item>(items: readonly Item[], change: (item: Item) => Item): readonly Item[] {
  const changed = items.map(change);
  return changed.every((item, at) => item === items[at]) ? items : changed;
}

function mapValues<Key, Value>(map: ReadonlyMap<Key, Value>, change: (value: Value) => Value): ReadonlyMap<Key, Value> {
  let hasChanged = false;
  const changed = [...map].map(([key, value]) => {
    const next = change(value);
    hasChanged ||= next !== value;
    return [key, next] as const;
  });
  return hasChanged ? new Map(changed) : map;
}
