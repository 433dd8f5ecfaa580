/** `node serve-demo-world.ts <world>`, forked: serves a world from memory, and gives it new builds when told to. */
import { createDemoRegistry } from '../../scripts/demo-registry/demo-registry.ts';
import type { RegistryStore, StoredRepository } from '../../scripts/demo-registry/store/registry-store.ts';
import { makeRepository, planChange } from './world-images.ts';
import { pickChanged } from './world-registry.ts';
import { type WorldName, worlds } from './worlds.ts';

const world = worlds[process.argv[2] as WorldName];
const registry = createDemoRegistry({ recordsRequests: false });
for (const planned of world.plan()) put(registry.store, makeRepository(planned));

let changed = pickChanged(world);
process.on('message', () => {
  changed = changed.map(planChange);
  for (const planned of changed) put(registry.store, makeRepository(planned));
  process.send?.(changed.length);
});
process.send?.(await registry.listen(0));

function put(store: RegistryStore, { name, blobs, manifests, tags }: StoredRepository): void {
  for (const blob of blobs.values()) store.putBlob(name, blob);
  for (const manifest of manifests.values()) store.putManifest(name, manifest);
  for (const [tag, digest] of tags) store.putTag(name, tag, digest);
}
