/**
 * The program as a few files instead of some five hundred modules: loading those takes longer than an hour in which nothing changed,
 * and again in each process that is started for a part of the work. It is made when the program is installed; where it was not, or the
 * program is another by now, it is made by a run, and kept beside what Node compiled.
 */
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, type Stats, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import { listFiles } from '../src/publish/list-files.ts';
import { entryModules } from '../src/run/bundled-program.ts';
import { isOursAlone } from '../src/run/is-ours-alone.ts';
import { isKept, keepFolder } from '../src/run/kept-folder.ts';
import { readProgramFingerprint } from '../src/run/program-fingerprint.ts';
import { programDir } from '../src/run/program-version.ts';

/**
 * Resolves to the first module of a bundle of this program: the one that was installed, or one that is kept in a folder below `parent`
 * and made there where there is none. Null where none can be had: then the program runs from its sources.
 */
export async function prepareBundle(parent: string | null): Promise<string | null> {
  try {
    const installed = await findInstalledBundle();
    // What runs made while none was installed.
    if (installed !== null && parent !== null) await removeOld(parent).catch(() => undefined);
    const folder = installed ?? (parent === null ? null : await keepBundle(parent));
    return folder === null ? null : join(folder, `${entryModules[0]}.mjs`);
  } catch {
    return null;
  }
}

/** Beside the packages, from where npm takes it when it installs anew: whatever runs meanwhile loses its packages too. */
export const installedDir = join(programDir, 'node_modules', '.cache', 'registry-homepage');

interface KeptAs {
  readonly folder: string;
  readonly madeFrom: string;
}

/** Another program's has another name: one that runs on from it has not loaded all of it yet. */
async function nameBundle(parent: string, stamp: Stamp): Promise<KeptAs> {
  const key = await readProgramKey(programDir, stamp);
  const folder = join(parent, `program-${key.slice(0, 16)}`);
  return { folder, madeFrom: JSON.stringify([key, folder]) };
}

/** Whoever owns the program may have put a bundle there, as they may have put the program: nobody else. */
const ownerOfProgram = () => statSync(programDir).uid;

async function findInstalledBundle(): Promise<string | null> {
  if (!existsSync(installedDir)) return null;
  const { folder, madeFrom } = await nameBundle(installedDir, lastingStamp);
  return (await isKept(folder, madeFrom, ownerOfProgram())) ? folder : null;
}

/**
 * Makes the bundle that every run of this program finds, whatever its state folder is and whoever runs it, in the place of one that
 * was made of other packages. To be called where nobody else may write what is made (umask). Rejects with what went wrong.
 */
export async function installBundle(): Promise<void> {
  const owner = ownerOfProgram();
  if (owner !== process.getuid?.()) throw new Error(`${programDir} belongs to another user, who has to make it`);
  await mkdir(installedDir, { recursive: true });
  if (!isOursAlone(installedDir, owner)) throw new Error(`others may write to ${installedDir}, or it is theirs`);
  const { folder, madeFrom } = await nameBundle(installedDir, lastingStamp);
  await makeBundle(installedDir, folder, async (made) => {
    // Folders of this kind are for the user alone who makes them.
    await chmod(made, 0o755);
    await keepFolder(folder, made, madeFrom, { owner, replaces: 'what differs' });
  });
  await removeSuperseded(installedDir, folder);
  if ((await findInstalledBundle()) === null) throw new Error(`${programDir} changed meanwhile: make it again`);
}

/** Resolves to the folder of the bundle that is kept below `parent`, and is made where there is none. Rejects where it cannot be. */
export async function keepBundle(parent: string): Promise<string> {
  const { folder, madeFrom } = await nameBundle(parent, exactStamp);
  if (!(await isKept(folder, madeFrom))) {
    await removeOld(parent);
    await makeBundle(parent, folder, (made) => keepFolder(folder, made, madeFrom));
  }
  const now = new Date();
  await utimes(folder, now, now);
  return folder;
}

