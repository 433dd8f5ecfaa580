/** What is known of a manifest <-> what its repository's file keeps of it. */
import type { Facts } from '../catalogue/model.ts';
import type { ChildDescriptor } from '../oci/descriptor.ts';
import {
  decodePlatform,
  decodeTexts,
  placeAnyTexts,
  placeDescriptor,
  placePlatform,
  placeText,
  readDescriptor,
  type Tables,
} from './file-tables.ts';
import { rowAt } from './place-table.ts';
import type { RepositoryFileInput } from './repository.schema.ts';

export function encodeFacts(facts: Facts, tables: Tables): RepositoryFileInput['manifests'][string] {
  const common = {
    mediaType: tables.texts.place(facts.mediaType),
    sizeBytes: facts.sizeBytes,
    artifactType: placeText(facts.artifactType, tables),
    subject: facts.subject === null ? undefined : tables.digests.place(facts.subject),
    annotations: placeAnyTexts(facts.annotations, tables),
  };
  switch (facts.shape) {
    case 'manifest':
      return {
        shape: 'manifest',
        ...common,
        config: placeDescriptor(facts.config, tables),
        layers: facts.layers.map((layer) => placeDescriptor(layer, tables)),
      };
    case 'index':
      return { shape: 'index', ...common, children: facts.children.map((child) => encodeChild(child, tables)) };
    case 'opaque':
      return { shape: 'opaque', ...common, problem: facts.problem };
  }
}

export function decodeFacts(facts: RepositoryFileInput['manifests'][string], file: RepositoryFileInput): Facts {
  const common = {
    mediaType: rowAt(file.texts, facts.mediaType),
    sizeBytes: facts.sizeBytes,
    artifactType: facts.artifactType === undefined ? null : rowAt(file.texts, facts.artifactType),
    subject: facts.subject === undefined ? null : rowAt(file.digests, facts.subject),
    annotations: decodeTexts(facts.annotations, file),
  };
  switch (facts.shape) {
    case 'manifest':
      return {
        shape: 'manifest',
        ...common,
        config: readDescriptor(facts.config, file),
        layers: facts.layers.map((layer) => readDescriptor(layer, file)),
      };
    case 'index':
      return {
        shape: 'index',
        ...common,
        children: facts.children.map((child) => ({
          ...readDescriptor(child.descriptor, file),
          platform: decodePlatform(child.platform, file),
          artifactType: child.artifactType === undefined ? null : rowAt(file.texts, child.artifactType),
          annotations: decodeTexts(child.annotations, file),
        })),
      };
    case 'opaque':
      return { shape: 'opaque', ...common, problem: facts.problem };
  }
}

function encodeChild(child: ChildDescriptor, tables: Tables) {
  return {
    descriptor: placeDescriptor(child, tables),
    platform: placePlatform(child.platform, tables),
    artifactType: placeText(child.artifactType, tables),
    annotations: placeAnyTexts(child.annotations, tables),
  };
}
