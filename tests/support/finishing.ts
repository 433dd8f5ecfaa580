import { join } from 'node:path';
import type { Finishing } from '../../src/publish/finish-files.ts';

/** How files of a site are finished of which nothing is hidden; what is found in them is left in `folder`. */
export function finishIn(folder: string, base = '/'): Finishing {
  return { rules: { base, hiddenNames: new Set(), shownNames: new Set() }, madeFolder: join(folder, 'made') };
}
