/** What is known of a config <-> what its repository's file keeps of it. */
import type { ConfigFacts } from '../catalogue/model.ts';
import type { HistoryEntry } from '../oci/image-config.ts';
import { decodePlatform, decodeTexts, encodePlatform, encodeTexts, placeTexts, type Tables } from './file-tables.ts';
import { rowAt } from './place-table.ts';
import type { RepositoryFileInput } from './repository.schema.ts';

export function encodeConfig(config: ConfigFacts, tables: Tables): RepositoryFileInput['configs'][string] {
  if ('problem' in config) return { type: 'problem', problem: config.problem };
  if ('chart' in config) return { type: 'chart', chart: placeTexts(config.chart, tables) };
  const { texts } = tables;
  const list = (key: string, values: readonly string[] | null) =>
    values === null ? {} : { [key]: values.map((value) => texts.place(value)) };
  const nonEmpty = (key: string, values: readonly string[]) => (values.length === 0 ? {} : list(key, values));
  const single = (key: string, value: string | null) => (value === null ? {} : { [key]: texts.place(value) });
  return {
    type: 'image',
    ...(config.withheld ? { withheld: true } : {}),
    ...(config.createdAt === null ? {} : { createdAt: config.createdAt }),
    ...encodePlatform(config.platform, tables),
    ...single('author', config.author),
    ...single('user', config.user),
    ...single('workingDir', config.workingDir),
    ...list('entrypoint', config.entrypoint),
    ...list('command', config.command),
    ...nonEmpty('environment', config.environment),
    ...nonEmpty('exposedPorts', config.exposedPorts),
    ...nonEmpty('volumes', config.volumes),
    ...single('stopSignal', config.stopSignal),
    ...encodeTexts('labels', config.labels, tables),
    ...(config.history.length === 0 ? {} : { history: config.history.map((entry) => placeStep(entry, tables)) }),
    ...(config.diffIds.length === 0 ? {} : { diffIds: config.diffIds.map((digest) => tables.digests.place(digest)) }),
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
