/**
 * A build's history as the Dockerfile that it could have been. Builders record the commands that they ran, each in its own
 * wrapping; unwrapped they are readable, and nothing is left out or made up.
 */

import type { Descriptor } from '../oci/descriptor.ts';
import type { HistoryEntry, ImageConfig } from '../oci/image-config.ts';
import { toVisibleText } from './visible-text.ts';

export interface BuildStep {
  /** An instruction, with a line for each of the commands that it chains. */
  readonly instruction: string;
  readonly comment: string | null;
  /** The layer that it made; null where it made none, or where nobody can tell which. */
  readonly layer: Descriptor | null;
}

/** The steps, first to last, each with its layer if the history and the layers agree in number. */
export function listBuildSteps({ history }: ImageConfig, layers: readonly Descriptor[]): readonly BuildStep[] {
  const isAligned = history.filter(({ emptyLayer }) => !emptyLayer).length === layers.length;
  let next = 0;
  return history.map((entry) => ({
    instruction: toInstruction(entry),
    comment: entry.comment === null || entry.comment.startsWith('buildkit.') ? null : toVisibleText(entry.comment),
    layer: isAligned && !entry.emptyLayer ? (layers[next++] ?? null) : null,
  }));
}

/** What one entry says, as an instruction. Empty where it says nothing. */
export function toInstruction({ createdBy }: Pick<HistoryEntry, 'createdBy'>): string {
  if (createdBy === null) return '';
  const recorded = createdBy.trim().replace(/\s+# buildkit$/, '');
  const metadata = /^\/bin\/sh -c #\(nop\)\s+([\s\S]*)$/.exec(recorded);
  if (metadata?.[1] !== undefined) return toVisibleText(metadata[1].trim());
  const run = runWrapping.exec(recorded);
  if (run?.[2] === undefined) return toVisibleText(recorded);
  const buildArguments = run[1]?.trim();
  return toVisibleText(`RUN ${buildArguments ? `${buildArguments} ` : ''}${splitCommands(run[2])}`);
}

/** `RUN |1 VERSION=3 /bin/sh -c make`: how many build arguments, which, the shell, and the command itself. */
const runWrapping =
  /^(?:RUN\s+)?(?:\|\d+ ([\s\S]*?))?\/bin\/(?:ba|da)?sh (?:-[a-z]+ (?:[a-z]+ )?)*?-[a-z]*c ([\s\S]*)$/;

/** A line for each of the commands that `&&` chains. Where the author had broken the lines, they stay. */
function splitCommands(command: string): string {
  return command.includes('\n') ? command : command.replace(/\s+&&\s+/g, ' \\\n    && ');
}
