/**
 * The renderer: all pages and components, built by Astro into one program. It depends on our own program and on the path that
 * the site is served at, so it is built once and kept; building it takes longer than rendering a hundred pages. The program's
 * folder may be read-only: Astro works in a folder of links into it, and leaves its types and intermediate files there.
 */
import { spawn } from 'node:child_process';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isKept, keepFolder } from './kept-folder.ts';
import { readProgramFingerprint } from './program-fingerprint.ts';
import { programDir } from './program-version.ts';
import { watchChild } from './watch-child.ts';

export interface RendererOptions {
  /** The path that the site is served at. */
  readonly base: string;
  /** Where it is kept, and whatever Astro and Vite keep. Losing it costs some seconds. */
  readonly cacheDir: string;
  readonly signal?: AbortSignal;
}

export interface Renderer {
  /** The module that exports `openRenderer`. */
  readonly entry: string;
  /** The folder of the files that all pages share: scripts, style sheets, pictures. */
  readonly sharedFiles: string;
}

/** Everything of the program that building the renderer reads. */
const links = ['astro.config.mjs', 'node_modules', 'package.json', 'public', 'src', 'tsconfig.json'] as const;

/** Resolves to the renderer that is kept, or builds one. Throws a `ProcessError` with what Astro said. */
export async function prepareRenderer({ base, cacheDir, signal }: RendererOptions): Promise<Renderer> {
  const folder = join(cacheDir, 'renderer');
  const madeFrom = JSON.stringify([await readProgramFingerprint(), base]);
  if (!(await isKept(folder, madeFrom))) {
    const staged = join(cacheDir, 'renderer.new');
    await rm(staged, { recursive: true, force: true });
    await mkdir(staged, { recursive: true });
    const root = join(staged, 'root');
    await mkdir(root);
    await Promise.all(links.map((name) => symlink(join(programDir, name), join(root, name))));
    await runAstro(root, { base, outDir: join(staged, 'built'), cacheDir }, signal);
    await keepFolder(folder, join(staged, 'built'), madeFrom);
    await rm(staged, { recursive: true, force: true });
  }
  return { entry: join(folder, 'server', 'entry.mjs'), sharedFiles: join(folder, 'client') };
}

interface Place {
  readonly base: string;
  readonly outDir: string;
  readonly cacheDir: string;
}

function runAstro(root: string, { base, outDir, cacheDir }: Place, signal: AbortSignal | undefined): Promise<void> {
  const astro = join(programDir, 'node_modules', 'astro', 'bin', 'astro.mjs');
  // It is what takes most memory of all: what is in use may grow by a quarter before garbage is collected.
  const child = spawn(process.execPath, ['--heap-growing-percent=25', astro, 'build', '--silent'], {
    cwd: root,
    env: {
      ...process.env,
      ASTRO_TELEMETRY_DISABLED: '1',
      NODE_ENV: 'production',
      FORCE_COLOR: '0',
      REGISTRY_HOMEPAGE_BASE: base,
      REGISTRY_HOMEPAGE_OUT_DIR: outDir,
      REGISTRY_HOMEPAGE_CACHE_DIR: cacheDir,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  });
  return watchChild(child, 'building the renderer', signal);
}
