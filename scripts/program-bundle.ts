/**
 * The program as a few files instead of some five hundred modules: loading those takes longer than an hour in which nothing changed,
 * and again in each process that is started for a part of the work. It is made when the program is another, and kept beside what
 * Node compiled.
 */
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
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
    const key = await readProgramKey(programDir);
    // A program that runs on from another bundle has not loaded all of it yet.
    const folder = join(parent, `program-${key.slice(0, 16)}`);
    const madeFrom = JSON.stringify([key, folder]);
    if (!(await isKept(folder, madeFrom))) {
      await removeOld(parent);
      const made = await mkdtemp(join(parent, 'making-'));
      try {
        await bundle(made, folder);
        await keepFolder(folder, made, madeFrom);
      } finally {
        await rm(made, { recursive: true, force: true });
      }
    }
    const now = new Date();
    await utimes(folder, now, now);
    return join(folder, `${entryModules[0]}.mjs`);
  } catch {
    return null;
  }
}

/**
 * What is another whenever the program in `folder` is: whatever is written into one of its files, or put in its place, changes the
 * file's times; the text of what names its packages counts too, where a program was unpacked with times that are always the same.
 */
export async function readProgramKey(folder: string): Promise<string> {
  const hash = createHash('sha256').update(`${folder}\0`);
  for (const file of ['package.json', 'package-lock.json', 'node_modules/.package-lock.json']) {
    // The last is written by npm when it has installed; there are other ways to install.
    hash.update(`${file}\0${existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : ''}\0`);
  }
  for (const room of ['src', 'scripts']) {
    for (const file of await listFiles(join(folder, room))) {
      const { size, mtimeMs, ctimeMs } = lstatSync(join(folder, room, file));
      hash.update(`${room}/${file}\0${size}\0${mtimeMs}\0${ctimeMs}\0`);
    }
  }
  return hash.digest('hex');
}

/** For so long after its start something may run on from a bundle of another program, such as an audit that reads for hours. */
const keptMs = 48 * 3_600_000;

async function removeOld(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const isOld = () => lstatSync(join(parent, name)).mtimeMs < Date.now() - keptMs;
    if (/^(?:program|making)-/.test(name) && isOld()) await rm(join(parent, name), { recursive: true, force: true });
  }
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
