/**
 * The program as a few files instead of some five hundred modules: loading those takes longer than an hour in which nothing changed,
 * and again in each process that is started for a part of the work. It is made when the program is another, and kept beside what
 * Node compiled.
 */
import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import { listFiles } from '../src/publish/list-files.ts';
import { entryModules } from '../src/run/bundled-program.ts';
import { isKept, keepFolder } from '../src/run/kept-folder.ts';
import { readProgramFingerprint } from '../src/run/program-fingerprint.ts';
import { programDir } from '../src/run/program-version.ts';

/**
 * Resolves to the first module of the bundle that is kept in a folder below `parent`, which is made where there is none of this
 * program. Null where none can be had: then the program runs from its sources.
 */
export async function prepareBundle(parent: string): Promise<string | null> {
  try {
    const key = await readKey();
    // A program that runs on from another bundle has not loaded all of it yet.
    const folder = join(parent, `program-${key.slice(0, 16)}`);
    const madeFrom = JSON.stringify([key, folder]);
    if (!(await isKept(folder, madeFrom))) {
      await removeOthers(parent);
      const made = await mkdtemp(join(parent, 'making-'));
      try {
        await bundle(made, folder);
        await keepFolder(folder, made, madeFrom);
      } finally {
        await rm(made, { recursive: true, force: true });
      }
    }
    return join(folder, `${entryModules[0]}.mjs`);
  } catch {
    return null;
  }
}

/** Whatever is written into a file of the program, or put in its place, changes one of these. */
async function readKey(): Promise<string> {
  const hash = createHash('sha256').update(`${programDir}\0`);
  for (const folder of ['', 'src', 'scripts', 'public']) {
    const files =
      folder === ''
        ? ['package.json', 'package-lock.json', 'astro.config.mjs']
        : (await listFiles(join(programDir, folder))).map((file) => `${folder}/${file}`);
    for (const file of files) {
      const { size, mtimeMs, ctimeMs } = lstatSync(join(programDir, file));
      hash.update(`${file}\0${size}\0${mtimeMs}\0${ctimeMs}\0`);
    }
  }
  return hash.digest('hex');
}

/** Keeps the newest of the others, from which something may still run. */
async function removeOthers(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => /^(?:program|making)-/.test(name));
  const byAge = names
    .map((name) => ({ name, changedAtMs: lstatSync(join(parent, name)).mtimeMs }))
    .sort((a, b) => b.changedAtMs - a.changedAtMs);
  for (const { name } of byAge.slice(1)) await rm(join(parent, name), { recursive: true, force: true });
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
    legalComments: 'none',
    logLevel: 'silent',
    define: { bundledProgram: JSON.stringify({ fingerprint: await readProgramFingerprint(), folder }) },
    // Packages of the older kind ask for Node's own modules in the older way.
    banner: {
      js: `import { createRequire } from 'node:module';\nconst require = createRequire(${JSON.stringify(join(programDir, 'package.json'))});`,
    },
    plugins: [keepPlaces],
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
