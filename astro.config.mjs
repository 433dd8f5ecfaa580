/**
 * How the renderer is built: all pages and components as one program, which `src/run/render-pages.ts` runs on the pages of a
 * plan, as often as it likes. Paths come from the environment that `src/run/prepare-renderer.ts` sets, for the program's own
 * folder may be read-only; without it (an editor, `astro check`) Astro's defaults hold.
 */
import { basename } from 'node:path';
import { defineConfig } from 'astro/config';

const { REGISTRY_HOMEPAGE_BASE, REGISTRY_HOMEPAGE_OUT_DIR, REGISTRY_HOMEPAGE_CACHE_DIR } = process.env;

/** Scripts are named after the component that brings them, without Astro's own additions. */
const assetNames = {
  entryFileNames: ({ moduleIds }) => `-/assets/${basename(moduleIds.at(-1) ?? 'page').split('.')[0]}.[hash].js`,
  chunkFileNames: '-/assets/[name].[hash].js',
  assetFileNames: ({ names }) =>
    names[0]?.endsWith('.css') ? '-/assets/page.[hash].css' : '-/assets/[name].[hash][extname]',
};

const renderer = {
  name: 'renderer',
  hooks: {
    'astro:config:done': ({ config, setAdapter }) =>
      setAdapter({
        name: 'renderer',
        entrypointResolution: 'auto',
        serverEntrypoint: new URL('./src/pages/_renderer.ts', config.root),
        supportedAstroFeatures: { serverOutput: 'stable' },
      }),
  },
};

export default defineConfig({
  base: REGISTRY_HOMEPAGE_BASE ?? '/',
  output: 'server',
  adapter: renderer,
  outDir: REGISTRY_HOMEPAGE_OUT_DIR ?? './dist',
  ...(REGISTRY_HOMEPAGE_CACHE_DIR ? { cacheDir: `${REGISTRY_HOMEPAGE_CACHE_DIR}/astro` } : {}),
  trailingSlash: 'always',
  build: { assets: '-/assets', inlineStylesheets: 'never' },
  devToolbar: { enabled: false },
  // Nobody but ourselves asks it for pages.
  security: { checkOrigin: false },
  session: false,
  vite: {
    ...(REGISTRY_HOMEPAGE_CACHE_DIR ? { cacheDir: `${REGISTRY_HOMEPAGE_CACHE_DIR}/vite` } : {}),
    // It is built in a folder of links into this one; without it modules would have two names each.
    resolve: { preserveSymlinks: true },
    // The content security policy allows no inline script.
    build: { assetsInlineLimit: 0 },
    environments: {
      client: { build: { rolldownOptions: { output: assetNames } } },
      ssr: {
        // It runs far from `node_modules`.
        resolve: { noExternal: true },
        build: { rolldownOptions: { output: { assetFileNames: assetNames.assetFileNames } } },
      },
    },
  },
});
