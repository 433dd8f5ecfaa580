/** Runs every check of the project and ends with one line that counts them: `N passed, N failed, N skipped`. */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Of what a failed test's page showed, so many characters are printed: whoever reads the log has not the files. */
const mostContext = 4000;

const root = join(import.meta.dirname, '..');
const counts: Counts = { passed: 0, failed: 0, skipped: 0 };

runTool('format and lint', 'biome', ['ci', '--error-on-warnings']);
runTool('types', 'tsc', ['--noEmit']);
runTool('types of the pages', 'astro', ['check', '--minimumFailingSeverity', 'warning']);
await runNodeTests();
runBrowserTests();

console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;

function runTool(what: string, program: string, words: readonly string[]): void {
  console.log(`\n▶ ${what}`);
  const { status } = spawnSync(join(root, 'node_modules', '.bin', program), words, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' },
  });
  if (status === 0) counts.passed++;
  else counts.failed++;
}

async function runNodeTests(): Promise<void> {
  const files = globSync('tests/{*,unit/**/*,property/**/*,contract/**/*,pipeline/**/*}.test.ts', { cwd: root }).sort();
  if (files.length === 0) throw new Error('no tests were found');
  const stream = run({ files: files.map((file) => join(root, file)), concurrency: 2, cwd: root });
  stream.on('test:pass', (event) => {
    if (event.details.type === 'suite') return;
    if (event.skip !== undefined && event.skip !== false) counts.skipped++;
    else counts.passed++;
  });
  stream.on('test:fail', (event) => {
    if (event.details.type !== 'suite') counts.failed++;
  });
  await new Promise<void>((resolve, reject) => {
    stream.compose(spec).on('error', reject).on('end', resolve).pipe(process.stdout, { end: false });
  });
}

function runBrowserTests(): void {
  console.log('\n▶ browser');
  const folder = mkdtempSync(join(tmpdir(), 'registry-homepage-browser-'));
  const results = join(folder, 'results.json');
  const { status } = spawnSync(
    join(root, 'node_modules', '.bin', 'playwright'),
    ['test', '--config', join('tests', 'playwright.config.ts'), '--reporter=list,json'],
    { cwd: root, stdio: 'inherit', env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: results } },
  );
  try {
    const { stats } = JSON.parse(readFileSync(results, 'utf8')) as {
      stats: { expected: number; unexpected: number; flaky: number; skipped: number };
    };
    counts.passed += stats.expected;
    counts.failed += stats.unexpected + stats.flaky;
    counts.skipped += stats.skipped;
    if (stats.expected + stats.unexpected + stats.flaky + stats.skipped === 0) counts.failed++;
    else if (status !== 0 && stats.unexpected + stats.flaky === 0) counts.failed++;
  } catch {
    console.error(`The browser tests left no result (exit ${status}).`);
    counts.failed++;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for (const file of globSync('tests/results/*/error-context.md', { cwd: root }).sort()) {
    console.log(`\n${file}\n${readFileSync(join(root, file), 'utf8').slice(0, mostContext)}`);
  }
}
