import { type RepositoryInventory, toInventory } from '../../src/catalogue/inventory.ts';
import { type HeldInventory, toInventoryFigures } from '../../src/catalogue/inventory-figures.ts';
import type { Repository } from '../../src/catalogue/model.ts';
import { computeDigest } from '../../src/oci/digest.ts';

/** An inventory in memory. What comes back is what JSON keeps of it, as of those that a run reads from files. */
export function holdInventory(inventory: RepositoryInventory): HeldInventory {
  const text = JSON.stringify(inventory);
  return {
    name: inventory.name,
    key: computeDigest(text),
    figures: toInventoryFigures(inventory),
    read: () => JSON.parse(text),
  };
}

export function holdRepository(repository: Repository): HeldInventory {
  return holdInventory(toInventory(repository));
}
