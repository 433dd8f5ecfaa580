/**
 * Renders pages: Astro in a process of its own, so that its memory goes when it does. The program's folder may be read-only:
 * Astro works in a folder of links into it, and leaves its types and intermediate files there. That folder lies in the
 * output's, for Astro renames files from one to the other, and goes when the pages are done.
 */
import { spawn } from 'node:child_process';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { planVariable, type RenderPlan } from '../view/render-plan.schema.ts';
import { programDir } from './program-version.ts';
import { RenderError } from './render-error.ts';

export interface RenderOptions {
  readonly plan: RenderPlan;
  /** Where the pages go. What is there already stays, unless a page replaces it. */
  readonly outDir: string;
  /** What Astro and Vite keep between renderings. Losing it costs a second. */
  readonly cacheDir: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Astro keeps some 40 kB of each page until it ends, so more pages than this are rendered in several processes. */
const mostPagesAtOnce = 8000;
/** What a process says last is what explains why it failed. */
const mostOutputKept = 8000;

/** Pages are made of much that is garbage at once; room for it costs less than collecting it often. */
const nodeOptions = ['--max-semi-space-size=32'] as const;

/** Everything of the program that a rendering reads. */
const links = ['astro.config.mjs', 'node_modules', 'package.json', 'public', 'src', 'tsconfig.json'] as const;

/** Renders the plan's pages, and the 404 page, into `outDir`. Throws a `RenderError` with what Astro said. */
export async function renderPages(options: RenderOptions): Promise<void> {
  const { plan, outDir, onProgress } = options;
  const root = join(outDir, '.rendering');
  await rm(root, { recursive: true, force: true });
  await mkdir(root, { recursive: true });
  try {
    await Promise.all(links.map((name) => symlink(join(programDir, name), join(root, name))));
    const total = plan.pages.length;
    let done = 0;
    do {
      const pages = plan.pages.slice(done, done + mostPagesAtOnce);
      await renderBatch({ ...plan, pages }, root, options);
      done += pages.length;
      onProgress?.(done, total);
    } while (done < total);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function renderBatch(plan: RenderPlan, root: string, { outDir, cacheDir, signal }: RenderOptions): Promise<void> {
  const planFile = join(root, 'plan.json');
  await writeFile(planFile, JSON.stringify(plan));
  await runAstro(
    root,
    {
      ...process.env,
      ASTRO_TELEMETRY_DISABLED: '1',
      NODE_ENV: 'production',
      FORCE_COLOR: '0',
      [planVariable]: planFile,
      REGISTRY_HOMEPAGE_OUT_DIR: outDir,
      REGISTRY_HOMEPAGE_CACHE_DIR: cacheDir,
    },
    signal,
  );
}

function runAstro(cwd: string, env: NodeJS.ProcessEnv, signal: AbortSignal | undefined): Promise<void> {
  const astro = join(programDir, 'node_modules', 'astro', 'bin', 'astro.mjs');
  return new Promise((resolve, reject) => {
    let output = '';
    const child = spawn(process.execPath, [...nodeOptions, astro, 'build', '--silent'], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal === undefined ? {} : { signal }),
    });
    const keep = (chunk: string) => {
      output = (output + chunk).slice(-mostOutputKept);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.on('error', (cause) => {
      if (!signal?.aborted) reject(new RenderError('it could not be started', '', { cause }));
    });
    // A stopped process may go on writing for a moment; only when it has closed is its folder ours again.
    child.on('close', (code, killedBy) => {
      if (signal?.aborted) reject(signal.reason);
      else if (code === 0) resolve();
      else reject(new RenderError(killedBy === null ? `it ended with ${code}` : `it was ended by ${killedBy}`, output));
    });
  });
}
