/** The plan of a clean-up -> JSON, CSV, and lines for other people's tools. */
import type { CleanupItem, CleanupPlan } from '../catalogue/cleanup.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { deleteCommandsAddress, fixedAddresses } from '../view/addresses.ts';
import { type DeleteTool, deleteTools, formatDeleteCommand } from '../view/delete-commands.ts';
import type { Site } from '../view/site.ts';
import { apiVersion } from './catalogue-json.schema.ts';
import type { CleanupJson } from './cleanup-json.schema.ts';
import { encodeCsv } from './csv.ts';
import { encodeJson, encodeJsonAround } from './encode-json.ts';
import type { OutputFile } from './output-file.ts';

/**
 * Writes all of them, side by side and part by part: each repository's items are read once, and no file is ever in memory as a
 * whole. What comes of one path belongs together in that order.
 */
export function* listCleanupParts(plan: CleanupPlan, isExact: boolean, site: Site): Generator<OutputFile> {
  const files = [
    toJsonFile(plan, isExact, site),
    csvFile,
    ...deleteTools.map((tool) => toDeleteFile(plan, tool, site)),
  ];
  for (const { path, before } of files) yield { path, text: before };
  for (const [place, { name, freedBytes, readItems }] of plan.repositories.entries()) {
    const image = { name, freedBytes, items: readItems(), isFirst: place === 0 };
    for (const { path, format } of files) yield { path, text: format(image) };
  }
  for (const { path, behind } of files) yield { path, text: behind };
}

interface CleanedImage {
  readonly name: RepositoryName;
  readonly freedBytes: number;
  readonly items: readonly CleanupItem[];
  readonly isFirst: boolean;
}

/** A file that says something of each image. */
interface PartedFile {
  readonly path: string;
  readonly before: string;
  readonly format: (image: CleanedImage) => string;
  readonly behind: string;
}

function toJsonFile(plan: CleanupPlan, isExact: boolean, site: Site): PartedFile {
  const { measuredAt, freedBytes, digestCount, tagCount, upcoming } = plan;
  const json: CleanupJson = {
    schemaVersion: apiVersion,
    publicHost: site.settings.publicHost,
    ...{ measuredAt, isExact, freedBytes, digestCount, tagCount },
    images: [],
    upcoming: [...upcoming],
  };
  const path = fixedAddresses.cleanupJson;
  if (plan.repositories.length === 0) return { path, before: encodeJson(json), format: () => '', behind: '' };
  const { before, between, behind } = encodeJsonAround(json, 'images');
  const format = (image: CleanedImage) => `${image.isFirst ? '' : between}${JSON.stringify(toImageJson(image))}`;
  return { path, before, format, behind };
}

function toImageJson({ name, freedBytes, items }: CleanedImage): CleanupJson['images'][number] {
  return {
    ...{ name, freedBytes },
    digests: items.map(({ digest, tags, about, builtAt, touchedAt, dueAt, freedAloneBytes, manifests }) => ({
      digest,
      tags: [...tags],
      ...{ about, builtAt, touchedAt, dueAt, freedAloneBytes },
      manifests: [...manifests],
    })),
  };
}

const csvHeading = [
  'image',
  'tag',
  'digest',
  'vanishes_with',
  'is_about',
  'built',
  'touched',
  'due',
  'freed_alone_bytes',
];

/** A row for each tag; the bytes of a digest stand with the first of its tags, so that a column may be summed up. */
const csvFile: PartedFile = {
  path: fixedAddresses.cleanupCsv,
  before: encodeCsv([csvHeading]),
  format: ({ name, items }) =>
    encodeCsv(
      items.flatMap(({ digest, tags, about, builtAt, touchedAt, dueAt, freedAloneBytes }) =>
        tags.map((tag, at) => [
          ...[name, tag, digest, at === 0 ? null : (tags[0] ?? null), about],
          ...[builtAt, touchedAt, dueAt, at === 0 ? freedAloneBytes : 0],
        ]),
      ),
    ),
  behind: '',
};

/** A comment that says what the lines do, then a line for each manifest. Without anything to go, only the comment. */
function toDeleteFile(plan: CleanupPlan, tool: DeleteTool, site: Site): PartedFile {
  const { publicHost } = site.settings;
  const head = [
    `# Deletes ${plan.digestCount} digests with ${plan.tagCount} tags from ${publicHost}, as of ${plan.measuredAt}.`,
    '# Read it before you run it. Every tag of a digest goes with it, also one that came to point at it since.',
    '# The bytes are freed when the registry next collects its garbage.',
  ];
  return {
    path: deleteCommandsAddress(tool),
    before: `${head.join('\n')}\n`,
    format: ({ name, items }) =>
      items
        .flatMap(({ manifests }) => manifests)
        .map((digest) => `${formatDeleteCommand(tool, publicHost, name, digest)}\n`)
        .join(''),
    behind: '',
  };
}
