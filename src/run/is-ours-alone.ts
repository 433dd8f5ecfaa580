import { statSync } from 'node:fs';

/**
 * Whether a folder belongs to whoever runs this, and nobody else may write to it: what lies there can be run. Throws where there
 * is none.
 */
export function isOursAlone(folder: string): boolean {
  const { uid, mode } = statSync(folder);
  return uid === process.getuid?.() && (mode & 0o022) === 0;
}
