/**
 * The house rules of `src/README.md`, held against what the files really import: who may know whom, who owns which package,
 * and which rooms know neither clock nor disk. A failure names the chain of imports that breaks a rule.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, matchesGlob, relative, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readSourceFacts, type SourceFacts } from './support/source-imports.ts';

/** Which rooms a room may import besides itself. A room that is not named here may not exist. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  'src/oci': [],
  'src/registry': ['src/oci'],
  'src/catalogue': ['src/oci'],
  'src/settings': [],
  'src/crawl': ['src/registry', 'src/catalogue', 'src/oci'],
  'src/snapshot': ['src/catalogue', 'src/oci'],
  'src/integrity': ['src/registry', 'src/snapshot', 'src/catalogue', 'src/oci'],
  'src/view': ['src/catalogue', 'src/settings', 'src/oci'],
  'src/search': ['src/oci'],
  'src/api': ['src/view', 'src/search', 'src/catalogue', 'src/settings', 'src/oci'],
  'src/styles': [],
  'src/layouts': ['src/styles', 'src/view', 'src/oci'],
  'src/components': ['src/layouts', 'src/styles', 'src/view', 'src/search', 'src/oci'],
  'src/pages': [
    'src/components',
    'src/layouts',
    'src/styles',
    'src/view',
    'src/search',
    'src/snapshot',
    'src/catalogue',
    'src/oci',
  ],
  'src/publish': ['src/snapshot', 'src/view', 'src/api', 'src/search', 'src/catalogue', 'src/settings', 'src/oci'],
  'src/run': [
    ...[
      'src/publish',
      'src/api',
      'src/search',
      'src/view',
      'src/snapshot',
      'src/integrity',
      'src/crawl',
      'src/settings',
    ],
    ...['src/catalogue', 'src/registry', 'src/oci'],
  ],
  'scripts/demo-registry': ['src/oci'],
  'scripts/commands': ['scripts/demo-registry', 'src/*'],
  scripts: ['scripts/commands', 'scripts/demo-registry', 'src/*'],
};

/** Which files may import a package. Node's own modules are for all, save for the pure rooms. */
const packages: Readonly<Record<string, readonly string[]>> = {
  undici: ['src/registry/**'],
  tldts: ['src/registry/**'],
  'p-retry': ['src/registry/**'],
  'date-fns': ['src/view/**'],
  'fuse.js': ['src/search/**'],
  picomatch: ['src/settings/**'],
  yaml: ['src/settings/**'],
  sirv: ['src/publish/**'],
  commander: ['scripts/**'],
  esbuild: ['scripts/program-bundle.ts'],
  // To find a browser, and to take pictures with it.
  playwright: ['scripts/launch-browser.ts'],
  // Schemas stand beside what they describe; the settings explain what is wrong with them by their schema.
  'astro/zod': ['**/*.schema.ts', 'src/settings/**'],
  // How large a picture is.
  'astro/assets/utils': ['src/run/read-site-extras.ts'],
  // What the pages were built into.
  'pathToFileURL(entry).href': ['src/run/page-batches.ts'],
  // What the program was bundled into.
  'pathToFileURL(bundle).href': ['scripts/registry-homepage.ts'],
  astro: ['src/pages/**', 'src/layouts/**', 'src/components/**'],
};

/** Rooms whose answers depend on their arguments only, and the modules of Node that do so too. */
const pureRooms = ['src/oci', 'src/catalogue', 'src/view'];
const pureModules = ['node:crypto'];

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const sources = readSources();

/** Every source file, by its path from the project's folder. */
function readSources(): ReadonlyMap<string, SourceFacts> {
  const files = ['src', 'scripts'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|mts|mjs|js|astro)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return new Map(files.sort().map((file) => [toPath(file), readSourceFacts(file)]));
}

function toPath(file: string): string {
  return relative(root, file).replaceAll('\\', '/');
}

