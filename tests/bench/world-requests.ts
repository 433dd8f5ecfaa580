/**
 * The fewest requests that tell all there is to know of a world: what a cold crawl must ask, and what one must that knows
 * everything already. A line each: kind, path, and the entity tag that may be known.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { StoredRepository } from '../../scripts/demo-registry/store/registry-store.ts';
import { decodeManifest } from '../../src/oci/manifest.schema.ts';

export interface RequestLists {
  add(repository: StoredRepository): void;
  close(): void;
}

/** How many names a page of `_catalog` holds. */
export const catalogPageSize = 1000;

/** Writes both lists while a world is made. */
export function createRequestLists(coldFile: string, knownFile: string): RequestLists {
  const cold = openSync(coldFile, 'w');
  const known = openSync(knownFile, 'w');
  let names = 0;
  let last = '';
  const both = (line: string) => {
    writeSync(cold, line);
    writeSync(known, line);
  };
  const addCatalog = (after: string) =>
    both(`catalog\t/v2/_catalog?n=${catalogPageSize}${after === '' ? '' : `&last=${encodeURIComponent(after)}`}\t\n`);

  return {
    add({ name, tags, manifests }) {
      if (names % catalogPageSize === 0) addCatalog(last);
      names++;
      last = name;
      both(`tags\t/v2/${name}/tags/list\t\n`);
      const lines: string[] = [];
      const isAsked = new Set<string>(tags.values());
      for (const [tag, digest] of tags) {
        writeSync(known, toKnownLine(name, tag, digest));
        lines.push(`manifest\t/v2/${name}/manifests/${tag}\t`);
      }
      for (const { bytes, mediaType, digest } of manifests.values()) {
        if (!isAsked.has(digest)) lines.push(`manifest\t/v2/${name}/manifests/${digest}\t`);
        const manifest = decodeManifest(bytes, mediaType);
        if (manifest.shape === 'manifest') lines.push(`config\t/v2/${name}/blobs/${manifest.config.digest}\t`);
      }
      writeSync(cold, `${lines.join('\n')}\n`);
    },
    close() {
      // A registry whose last page is full says that there may be another.
      if (names % catalogPageSize === 0) addCatalog(last);
      closeSync(cold);
      closeSync(known);
    },
  };
}

/** The question whether a tag points where it did. */
export function toKnownLine(name: string, tag: string, digest: string): string {
  return `manifest\t/v2/${name}/manifests/${tag}\t"${digest}"\n`;
}
