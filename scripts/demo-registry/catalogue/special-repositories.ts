/** What a registry holds beside ordinary images: charts, signatures, other artifacts, Windows, and repositories without tags. */
import { parseRepositoryName, parseTag, type RepositoryName } from '../../../src/oci/reference.ts';
import { type PushableContent, putContent } from '../image/encode-content.ts';
import { createBlob } from '../store/blob.ts';
import type { RegistryStore } from '../store/registry-store.ts';
import { putArtifacts } from './artifacts.ts';
import { putReferrers, putSignatures } from './attachments.ts';
import type { CatalogueSettings } from './catalogue-settings.ts';
import { putCharts } from './charts.ts';
import { putPause, putZstdImage } from './unusual-images.ts';

/** Puts content under a name, if that name is wanted. */
export type Put = (name: string, content: PushableContent, ...tags: readonly string[]) => void;

/** Fills the repositories that need more than a list of versions. Attachments go to images that the store already holds. */
export function fillSpecialRepositories(
  store: RegistryStore,
  selects: (name: RepositoryName) => boolean,
  settings: CatalogueSettings,
): void {
  const put: Put = (text, content, ...tags) => {
    const name = parseRepositoryName(text);
    if (selects(name)) putContent(store, name, content, tags.map(parseTag));
  };
  putPause(put);
  putZstdImage(put);
  putCharts(put);
  putArtifacts(put, settings);
  putSignatures(store, put, settings);
  putReferrers(store, put);
  putEmptyRepositories(store, selects);
}

/** One lost all of its tags, the other was never given any. */
function putEmptyRepositories(store: RegistryStore, selects: (name: RepositoryName) => boolean): void {
  const emptied = parseRepositoryName('releng/retired-linter');
  const untagged = parseRepositoryName('releng/upload-interrupted');
  const blob = createBlob(Buffer.from('{}'));
  if (selects(emptied)) {
    const tag = parseTag('0.1.0');
    store.putBlob(emptied, blob);
    store.putManifest(emptied, { digest: blob.digest, mediaType: 'application/json', bytes: Buffer.from('{}') });
    store.putTag(emptied, tag, blob.digest);
    store.deleteManifest(emptied, blob.digest);
  }
  if (selects(untagged)) store.putBlob(untagged, blob);
}