async function makeBundle(parent: string, folder: string, keep: (made: string) => Promise<void>): Promise<void> {
  const made = await mkdtemp(join(parent, 'making-'));
  try {
    await bundle(made, folder);
    await keep(made);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

/** What of a file is another when somebody wrote into it. */
export type Stamp = (stats: Stats) => string;

/** Also when another file was put in its place, with the times of the one that was there. */
export const exactStamp: Stamp = ({ size, mtimeMs, ctimeMs }) => `${size}\0${mtimeMs}\0${ctimeMs}`;

/**
 * The same wherever an image of a container is unpacked: the file then is a new one, and parts of a second are lost. Where an image
 * is made with times that are always the same it is another, and runs make their own bundle.
 */
export const lastingStamp: Stamp = ({ size, mtimeMs }) => `${size}\0${Math.floor(mtimeMs / 1000)}`;

/**
 * What is another whenever the program in `folder` is, as far as the stamps of its files tell; the text of what names its packages
 * counts too, where a program was unpacked with times that are always the same.
 */
export async function readProgramKey(folder: string, stamp: Stamp): Promise<string> {
  const hash = createHash('sha256').update(`${folder}\0`);
  for (const file of ['package.json', 'package-lock.json', 'node_modules/.package-lock.json', 'astro.config.mjs']) {
    // The last is written by npm when it has installed; there are other ways to install.
    hash.update(`${file}\0${existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : ''}\0`);
  }
  // A bundle says of the whole program what it was made from: of what pages are rendered with as well.
  for (const room of ['public', 'src', 'scripts']) {
    for (const file of await listFiles(join(folder, room))) {
      hash.update(`${room}/${file}\0${stamp(lstatSync(join(folder, room, file)))}\0`);
    }
  }
  return hash.digest('hex');
}

/** For so long after its start something may run on from a bundle of another program, such as an audit that reads for hours. */
const keptMs = 48 * 3_600_000;

async function removeOld(parent: string): Promise<void> {
  for (const { path, mtimeMs } of await listFound(parent)) if (isOld(mtimeMs)) await removeFolder(path);
}

/**
 * Who runs from one that was installed may not write there, and so cannot say that it does: it stays for as long after the one that
 * came next was made.
 */
async function removeSuperseded(parent: string, own: string): Promise<void> {
  const found = (await listFound(parent)).toSorted((a, b) => a.mtimeMs - b.mtimeMs);
  const bundles = found.filter(({ path }) => /^program-[0-9a-f]+$/.test(basename(path)));
  for (const { path, mtimeMs } of found) {
    const place = bundles.findIndex((one) => one.path === path);
    // What is no bundle is what somebody left who was killed.
    const supersededAtMs = place === -1 ? mtimeMs : (bundles[place + 1]?.mtimeMs ?? Number.POSITIVE_INFINITY);
    if (path !== own && isOld(supersededAtMs)) await removeFolder(path);
  }
}

function isOld(timeMs: number): boolean {
  return timeMs < Date.now() - keptMs;
}

function removeFolder(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true });
}

/** What others remove meanwhile is not there. */
async function listFound(parent: string): Promise<readonly { readonly path: string; readonly mtimeMs: number }[]> {
  const names = (await readdir(parent)).filter((name) => /^(?:program|making)-/.test(name));
  return names.flatMap((name) => {
    const path = join(parent, name);
    const { mtimeMs } = lstatSync(path, { throwIfNoEntry: false }) ?? {};
    return mtimeMs === undefined ? [] : [{ path, mtimeMs }];
  });
}

async function bundle(outdir: string, folder: string): Promise<void> {
  const { build, stop } = await import('esbuild');
  await build({
    absWorkingDir: programDir,
    entryPoints: entryModules.map((module) => `${module}.ts`),
    outbase: programDir,
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    // Nor any other comment: who looks for a hidden word in the state folder shall not find it in what somebody explained.
    legalComments: 'none',
    minifyWhitespace: true,
    // Node shows the line of what nobody caught.
    lineLimit: 160,
    logLevel: 'silent',
    define: { bundledProgram: JSON.stringify({ fingerprint: await readProgramFingerprint(), folder }) },
    // Packages of the older kind ask for Node's own modules in the older way.
    banner: {
      js: `import { createRequire as bundledCreateRequire } from 'node:module';\nconst require = bundledCreateRequire(${JSON.stringify(join(programDir, 'package.json'))});`,
    },
    plugins: [keepPlaces, leaveDemoOut],
  }).finally(stop);
}

/** What a module asks about its own place is answered as if it stood where it came from. */
const keepPlaces: Plugin = {
  name: 'keep-places',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const places = { dirname: join(path, '..'), filename: path, url: pathToFileURL(path).href };
      const contents = text.replace(/\bimport\.meta\.(dirname|filename|url)\b/g, (_, what: keyof typeof places) =>
        JSON.stringify(places[what]),
      );
      return { contents, loader: 'ts' };
    });
  },
};

/**
 * The demo has the names of a real registry in it. Whoever looks for a hidden name in the state folder shall find it nowhere, and the
 * demo, which has no state folder that lasts, never runs from a bundle.
 */
const leaveDemoOut: Plugin = {
  name: 'leave-demo-out',
  setup({ onResolve }) {
    onResolve({ filter: /\/demo-action\.ts$/ }, ({ path, resolveDir }) => ({
      path: pathToFileURL(join(resolveDir, path)).href,
      external: true,
    }));
  },
};
