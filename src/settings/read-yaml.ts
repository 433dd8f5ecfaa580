/** The operator's files are YAML. */
import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { SettingsError } from './settings-error.ts';

/**
 * Reads a YAML file of keys and values; an empty one has none. Throws a `SettingsError` when it cannot be read, is not YAML, or
 * holds something else.
 */
export async function readYaml(file: string): Promise<Record<string, unknown>> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(cause);
    throw new SettingsError(
      `${file}: cannot be read: ${reason}`,
      'Name the settings file with --config FILE; other files are named in it.',
      {
        cause,
      },
    );
  }
  const value = parseYaml(decodeText(bytes, file), file);
  if (value !== null && (typeof value !== 'object' || Array.isArray(value))) {
    throw new SettingsError(`${file}: expected keys and values`, 'See the example in README.md.');
  }
  return (value ?? {}) as Record<string, unknown>;
}

/** Letters that stand for nothing would end up on pages. */
function decodeText(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SettingsError(`${file}: is not UTF-8`, 'Save it with that encoding.', { cause });
  }
}

/** A warning is an error here: what the parser warns of (`!ml/**` without quotes, which YAML calls a tag) it then drops. */
function parseYaml(text: string, file: string): unknown {
  const document = parseDocument(text, { prettyErrors: true });
  try {
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem !== undefined) throw problem;
    return document.toJS();
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const hint = 'The file is YAML, and JSON is YAML too. Patterns that begin with * or ! need quotes.';
    throw new SettingsError(`${file}: ${cause.message.trimEnd()}`, hint, { cause });
  }
}
