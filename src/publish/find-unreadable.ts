/** Whether a web server, which runs as somebody else, may read what was published: a umask of 077 is the rule on hardened hosts. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fixedAddresses } from '../view/addresses.ts';

const mayEnter = 0o011;
const mayRead = 0o044;

/**
 * The first folder or file of the current release that is for its owner alone, or null. Those that every run writes are looked at,
 * and one that stays for long.
 */
export async function findUnreadable(siteDir: string): Promise<string | null> {
  const paths = ['', 'releases', 'current', 'current/-', 'current/index.html', `current/${fixedAddresses.notFound}`];
  for (const path of paths.map((one) => join(siteDir, one))) {
    const found = await stat(path).catch(() => null);
    if (found !== null && (found.mode & (found.isDirectory() ? mayEnter : mayRead)) === 0) return path;
  }
  return null;
}
