/**
 * A folder that is made once and kept, because what lies there is run and takes long to make. It says what it was made from and
 * what it holds, so that what a power cut left of it is seen to be broken.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { listFiles } from '../publish/list-files.ts';
import { isOursAlone } from './is-ours-alone.ts';

const sealFile = 'made.json';

/**
 * Whether it is there, whole, made from this, and nobody else than `owner`, by default whoever runs this, may have put anything there.
 * Never throws.
 */
export async function isKept(folder: string, madeFrom: string, owner = process.getuid?.()): Promise<boolean> {
  try {
    if (![dirname(folder), folder].every((each) => isOursAlone(each, owner))) return false;
    const seal = await readFile(join(folder, sealFile), 'utf8');
    return seal === JSON.stringify({ madeFrom, content: await digestContent(folder) });
  } catch {
    return false;
  }
}

export interface KeepOptions {
  /** Who may have put there what is kept; by default whoever runs this. */
  readonly owner?: number | undefined;
  /** What there is of the same and whole goes all the same where its content is another. */
  readonly replaces?: 'what is broken' | 'what differs';
}

/**
 * Puts what stands in `made`, on the same file system, where it is kept. Of several that make the same at once the first to come
 * is kept, for it runs from there already; `made` is left then.
 */
export async function keepFolder(
  folder: string,
  made: string,
  madeFrom: string,
  { owner, replaces = 'what is broken' }: KeepOptions = {},
): Promise<void> {
  const seal = JSON.stringify({ madeFrom, content: await digestContent(made) });
  await writeFile(join(made, sealFile), seal);
  await mkdir(dirname(folder), { recursive: true });
  const isNew = await rename(made, folder).then(
    () => true,
    () => false,
  );
  if (isNew) return;
  const isSame = async () => (await readFile(join(folder, sealFile), 'utf8')) === seal;
  if ((await isKept(folder, madeFrom, owner)) && (replaces === 'what is broken' || (await isSame()))) return;
  const old = join(dirname(made), `${basename(folder)}.old`);
  await rm(old, { recursive: true, force: true });
  await rename(folder, old).catch(() => undefined);
  await rename(made, folder).catch(async (error: unknown) => {
    // Another that replaced it as well came first.
    if (!(await isKept(folder, madeFrom, owner))) throw error;
  });
  await rm(old, { recursive: true, force: true });
}

async function digestContent(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of await listFiles(folder)) {
    if (file === sealFile) continue;
    const bytes = await readFile(join(folder, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}
