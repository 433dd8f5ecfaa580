/**
 * Lines that delete manifests with other people's tools: for a person to read, and to run or not. They name digests and no
 * tags, so that what is deleted is what was judged, even where a tag has moved since.
 */
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/reference.ts';

/** The tools, by the name of their command. */
export const deleteTools = ['skopeo', 'crane', 'regctl', 'reg'] as const;
export type DeleteTool = (typeof deleteTools)[number];

const commands: Readonly<Record<DeleteTool, (reference: string) => string>> = {
  skopeo: (reference) => `skopeo delete ${quoteForShell(`docker://${reference}`)}`,
  crane: (reference) => `crane delete ${quoteForShell(reference)}`,
  regctl: (reference) => `regctl manifest delete ${quoteForShell(reference)}`,
  reg: (reference) => `reg rm ${quoteForShell(reference)}`,
};

/** The line that deletes one manifest. */
export function formatDeleteCommand(tool: DeleteTool, host: string, name: RepositoryName, digest: Digest): string {
  return commands[tool](`${host}/${name}@${digest}`);
}

/** Quoted so that no shell reads anything in it. */
export function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
