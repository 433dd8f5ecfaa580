import { statSync } from 'node:fs';

/**
 * Whether a folder belongs to whoever runs this, or to the `owner` that is given, and nobody else may write to it: what lies there can
 * be run. Throws where there is none.
 */
export function isOursAlone(folder: string, owner = process.getuid?.()): boolean {
  const { uid, mode } = statSync(folder);
  return uid === owner && (mode & 0o022) === 0;
}
