/**
 * Which repositories lineage has anything to say about: their images have a base, are one, or claim one. Found by numbers, so that
 * of the others nothing need be read. A number that stands for two things adds a repository of which then nothing is found.
 */
import type { Digest } from '../oci/digest.ts';
import { parseLocalName } from './base-image.ts';
import { type HeldInventory, toDigestNumber } from './inventory-figures.ts';

/** Those of which the lineage is that of all. `hosts` are the registry's own names. */
export function listRelatedInventories(
  inventories: readonly HeldInventory[],
  hosts: readonly string[],
): readonly HeldInventory[] {
  const shared = listSharedChains(inventories);
  const claims = inventories.flatMap(({ figures }) => figures.claims);
  const claimed = new Set(claims.flatMap(({ digest }) => (digest === null ? [] : [toDigestNumber(digest as Digest)])));
  const names = new Set(claims.flatMap(({ name }) => (name === null ? [] : [parseLocalName(name, hosts)?.repository])));
  return inventories.filter(({ name, figures: { claims: own, columns } }) => {
    if (own.length > 0 || names.has(name)) return true;
    return columns.chains.some((chain) => shared.has(chain)) || columns.digests.some((digest) => claimed.has(digest));
  });
}

/** What images of one repository are as a whole, and images of another are or begin with. */
function listSharedChains(inventories: readonly HeldInventory[]): ReadonlySet<number> {
  const owners = new Map<number, HeldInventory>();
  const shared = new Set<number>();
  for (const inventory of inventories) {
    const { columns, wholeChains } = inventory.figures;
    for (const chain of columns.chains.subarray(0, wholeChains)) {
      if (owners.has(chain)) shared.add(chain);
      else owners.set(chain, inventory);
    }
  }
  for (const inventory of inventories) {
    for (const chain of inventory.figures.columns.chains) {
      const owner = owners.get(chain);
      if (owner !== undefined && owner !== inventory) shared.add(chain);
    }
  }
  return shared;
}
