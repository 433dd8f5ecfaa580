/** What things are called on pages. */
import type { Kind } from '../catalogue/kinds.ts';

export const kindNames: Readonly<Record<Kind, string>> = {
  image: 'Image',
  'image-index': 'Multi-platform image',
  'helm-chart': 'Helm chart',
  signature: 'Signature',
  attestation: 'Attestation',
  sbom: 'Bill of materials',
  artifact: 'Artifact',
  'docker-schema1': 'Docker schema 1 image',
  unknown: 'Unknown',
};