/** The room of a file: the longest name of the table that its path begins with. */
function roomOf(file: string): string | undefined {
  return Object.keys(rooms)
    .filter((room) => file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

interface Import {
  readonly from: string;
  /** A file of ours, by its path, or a module as it was named. */
  readonly to: string;
  readonly isOurs: boolean;
  readonly isTypeOnly: boolean;
}

function listImports(from: string): readonly Import[] {
  return (sources.get(from)?.imports ?? []).map(({ specifier, isTypeOnly }) => {
    const isOurs = specifier.startsWith('.') || specifier.startsWith('/');
    const to = isOurs ? toPath(resolve(root, dirname(from), specifier.replace(/\?.*$/, ''))) : specifier;
    return { from, to, isOurs, isTypeOnly };
  });
}

const imports = [...sources.keys()].flatMap(listImports);

function packageOf(module: string): string {
  const parts = module.split('/');
  return module.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
}

/** The shortest way from a file to a module that `isGoal` names, through what is there when the program runs. */
function findChain(from: string, isGoal: (one: Import) => boolean): readonly string[] | null {
  const chains: string[][] = [[from]];
  const seen = new Set([from]);
  for (let chain = chains.shift(); chain !== undefined; chain = chains.shift()) {
    for (const one of listImports(chain.at(-1) ?? '')) {
      if (one.isTypeOnly) continue;
      if (isGoal(one)) return [...chain, one.to];
      if (seen.has(one.to)) continue;
      seen.add(one.to);
      if (one.isOurs) chains.push([...chain, one.to]);
    }
  }
  return null;
}

function assertNone(problems: readonly string[], rule: string): void {
  assert.equal(problems.length, 0, `${rule}:\n  ${problems.join('\n  ')}`);
}

describe('the rules have something to be held against', () => {
  it('files, and imports within and without', () => {
    assert.ok(sources.size > 100, `only ${sources.size} files were found`);
    assert.ok(imports.filter(({ isOurs }) => isOurs).length > 300, 'hardly any imports were found');
    for (const extension of ['.ts', '.astro']) {
      assert.ok(
        imports.some(({ from, isOurs }) => from.endsWith(extension) && isOurs),
        `no import of a ${extension} file`,
      );
    }
  });

  it('rooms that exist, and no others', () => {
    const found = new Set([...sources.keys()].map(roomOf));
    assert.ok(
      !found.has(undefined),
      `files in no room: ${[...sources.keys()].filter((file) => !roomOf(file)).join(', ')}`,
    );
    for (const room of [...pureRooms, 'src/run', 'src/registry', 'scripts/commands'])
      assert.ok(found.has(room), `${room} is empty`);
  });

  it('packages that somebody imports', () => {
    for (const name of Object.keys(packages).filter((one) => one !== 'astro')) {
      assert.ok(
        imports.some(({ to, isOurs }) => !isOurs && (to === name || packageOf(to) === name)),
        `nobody imports ${name}`,
      );
    }
  });
});

it('every import names a file that is there', () => {
  assertNone(
    imports.filter(({ to, isOurs }) => isOurs && !existsSync(join(root, to))).map(({ from, to }) => `${from} -> ${to}`),
    'no such file',
  );
});

it('imports point down only', () => {
  const problems = imports.flatMap(({ from, to, isOurs }) => {
    const [room = '', target = ''] = [roomOf(from), roomOf(to)];
    if (!isOurs || room === target) return [];
    const isAllowed = rooms[room]?.some((one) => one === target || matchesGlob(target, one));
    return isAllowed ? [] : [`${from} -> ${to}`];
  });
  assertNone(problems, 'a room imports what it may not know (the table is at the top of this test)');
});

it('every package has one owner', () => {
  const problems = imports.flatMap(({ from, to, isOurs, isTypeOnly }) => {
    if (isOurs || to.startsWith('node:') || (isTypeOnly && to === 'astro/zod')) return [];
    const owners = packages[to] ?? packages[packageOf(to)];
    return owners?.some((owner) => matchesGlob(from, owner)) ? [] : [`${from} -> ${to}`];
  });
  assertNone(problems, 'a package is used outside its owner');
});

it('components ask Astro for their values and the address only, which is all that a page is given', () => {
  const asked = [...sources.keys()]
    .filter((file) => file.endsWith('.astro') && file !== 'src/pages/[...address].astro')
    .flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/\bAstro\.(\w+)/g)].map(([, what = '']) => ({ file, what })),
    );
  assert.ok(asked.length > 0, 'no component was found');
  // A component makes `self` itself.
  const problems = asked.filter(({ what }) => !['props', 'url', 'self'].includes(what));
  assertNone(
    problems.map(({ file, what }) => `${file}: Astro.${what}`),
    'it would not be there (src/pages/_lent-page.ts)',
  );
});

describe('pure rooms', () => {
  for (const room of pureRooms) {
    const files = [...sources.keys()].filter((file) => roomOf(file) === room);

    it(`${room} reaches neither disk, network nor process`, () => {
      const problems = files.flatMap((file) => {
        const chain = findChain(file, ({ to }) => to.startsWith('node:') && !pureModules.includes(to));
        return chain === null ? [] : [chain.join(' -> ')];
      });
      assertNone(problems, `only ${pureModules.join(', ')} may be reached`);
    });

    it(`${room} asks neither clock, chance, locale nor surroundings`, () => {
      const problems = files.flatMap((file) => (sources.get(file)?.globals ?? []).map((one) => `${file}: ${one}`));
      assertNone(problems, 'the answer would depend on more than the arguments');
    });
  }
});

it('no circle of imports remains when the program runs', () => {
  const problems = [...sources.keys()].flatMap((file) => {
    const chain = findChain(file, ({ to }) => to === file);
    return chain === null ? [] : [chain.join(' -> ')];
  });
  assertNone(problems, 'files import one another in a circle');
});

it('what runs in browsers reaches no module of Node', () => {
  const scripts = [...sources.keys()].filter((file) => file.startsWith('src/components/browser/'));
  const workers = [...sources.keys()].filter((file) => /-worker\.ts$/.test(file));
  assert.ok(scripts.length > 0, 'no browser scripts were found');
  const problems = [...scripts, ...workers].flatMap((file) => {
    const chain = findChain(file, ({ to }) => to.startsWith('node:'));
    return chain === null ? [] : [chain.join(' -> ')];
  });
  assertNone(problems, 'a browser has no such module');
});

it('what runs in browsers has no lookbehind: for an older Safari the whole module would be none', () => {
  const own = [...sources.entries()].filter(([file]) => /^src\/(?:search|components\/browser)\//.test(file));
  assert.ok(own.length > 10, 'no browser scripts were found');
  const problems = own.flatMap(([file]) => (/\(\?<[=!]/.test(readFileSync(join(root, file), 'utf8')) ? [file] : []));
  assertNone(problems, 'a lookbehind is no syntax there');
});
