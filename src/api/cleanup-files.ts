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

/** The files of the plan. All of them are as many parts: what stands before, then what each says of an image, then what is behind. */
export function listCleanupFiles(plan: CleanupPlan, isExact: boolean, site: Site): readonly PartedFile[] {
  return [toJsonFile(plan, isExact, site), csvFile, ...deleteTools.map((tool) => toDeleteFile(plan, tool, site))];
}

export interface CleanedImage {
  readonly name: RepositoryName;
  readonly freedBytes: number;
  readonly items: readonly CleanupItem[];
}

/** A file that says something of each image. */
export interface PartedFile {
  readonly path: string;
  readonly before: string;
  /** What it says of an image depends on that and on the public host alone. */
  readonly format: (image: CleanedImage) => string;
  readonly between: string;
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
  if (plan.repositories.length === 0)
    return { path, before: encodeJson(json), format: () => '', between: '', behind: '' };
  const { before, between, behind } = encodeJsonAround(json, 'images');
  return { path, before, format: (image) => JSON.stringify(toImageJson(image)), between, behind };
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
  between: '',
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
    between: '',
    behind: '',
  };
}
