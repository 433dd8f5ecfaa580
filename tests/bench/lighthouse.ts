/**
 * What Lighthouse thinks of a published site: of its homepage and of the first image on it the median of five runs. Lighthouse
 * is fetched when this runs: it is large, and nothing else needs it.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { browserLaunchOptions } from '../../scripts/launch-browser.ts';
import { serveSite } from '../../src/publish/serve-site.ts';

const version = '13.5.0';
const rounds = 5;
/** What each category must reach, of 100. */
const leastScores = { performance: 95, accessibility: 100, 'best-practices': 100, seo: 100 } as const;

type Category = keyof typeof leastScores;

interface Result {
  readonly categories: Readonly<Record<Category, { readonly score: number | null }>>;
  readonly audits: Readonly<Record<string, { readonly score: number | null; readonly scoreDisplayMode: string }>>;
}

/** Prints each score beside what it must reach. */
export async function measureLighthouse(siteDir: string): Promise<void> {
  const site = await serveSite({ siteDir, base: '/', host: '127.0.0.1', port: 0 });
  const folder = await mkdtemp(join(tmpdir(), 'registry-homepage-lighthouse-'));
  try {
    for (const address of ['', await findImage(site.url)]) {
      const results: Result[] = [];
      for (let round = 0; round < rounds; round++) results.push(await audit(site.url + address, folder));
      for (const [category, least] of Object.entries(leastScores) as [Category, number][]) {
        const score = Math.round(100 * median(results.map(({ categories }) => categories[category].score ?? 0)));
        console.log(`/${address}: ${category} ${score} (at least ${least}) ${score >= least ? 'ok' : 'TOO LITTLE'}`);
      }
      const failed = listFailed(results[0]);
      if (failed.length > 0) console.log(`/${address}: not all well: ${failed.join(', ')}`);
    }
  } finally {
    await rm(folder, { recursive: true });
    await site.close();
  }
}

async function findImage(url: string): Promise<string> {
  const html = await (await fetch(url)).text();
  const href = /<th scope="row"><a href="\/([^"]+\/tags\/)"/.exec(html)?.[1];
  if (href === undefined) throw new Error('the homepage leads to no image');
  return href;
}

async function audit(url: string, folder: string): Promise<Result> {
  const { executablePath, args = [] } = browserLaunchOptions();
  const file = join(folder, 'report.json');
  await promisify(execFile)(
    'npx',
    [
      ...['--yes', `lighthouse@${version}`, url, '--quiet', '--output=json', `--output-path=${file}`],
      `--chrome-flags=${['--headless=new', ...args].join(' ')}`,
    ],
    {
      // Lighthouse has a chatty side: it reports its errors home unless told not to.
      env: { ...process.env, ...(executablePath ? { CHROME_PATH: executablePath } : {}), LH_ERROR_REPORTING: '0' },
      maxBuffer: 1 << 26,
    },
  );
  return JSON.parse(await readFile(file, 'utf8')) as Result;
}

function listFailed(result: Result | undefined): readonly string[] {
  return Object.entries(result?.audits ?? {}).flatMap(([name, { score, scoreDisplayMode }]) =>
    scoreDisplayMode !== 'informative' && score !== null && score < 0.9 ? [name] : [],
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
