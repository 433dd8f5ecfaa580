/** Artifacts that no container runtime knows: they name their type, or their config does. */
import { annotationKeys } from '../../../src/oci/annotations.ts';
import { encodeArtifact } from '../image/encode-content.ts';
import { createLayer } from '../image/layer.ts';
import { createBlob } from '../store/blob.ts';
import type { CatalogueSettings } from './catalogue-settings.ts';
import type { Put } from './special-repositories.ts';

export function putArtifacts(put: Put, settings: CatalogueSettings): void {
  putModels(put, settings);
  putFilter(put);
}

/** Weights of a model, with an `artifactType`. */
function putModels(put: Put, { layerScale }: CatalogueSettings): void {
  for (const [tag, created, megabytes] of [
    ['2026-03', '2026-03-09T14:15:00Z', 61],
    ['2026-07', '2026-07-20T14:15:00Z', 74],
  ] as const) {
    const model = encodeArtifact({
      artifactType: 'application/vnd.example.model.v1',
      files: [
        {
          mediaType: 'application/vnd.example.model.weights.v1.tar+gzip',
          content: createLayer(`model ${tag}`, megabytes * 1e6 * layerScale).blob,
          annotations: { [annotationKeys.title]: 'weights.tar.gz' },
        },
        {
          mediaType: 'application/vnd.example.model.card.v1+json',
          content: JSON.stringify({ task: 'classification', trained: tag }),
          annotations: { [annotationKeys.title]: 'card.json' },
        },
      ],
      annotations: { [annotationKeys.created]: created, [annotationKeys.licenses]: 'Apache-2.0' },
    });
    put('ml/models/revertrisk', model, tag);
  }
}

/** A WebAssembly filter: of the time before `artifactType`, when the config's media type said what a thing was. */
function putFilter(put: Put): void {
  const emptyModule = Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  const filter = encodeArtifact({
    config: {
      mediaType: 'application/vnd.wasm.config.v0+json',
      content: '{"created":"2025-10-02T00:00:00Z","os":"wasip1"}',
    },
    files: [{ mediaType: 'application/wasm', content: createBlob(emptyModule) }],
  });
  put('istio/filters/rate-hint', filter, '0.3.0', 'latest');
}
