/** Redacts every text of a repository's facts that somebody else wrote. What needs no change stays the very same object. */

import type { Digest } from '../oci/digest.ts';
import type { ImageConfig } from '../oci/image-config.ts';
import type { ConfigFacts, Facts, Repository } from './model.ts';
import { type Redactor, withheldMark } from './redaction.ts';

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
export function redactReferrers<One extends { readonly annotations: Texts }>(
  referrers: ReadonlyMap<Digest, readonly One[]>,
  redact: Redactor,
): ReadonlyMap<Digest, readonly One[]> {
  return mapValues(referrers, (list) =>
    mapItems(list, (one) => {
      const annotations = redactTexts(one.annotations, redact);
      return annotations === one.annotations ? one : { ...one, annotations };
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

/** Media types stay: what kind of thing this is depends on them. */
function redactFacts(facts: Facts, redact: Redactor): Facts {
  const annotations = redactTexts(facts.annotations, redact);
  const isSame = annotations === facts.annotations;
  switch (facts.shape) {
    case 'manifest':
      return isSame ? facts : { ...facts, annotations };
    case 'index': {
      const children = mapItems(facts.children, (child) => {
        const own = redactTexts(child.annotations, redact);
        return own === child.annotations ? child : { ...child, annotations: own };
      });
      return isSame && children === facts.children ? facts : { ...facts, annotations, children };
    }
    case 'opaque': {
      const problem = facts.problem === null ? null : redact(facts.problem);
      return isSame && problem === facts.problem ? facts : { ...facts, annotations, problem };
    }
  }
}

function redactConfig(config: ConfigFacts, redact: Redactor): ConfigFacts {
  if ('problem' in config) return config;
  if ('chart' in config) {
    const chart = redactTexts(config.chart, redact);
    return chart === config.chart ? config : { ...config, chart };
  }
  const text = (value: string | null) => (value === null ? null : redact(value));
  const list = (values: readonly string[]) => mapItems(values, redact);
  const redacted: Omit<ImageConfig, 'createdAt' | 'platform' | 'diffIds'> = {
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
      const createdBy = text(step.createdBy);
      const comment = text(step.comment);
      return createdBy === step.createdBy && comment === step.comment ? step : { ...step, createdBy, comment };
    }),
  };
  const isSame = Object.entries(redacted).every(([key, value]) => config[key as keyof typeof redacted] === value);
  return isSame ? config : { ...config, ...redacted };
}

/** Keys are texts as well: labels have been seen that carry a reference in theirs. */
function redactTexts(texts: Texts, redact: Redactor): Texts {
  const entries = Object.entries(texts);
  const redacted = entries.map(([key, text]) => [redact(key), redact(text)] as const);
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
