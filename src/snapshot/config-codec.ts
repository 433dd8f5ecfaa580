/** What is known of a config <-> what its repository's file keeps of it. */
import type { ConfigFacts } from '../catalogue/model.ts';
import type { HistoryEntry } from '../oci/image-config.ts';
import {
  decodePlatform,
  decodeTexts,
  placeAnyTexts,
  placePlatform,
  placeText,
  placeTexts,
  type Tables,
} from './file-tables.ts';
import { rowAt } from './place-table.ts';
import type { RepositoryFileInput } from './repository.schema.ts';

export function encodeConfig(config: ConfigFacts, tables: Tables): RepositoryFileInput['configs'][string] {
  if ('problem' in config) return { type: 'problem', problem: config.problem };
  if ('chart' in config) return { type: 'chart', chart: placeTexts(config.chart, tables) };
  const text = (value: string | null) => placeText(value, tables);
  const list = (values: readonly string[] | null) => values?.map((value) => tables.texts.place(value));
  const anyOf = <T>(entries: readonly T[], place: (entry: T) => number) =>
    entries.length === 0 ? undefined : entries.map(place);
  const anyTexts = (values: readonly string[]) => anyOf(values, tables.texts.place);
  return {
    type: 'image',
    withheld: config.withheld ? true : undefined,
    createdAt: config.createdAt ?? undefined,
    platform: placePlatform(config.platform, tables),
    author: text(config.author),
    user: text(config.user),
    workingDir: text(config.workingDir),
    entrypoint: list(config.entrypoint),
    command: list(config.command),
    environment: anyTexts(config.environment),
    exposedPorts: anyTexts(config.exposedPorts),
    volumes: anyTexts(config.volumes),
    stopSignal: text(config.stopSignal),
    labels: placeAnyTexts(config.labels, tables),
    history: anyOf(config.history, (step) => placeStep(step, tables)),
    diffIds: anyOf(config.diffIds, tables.digests.place),
  };
}

export function decodeConfig(config: RepositoryFileInput['configs'][string], file: RepositoryFileInput): ConfigFacts {
  if (config.type === 'problem') return { problem: config.problem };
  if (config.type === 'chart') return { chart: decodeTexts(config.chart, file) };
  const texts = (places: readonly number[] | undefined) => places?.map((place) => rowAt(file.texts, place));
  const text = (place: number | undefined) => (place === undefined ? null : rowAt(file.texts, place));
  return {
    withheld: config.withheld === true,
    createdAt: config.createdAt ?? null,
    platform: decodePlatform(config.platform, file),
    author: text(config.author),
    user: text(config.user),
    workingDir: text(config.workingDir),
    entrypoint: texts(config.entrypoint) ?? null,
    command: texts(config.command) ?? null,
    environment: texts(config.environment) ?? [],
    exposedPorts: texts(config.exposedPorts) ?? [],
    volumes: texts(config.volumes) ?? [],
    stopSignal: text(config.stopSignal),
    labels: decodeTexts(config.labels, file),
    history: (config.history ?? []).map((place) => readStep(place, file)),
    diffIds: (config.diffIds ?? []).map((place) => rowAt(file.digests, place)),
  };
}

function placeStep({ createdAt, createdBy, comment, emptyLayer }: HistoryEntry, { texts, steps }: Tables): number {
  return steps.place([
    createdAt,
    createdBy === null ? null : texts.place(createdBy),
    comment === null ? null : texts.place(comment),
    emptyLayer ? 1 : 0,
  ]);
}

function readStep(place: number, file: RepositoryFileInput): HistoryEntry {
  const [createdAt, createdBy, comment, emptyLayer] = rowAt(file.steps, place);
  return {
    createdAt,
    createdBy: createdBy === null ? null : rowAt(file.texts, createdBy),
    comment: comment === null ? null : rowAt(file.texts, comment),
    emptyLayer: emptyLayer === 1,
  };
}
