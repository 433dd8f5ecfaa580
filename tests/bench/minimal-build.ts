/** The limit of every build: Astro alone, with one small component for all pages, for as many pages of as many bytes. */
import { mkdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listFiles } from '../../src/publish/list-files.ts';
import { type MeasuredRun, runMeasured } from './measured-run.ts';

export interface MinimalBuild extends MeasuredRun {
  /** How many pages were rendered. */
  readonly pages: number;
  /** How many bytes all pages of the site have, and of the minimal one. */
  readonly siteBytes: number;
  readonly minimalBytes: number;
}

const projectDir = join(import.meta.dirname, '..', '..');

/** Renders a page for every page in the folder of a release, or for `mostPages` of them, evenly spread. */
export async function buildMinimalSite(release: string, folder: string, mostPages: number): Promise<MinimalBuild> {
  const root = join(folder, 'minimal');
  const outDir = join(root, 'dist');
  await rm(root, { recursive: true, force: true });
  await mkdir(root, { recursive: true });
  for (const name of ['src', 'astro.config.mjs']) {
    await symlink(join(import.meta.dirname, 'minimal-site', name), join(root, name));
  }
  for (const name of ['node_modules', 'package.json']) await symlink(join(projectDir, name), join(root, name));
  const pages = (await listFiles(release)).filter((file) => file.endsWith('index.html'));
  const step = Math.max(1, Math.ceil(pages.length / mostPages));
  const chosen: { address: string; bytes: number }[] = [];
  for (const file of pages.filter((_, at) => at % step === 0)) {
    const { size } = await stat(join(release, file));
    chosen.push({ address: file.replace(/\/?index\.html$/, ''), bytes: size });
  }
  const pagesFile = join(root, 'pages.json');
  await writeFile(pagesFile, JSON.stringify(chosen));
  const astro = join(projectDir, 'node_modules', 'astro', 'bin', 'astro.mjs');
  const run = await runMeasured(['--max-semi-space-size=32', astro, 'build', '--silent'], {
    workingDir: root,
    environment: {
      ASTRO_TELEMETRY_DISABLED: '1',
      BENCH_OUT_DIR: outDir,
      BENCH_CACHE_DIR: join(root, 'cache'),
      BENCH_PAGES_FILE: pagesFile,
    },
  });
  let minimalBytes = 0;
  for (const file of await listFiles(outDir)) minimalBytes += (await stat(join(outDir, file))).size;
  await rm(outDir, { recursive: true, force: true });
  return { ...run, pages: chosen.length, siteBytes: chosen.reduce((sum, { bytes }) => sum + bytes, 0), minimalBytes };
}
