/**
 * Which repositories lineage has anything to say about: their images have a base, are one, or claim one. Found by numbers, so that
 * of the others nothing need be read. A number that stands for two things adds a repository of which then nothing is found.
 */
import type { Digest } from '../oci/digest.ts';
import { parseLocalName } from './base-image.ts';
import { type HeldInventory, toDigestNumber } from './inventory-figures.ts';
import { indexNumbers } from './number-index.ts';

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
  const wholes = indexNumbers(
    inventories.map(({ figures: { columns, wholeChains } }) => columns.chains.subarray(0, wholeChains)),
  );
  /** By the place of a chain: one more than the place of the last inventory that has an image which is just that. */
  const owners = new Int32Array(wholes.count);
  const shared = new Set<number>();
  inventories.forEach(({ figures: { columns, wholeChains } }, at) => {
    const { chains } = columns;
    for (let each = 0; each < wholeChains; each++) {
      const chain = chains[each] as number;
      const place = wholes.placeOf(chain);
      if (owners[place] !== 0) shared.add(chain);
      owners[place] = at + 1;
    }
  });
  inventories.forEach(({ figures: { columns } }, at) => {
    const { chains } = columns;
    for (let each = 0; each < chains.length; each++) {
      const chain = chains[each] as number;
      const place = wholes.placeOf(chain);
      if (place !== -1 && owners[place] !== at + 1) shared.add(chain);
    }
  });
  return shared;
}
