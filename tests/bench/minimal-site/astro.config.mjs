import { defineConfig } from 'astro/config';

const { BENCH_OUT_DIR, BENCH_CACHE_DIR } = process.env;

export default defineConfig({
  outDir: BENCH_OUT_DIR ?? './dist',
  cacheDir: BENCH_CACHE_DIR ?? './.cache',
  trailingSlash: 'always',
  build: { concurrency: 4 },
});
