/**
 * How often the order of names finds the true newest tag, beside the methods in common use.
 *
 * Run with `node tests/bench/tag-order.ts`. The truth is the order in which the images' changelogs were written. A pair is
 * an error when a method puts the older of two tags first. Every method sorts the same input, the tags in string order,
 * so none profits from ties.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { compareTags, sortTags } from '../../src/catalogue/tag-order.ts';

type Sort = (tags: readonly string[]) => readonly string[];

interface Image {
  readonly name: string;
  /** Newest first. */
  readonly tags: readonly string[];
}

interface Result {
  readonly image: Image;
  readonly first: string | undefined;
  readonly wrongPairs: number;
}

const FIXTURE = new URL('../fixtures/tag-order.json', import.meta.url);

/**
 * Where two names cannot tell, and why. It excuses nothing: these images count as missed in every line of the table, and
 * one that is no longer missed is reported.
 */
const UNTELLABLE: Readonly<Record<string, string>> = {
  'releng/ci-trixie': 'begun as 1.0.0 and numbered back to 0.8.1; no date in either name',
  'php8.1-fpm':
    'numbered back from 8.1.34 to 8.1.33. The rebuild dates show it, but 8.1.34-1 has none, so an order that obeys the dates is not total',
  'php8.1-fpm-multiversion-base': 'as php8.1-fpm',
};

const images: readonly Image[] = Object.entries(
  (JSON.parse(readFileSync(FIXTURE, 'utf8')) as { images: Record<string, string[]> }).images,
).map(([name, tags]) => ({ name, tags }));
if (images.length === 0) throw new Error('the fixture holds no images');

const methods: readonly (readonly [name: string, sort: Sort])[] = [
  ['compareTags', (tags) => tags.toSorted(compareTags)],
  ...(hasVersionSort() ? ([['sort -V', sortByVersionSort]] as const) : []),
  ['Debian order', (tags) => tags.toSorted((a, b) => compareDebianVersions(b, a))],
  ['Intl.Collator numeric', sortByCollator()],
  ['string max', (tags) => tags.toSorted().reverse()],
  ['SemVer, coerced', (tags) => tags.toSorted((a, b) => compareSemver(b, a))],
];

printScores();
printHalves();
printMissed();
printSpeed();

function printScores(): void {
  const pairs = images.reduce((sum, { tags }) => sum + (tags.length * (tags.length - 1)) / 2, 0);
  console.log(
    `${images.length} images, ${images.reduce((sum, { tags }) => sum + tags.length, 0)} tags, ${pairs} pairs\n`,
  );
  console.log(row('method', 'newest found', 'wrong pairs', 'of all', 'without error'));
  for (const [name, sort] of methods) {
    const results = images.map((image) => judge(image, sort));
    const wrong = results.reduce((sum, { wrongPairs }) => sum + wrongPairs, 0);
    const perfect = results.filter(({ wrongPairs }) => wrongPairs === 0).length;
    console.log(
      row(name, `${countFound(results)}`, `${wrong}`, `${((100 * wrong) / pairs).toFixed(3)} %`, `${perfect}`),
    );
  }
}

/** Two halves, split by the hash of the image's name: a rule that fits one image shows as a difference. */
function printHalves(): void {
  console.log('\nnewest found in either half');
  const isLeft = ({ name }: Image) => (createHash('sha256').update(name).digest()[0] ?? 0) < 128;
  const halves = [images.filter(isLeft), images.filter((image) => !isLeft(image))];
  for (const [name, sort] of methods) {
    const scores = halves.map((half) => `${countFound(half.map((image) => judge(image, sort)))} of ${half.length}`);
    console.log(row(name, ...scores));
  }
}

function printMissed(): void {
  console.log('\nwhat compareTags gets wrong');
  for (const image of images) {
    const { first, wrongPairs } = judge(image, sortTags);
    const reason = UNTELLABLE[image.name];
    const isFound = first === image.tags[0];
    if (isFound && reason !== undefined)
      console.log(`  ${image.name}: found; no longer among those that cannot be told`);
    if (wrongPairs === 0) continue;
    const verdict = isFound ? 'newest found' : `first is ${first}, newest is ${image.tags[0]}`;
    console.log(`  ${image.name}: ${wrongPairs} wrong pairs; ${verdict}`);
    if (!isFound) console.log(`    ${reason === undefined ? 'MISSED' : `names alone cannot tell: ${reason}`}`);
  }
}

function printSpeed(): void {
  const every = images.flatMap(({ tags }) => tags);
  const tags = Array.from({ length: 200_000 }, (_, at) => `${every[at % every.length]}-${at}`);
  const startedAt = performance.now();
  sortTags(tags);
  console.log(`\nsortTags: ${tags.length} tags in ${Math.round(performance.now() - startedAt)} ms`);
}

