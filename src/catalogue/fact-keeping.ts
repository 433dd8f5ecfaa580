/** Which facts a repository keeps. */
import type { Digest } from '../oci/digest.ts';
import type { Tag } from '../oci/reference.ts';
import type { ConfigFacts, Facts, Repository } from './model.ts';

/**
 * The repository with just the facts that its tags lead to, those that each of them led to just before, so that the two can be
 * compared, and what is about any of these. What a tag pointed at earlier stays in its events, as a digest.
 */
export function keepReachableFacts(repository: Repository): Repository {
  const manifests = new Map<Digest, Facts>();
  const configs = new Map<Digest, ConfigFacts>();
  const pointedAt = [...repository.tags.values()].flatMap(({ digest }) => (digest === null ? [] : [digest]));
  const pending: Digest[] = [...listPrevious(repository), ...pointedAt];
  for (let digest = pending.pop(); digest !== undefined; digest = pending.pop()) {
    const facts = repository.manifests.get(digest);
    if (facts === undefined || manifests.has(digest)) continue;
    manifests.set(digest, facts);
    if (facts.shape === 'index') pending.push(...facts.children.map((child) => child.digest));
    if (facts.shape === 'manifest') {
      const config = repository.configs.get(facts.config.digest);
      if (config !== undefined) configs.set(facts.config.digest, config);
    }
  }
  const referrers = new Map([...repository.referrers].filter(([subject]) => manifests.has(subject)));
  return { ...repository, manifests, configs, referrers };
}

/** What the tags whose newest event is a move pointed at before it: of what they left and came back from, nothing is kept. */
function listPrevious({ tags, events }: Pick<Repository, 'tags' | 'events'>): readonly Digest[] {
  const previous = new Map<Tag, Digest>();
  for (const { type, tag, from, to } of events) {
    if (tag === null) continue;
    if (type === 'moved' && from !== null && tags.get(tag)?.digest === to) previous.set(tag, from);
    else previous.delete(tag);
  }
  return [...previous.values()];
}

/** The repository without the values of environment variables and without build history, which may hold secrets. */
export function withholdEnvironment(repository: Repository): Repository {
  if ([...repository.configs.values()].every((config) => withhold(config) === config)) return repository;
  const configs = new Map([...repository.configs].map(([digest, config]) => [digest, withhold(config)] as const));
  return { ...repository, configs };
}

function withhold(config: ConfigFacts): ConfigFacts {
  if (!('diffIds' in config) || config.withheld) return config;
  const environment = config.environment.map((entry) => entry.split('=', 1)[0] ?? '');
  return { ...config, withheld: true, environment, history: [] };
}
