/**
 * How the site is built. Paths come from the environment that `src/run/render-pages.ts` sets, for the program's own folder may
 * be read-only; without it (an editor, `astro check`) Astro's defaults hold.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { defineConfig } from 'astro/config';

const { REGISTRY_HOMEPAGE_PLAN, REGISTRY_HOMEPAGE_OUT_DIR, REGISTRY_HOMEPAGE_CACHE_DIR } = process.env;
const plan = REGISTRY_HOMEPAGE_PLAN ? JSON.parse(readFileSync(REGISTRY_HOMEPAGE_PLAN, 'utf8')) : null;

/** Scripts are named after the component that brings them, without Astro's own additions. */
const assetNames = {
  entryFileNames: ({ moduleIds }) => `-/assets/${basename(moduleIds.at(-1) ?? 'page').split('.')[0]}.[hash].js`,
  chunkFileNames: '-/assets/[name].[hash].js',
  assetFileNames: ({ names }) =>
    names[0]?.endsWith('.css') ? '-/assets/page.[hash].css' : '-/assets/[name].[hash][extname]',
};

export default defineConfig({
  base: plan?.settings.base ?? '/',
  outDir: REGISTRY_HOMEPAGE_OUT_DIR ?? './dist',
  ...(REGISTRY_HOMEPAGE_CACHE_DIR ? { cacheDir: `${REGISTRY_HOMEPAGE_CACHE_DIR}/astro` } : {}),
  trailingSlash: 'always',
  build: { format: 'directory', assets: '-/assets', inlineStylesheets: 'never', concurrency: 4 },
  // Two pages at one address are a defect of ours; one of them would silently win.
  prerenderConflictBehavior: 'error',
  devToolbar: { enabled: false },
  vite: {
    ...(REGISTRY_HOMEPAGE_CACHE_DIR ? { cacheDir: `${REGISTRY_HOMEPAGE_CACHE_DIR}/vite` } : {}),
    // The site is rendered from a folder of links into this one; without it modules would have two names each.
    resolve: { preserveSymlinks: true },
    build: {
      // A catalogue may be rendered in several batches into one folder.
      emptyOutDir: false,
      // The content security policy allows no inline script.
      assetsInlineLimit: 0,
    },
    environments: {
      client: { build: { rolldownOptions: { output: assetNames } } },
      prerender: { build: { rolldownOptions: { output: { assetFileNames: assetNames.assetFileNames } } } },
    },
  },
});