function judge(image: Image, sort: Sort): Result {
  const sorted = sort(image.tags.toSorted());
  const places = new Map(sorted.map((tag, place) => [tag, place]));
  const found = image.tags.map((tag) => places.get(tag) ?? Number.NaN);
  let wrongPairs = 0;
  for (const [newer, place] of found.entries()) {
    for (let older = newer + 1; older < found.length; older += 1) if (!(place < (found[older] ?? 0))) wrongPairs += 1;
  }
  return { image, first: sorted[0], wrongPairs };
}

function countFound(results: readonly Result[]): number {
  return results.filter(({ image, first }) => first === image.tags[0]).length;
}

function row(...cells: readonly string[]): string {
  return cells.map((cell, at) => (at === 0 ? cell.padEnd(24) : cell.padStart(15))).join('');
}

function hasVersionSort(): boolean {
  return spawnSync('sort', ['-V'], { input: '1.10\n1.9\n', encoding: 'utf8' }).stdout === '1.9\n1.10\n';
}

function sortByVersionSort(tags: readonly string[]): readonly string[] {
  const { stdout } = spawnSync('sort', ['-rV'], {
    input: `${tags.join('\n')}\n`,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  return stdout.trimEnd().split('\n');
}

function sortByCollator(): Sort {
  const collator = new Intl.Collator('en', { numeric: true });
  return (tags) => tags.toSorted((a, b) => collator.compare(b, a));
}

/** https://www.debian.org/doc/debian-policy/ch-controlfields.html#version, a tag having no epoch. */
function compareDebianVersions(a: string, b: string): number {
  const [upstreamA, revisionA] = splitRevision(a);
  const [upstreamB, revisionB] = splitRevision(b);
  return compareDebianParts(upstreamA, upstreamB) || compareDebianParts(revisionA, revisionB);
}

function splitRevision(version: string): readonly [upstream: string, revision: string] {
  const dash = version.lastIndexOf('-');
  return dash < 0 ? [version, ''] : [version.slice(0, dash), version.slice(dash + 1)];
}

function compareDebianParts(a: string, b: string): number {
  const runsA = a.match(/\D*\d*/g) ?? [];
  const runsB = b.match(/\D*\d*/g) ?? [];
  for (let at = 0; at < Math.max(runsA.length, runsB.length); at += 1) {
    const [wordA, digitsA] = splitRun(runsA[at] ?? '');
    const [wordB, digitsB] = splitRun(runsB[at] ?? '');
    const order = compareDebianWords(wordA, wordB) || Number(digitsA) - Number(digitsB);
    if (order !== 0) return order;
  }
  return 0;
}

function splitRun(run: string): readonly [word: string, digits: string] {
  const word = /^\D*/.exec(run)?.[0] ?? '';
  return [word, run.slice(word.length) || '0'];
}

function compareDebianWords(a: string, b: string): number {
  const weigh = (character: string | undefined) => {
    if (character === undefined) return 0;
    if (character === '~') return -1;
    return /[a-z]/i.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
  };
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const order = weigh(a[at]) - weigh(b[at]);
    if (order !== 0) return order;
  }
  return 0;
}

/** What UIs with a SemVer library do: three numbers, a pre-release after a dash, everything else last. */
function compareSemver(a: string, b: string): number {
  const [versionA, versionB] = [toSemver(a), toSemver(b)];
  if (!versionA || !versionB) return Number(versionA !== null) - Number(versionB !== null);
  for (const at of [0, 1, 2]) {
    const order = (versionA.numbers[at] ?? 0) - (versionB.numbers[at] ?? 0);
    if (order !== 0) return order;
  }
  return compareSemverIdentifiers(versionA.identifiers, versionB.identifiers);
}

function toSemver(
  tag: string,
): { readonly numbers: readonly number[]; readonly identifiers: readonly string[] } | null {
  const found = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-(.+))?$/.exec(tag);
  if (!found) return null;
  return { numbers: found.slice(1, 4).map((digits) => Number(digits ?? 0)), identifiers: found[4]?.split('.') ?? [] };
}

function compareSemverIdentifiers(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return Number(a.length === 0) - Number(b.length === 0);
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const [left, right] = [a[at], b[at]];
    if (left === right) continue;
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    const [isLeftNumber, isRightNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)];
    if (isLeftNumber && isRightNumber && Number(left) !== Number(right)) return Number(left) - Number(right);
    if (isLeftNumber !== isRightNumber) return isLeftNumber ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return 0;
}
