/** The plan of a clean-up -> JSON, CSV, and lines for other people's tools. */
import type { CleanupPlan } from '../catalogue/cleanup.ts';
import { deleteCommandsAddress, fixedAddresses } from '../view/addresses.ts';
import { type DeleteTool, deleteTools, formatDeleteCommand } from '../view/delete-commands.ts';
import type { Site } from '../view/site.ts';
import { apiVersion } from './catalogue-json.schema.ts';
import type { CleanupJson } from './cleanup-json.schema.ts';
import { encodeCsv } from './csv.ts';
import { encodeJson } from './encode-json.ts';
import type { OutputFile } from './output-file.ts';

/** Writes all of them. */
export function* listCleanupFiles(plan: CleanupPlan, isExact: boolean, site: Site): Generator<OutputFile> {
  yield { path: fixedAddresses.cleanupJson, text: encodeJson(toCleanupJson(plan, isExact, site)) };
  yield { path: fixedAddresses.cleanupCsv, text: encodeCleanupCsv(plan) };
  for (const tool of deleteTools) {
    yield { path: deleteCommandsAddress(tool), text: formatDeleteLines(plan, tool, site) };
  }
}

function toCleanupJson(plan: CleanupPlan, isExact: boolean, site: Site): CleanupJson {
  const { measuredAt, freedBytes, digestCount, tagCount, repositories, upcoming } = plan;
  return {
    schemaVersion: apiVersion,
    publicHost: site.settings.publicHost,
    ...{ measuredAt, isExact, freedBytes, digestCount, tagCount },
    images: repositories.map(({ name, freedBytes: ownFreedBytes, items }) => ({
      name,
      freedBytes: ownFreedBytes,
      digests: items.map(({ row, tags, about, builtAt, touchedAt, dueAt, freedAloneBytes, manifests }) => ({
        digest: row.row.digest,
        tags: [...tags],
        ...{ about, builtAt, touchedAt, dueAt, freedAloneBytes },
        manifests: [...manifests],
      })),
    })),
    upcoming: [...upcoming],
  };
}

/** A row for each tag; the bytes of a digest stand with the first of its tags, so that a column may be summed up. */
function encodeCleanupCsv({ repositories }: CleanupPlan): string {
  const rows = repositories.flatMap(({ name, items }) =>
    items.flatMap(({ row, tags, about, builtAt, touchedAt, dueAt, freedAloneBytes }) =>
      tags.map((tag, at) => [
        ...[name, tag, row.row.digest, at === 0 ? null : (tags[0] ?? null), about],
        ...[builtAt, touchedAt, dueAt, at === 0 ? freedAloneBytes : 0],
      ]),
    ),
  );
  const heading = [
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
  return encodeCsv([heading, ...rows]);
}

/** A comment that says what the lines do, then a line for each manifest. Without anything to go, only the comment. */
function formatDeleteLines(plan: CleanupPlan, tool: DeleteTool, site: Site): string {
  const { publicHost } = site.settings;
  const head = [
    `# Deletes ${plan.digestCount} digests with ${plan.tagCount} tags from ${publicHost}, as of ${plan.measuredAt}.`,
    '# Read it before you run it. Every tag of a digest goes with it, also one that came to point at it since.',
    '# The bytes are freed when the registry next collects its garbage.',
  ];
  const lines = plan.repositories.flatMap(({ name, items }) =>
    items.flatMap(({ manifests }) => manifests.map((digest) => formatDeleteCommand(tool, publicHost, name, digest))),
  );
  return `${[...head, ...lines].join('\n')}\n`;
}
