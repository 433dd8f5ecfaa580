/**
 * Names that settings give, in place of a list that the registry gives: in a file, of which each machine has its own copy. What
 * stands in it no more is dropped and leaves no trace, so all shards must have read the same one.
 */
import { formatShard } from '../crawl/shard.ts';
import type { Settings } from '../settings/settings.ts';
import { SettingsError } from '../settings/settings-error.ts';
import { fingerprintOf } from '../snapshot/fingerprint.ts';
import type { ShardFile } from '../snapshot/shard-file.schema.ts';
import { readFixedNames } from './open-sources.ts';

/** The same for the same names, in whatever order; null where none are given. */
export function fingerprintOfGiven(names: readonly string[] | null): string | null {
  return names === null ? null : fingerprintOf([...new Set(names)].sort());
}

/** Throws a `SettingsError` where a shard was given other names than settings give now. */
export async function throwIfOtherNames(
  shards: readonly Pick<ShardFile, 'shard' | 'sources'>[],
  settings: Settings,
): Promise<void> {
  for (const source of settings.sources) {
    const own = fingerprintOfGiven(await readFixedNames(source));
    const other = shards.find(({ sources }) =>
      sources.some(({ name, givenNames }) => name === source.name && givenNames !== own),
    );
    if (other === undefined) continue;
    throw new SettingsError(
      `shard ${formatShard(other.shard)} was given other names of the source ${source.name} than these settings give`,
      'All shards and `merge` must have the same names in `repositories`. Give them the same file, and crawl it again.',
    );
  }
}
