/** The documents say what is so: links lead somewhere, and commands, flags, settings, codes and tests that they name are there. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { describe, it } from 'node:test';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { createBuildCommand } from '../../../scripts/commands/build.ts';
import { createCheckCommand } from '../../../scripts/commands/check.ts';
import { createCrawlCommand } from '../../../scripts/commands/crawl.ts';
import { createDemoCommand } from '../../../scripts/commands/demo.ts';
import { createInstallCommand } from '../../../scripts/commands/install.ts';
import { createMergeCommand } from '../../../scripts/commands/merge.ts';
import { createRefreshCommand } from '../../../scripts/commands/refresh.ts';
import { createSearchCommand } from '../../../scripts/commands/search.ts';
import { createServeCommand } from '../../../scripts/commands/serve.ts';
import { createVerifyCommand } from '../../../scripts/commands/verify.ts';
import { recommendedSchema } from '../../../src/api/catalogue-json.schema.ts';
import { exitCodes } from '../../../src/run/exit-code.ts';
import { programDir } from '../../../src/run/program-version.ts';
import { settingsSchema } from '../../../src/settings/settings.schema.ts';
import { type MarkdownDocument, parseDocument, readDocuments } from '../../support/markdown-documents.ts';

const documents = await readDocuments();
const byPath = new Map(documents.map((document) => [document.path, document]));
const find = (path: string) => byPath.get(path) ?? assert.fail(path);
/** What is said to whoever uses the program; the benchmark's results quote other tools. */
const told = documents.filter(({ path }) => !path.startsWith('tests/'));
const commands = [
  ...[createBuildCommand(), createCheckCommand(), createCrawlCommand(), createDemoCommand(), createInstallCommand()],
  ...[createMergeCommand(), createRefreshCommand(), createSearchCommand(), createServeCommand(), createVerifyCommand()],
];
const flagsOf = (command: Command) => new Set(['--help', ...command.options.map(({ long }) => long ?? '')]);
const settingNames = Object.keys(settingsSchema.shape);

/** The links of a document that lead nowhere. */
function listBrokenLinks({ path, links, anchors }: MarkdownDocument): readonly string[] {
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [file = '', anchor] = link.split('#');
    if (file === '') return anchor === undefined || !anchors.has(anchor);
    const target = normalize(join(dirname(path), file));
    if (!existsSync(join(programDir, target))) return true;
    return anchor !== undefined && byPath.get(target)?.anchors.has(anchor) !== true;
  });
}

/** Lines of code that call the program, each as its words behind the program's name. */
function listCalls(code: MarkdownDocument['code']): readonly (readonly string[])[] {
  return code
    .filter(({ language }) => language !== 'mermaid')
    .flatMap(({ text }) => text.replaceAll('\\\n', ' ').split('\n'))
    .flatMap((line) => [...line.matchAll(/(?:^|[\s/(])registry-homepage(?:\.ts)? ([a-z][^|#;&]*)/g)])
    .map(([, words = '']) => words.trim().split(/\s+/));
}

/** What is wrong with a call; nothing for the name alone. */
function listCallFaults([name = '', ...words]: readonly string[]): readonly string[] {
  const command = commands.find((one) => one.name() === name);
  if (command === undefined) return [`no command ${name}`];
  const known = flagsOf(command);
  const flags = words.flatMap((word) => /^(--[a-z-]+)/.exec(word)?.[1] ?? []);
  return flags.filter((flag) => !known.has(flag)).map((flag) => `${name} has no ${flag}`);
}

describe('links', () => {
  it('lead to files and headings that are there', () => {
    assert.ok(documents.length >= 12, `${documents.length} documents`);
    assert.ok(documents.flatMap(({ links }) => links).length > 80);
    for (const document of documents) assert.deepEqual(listBrokenLinks(document), [], document.path);
  });

  it('that lead nowhere are found', () => {
    const links =
      '[a](no-such.md) [b](README.md#no-such) [c](README.md#more) [d](#here) [e](#not) ![f](x.png) [g](https://x)\n# Here';
    assert.deepEqual(listBrokenLinks(parseDocument('x.md', links)), [
      'no-such.md',
      'README.md#no-such',
      '#not',
      'x.png',
    ]);
  });

  it('from the README lead to every other document that somebody needs', () => {
    const linked = new Set(find('README.md').links.map((link) => link.split('#')[0]));
    const others = documents
      .map(({ path }) => path)
      .filter((path) => !/^(?:tests|scripts\/demo-registry)\/|^README/.test(path));
    assert.deepEqual(
      others.filter((path) => !linked.has(path)),
      [],
    );
  });
});

describe('what the documents tell to type', () => {
  it('is a command with flags that it has', () => {
    const calls = told.flatMap(({ path, code }) => listCalls(code).map((words) => ({ path, words })));
    assert.ok(calls.length > 20, `${calls.length} calls`);
    for (const { path, words } of calls) assert.deepEqual(listCallFaults(words), [], `${path}: ${words.join(' ')}`);
  });

  it('is found where it is not', () => {
    const { code } = parseDocument(
      'x.md',
      '`registry-homepage verfy`\n```sh\nnpx registry-homepage serve --sizes-only x\n```',
    );
    assert.deepEqual(listCalls(code).flatMap(listCallFaults), ['serve has no --sizes-only', 'no command verfy']);
  });

  it('names no flag of ours that no command has', () => {
    const ours = new Set(commands.flatMap((command) => [...flagsOf(command)]));
    const others = ['--exclude', '--delete', '--omit', '--ignore-scripts', '--version'];
    for (const { path, code } of told) {
      const flags = code
        .filter(({ language }) => language === '')
        .flatMap(({ text }) => text.match(/^--[a-z-]+/) ?? []);
      assert.deepEqual(
        flags.filter((flag) => !ours.has(flag) && !others.includes(flag)),
        [],
        path,
      );
    }
  });

  it('is an npm script that there is, and a variable that is read', async () => {
    const { scripts } = JSON.parse(await readFile(join(programDir, 'package.json'), 'utf8'));
    const variables = new Set(commands.flatMap(({ options }) => options.flatMap(({ envVar }) => envVar ?? [])));
    const text = documents.flatMap(({ code }) => code.map((one) => one.text)).join('\n');
    const named = [...text.matchAll(/npm run (?:-\S+ )*([a-z][a-z:-]*)/g)].map(([, name = '']) => name);
    assert.ok(named.length > 8);
    assert.deepEqual(
      named.filter((name) => !(name in scripts)),
      [],
    );
    const used = [...text.matchAll(/REGISTRY_HOMEPAGE_[A-Z_]+/g)].map(([name]) => name);
    assert.ok(used.length > 3);
    assert.deepEqual(
      used.filter((name) => !variables.has(name)),
      [],
    );
  });

  it('is a setting that there is', () => {
    const blocks = told.flatMap(({ path, code }) => {
      return code.filter(({ language }) => language === 'yaml').map(({ text }) => ({ path, text }));
    });
    assert.ok(blocks.length >= 3);
    for (const { path, text } of blocks) {
      const keys = Object.keys(parse(text)).filter((key) => !key.includes('/'));
      assert.deepEqual(
        keys.filter((key) => !settingNames.includes(key)),
        [],
        path,
      );
    }
  });
});

describe('help', () => {
  for (const command of commands) {
    it(`of ${command.name()} has an example that works, and says what each option is for`, () => {
      let text = '';
      command.configureOutput({
        writeOut: (part) => {
          text += part;
        },
      });
      command.outputHelp();
      const calls = listCalls([{ language: 'sh', text: text.slice(text.indexOf('\nExample')) }]);
      assert.ok(calls.length > 0, text);
      for (const words of calls) {
        assert.equal(words[0], command.name());
        assert.deepEqual(listCallFaults(words), []);
      }
      assert.ok(command.description().length > 20);
      for (const option of command.options) assert.ok(option.description.length > 8, option.flags);
    });
  }
});

it('the exit codes of README and guide are those of the program', async () => {
  for (const path of ['README.md', 'scripts/README.md']) {
    const text = await readFile(join(programDir, path), 'utf8');
    const rows = [...text.matchAll(/^\| ([\d]+(?:(?: · |, )\d+)*) \| \w/gm)];
    const named = rows.flatMap(([, codes = '']) => codes.split(/ · |, /).map(Number));
    const all = Object.values(exitCodes).filter((code) => code !== 0);
    assert.deepEqual(
      all.filter((code) => !named.includes(code)),
      [],
      path,
    );
    assert.deepEqual(
      named.filter((code) => code !== 0 && !all.includes(code as (typeof all)[number])),
      [],
      path,
    );
  }
});

it('the guide explains every reason for which a tag is recommended', async () => {
  const guide = await readFile(join(programDir, 'scripts/README.md'), 'utf8');
  const codes = recommendedSchema.shape.reason.shape.code.options;
  assert.ok(codes.length > 3);
  for (const code of codes) assert.ok(guide.includes(`| \`${code}\` |`), code);
});

it('each claim of SECURITY.md names a test, which tests something', async () => {
  const text = await readFile(join(programDir, 'SECURITY.md'), 'utf8');
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| it cannot') && !line.startsWith('| they cannot'));
  assert.ok(rows.length > 20);
  for (const row of rows) {
    const tests = [...row.matchAll(/\]\((tests\/[^)]+)\)/g)].map(([, file = '']) => file);
    assert.ok(tests.length > 0, row);
    for (const file of tests) assert.match(await readFile(join(programDir, file), 'utf8'), /\b(?:it|test)\(/, file);
  }
});

it('the pictures of the README are there, small, and all of them shown (npm run readme-pictures)', async () => {
  const folder = join(programDir, 'scripts', 'pictures');
  const shown = find('README.md').links.filter((link) => link.startsWith('scripts/pictures/'));
  const files = (await readdir(folder)).map((file) => `scripts/pictures/${file}`);
  assert.ok(files.length >= 4);
  assert.deepEqual([...new Set(shown)].sort(), files.sort());
  for (const file of files) {
    const bytes = await readFile(join(programDir, file));
    assert.equal(bytes.toString('latin1', 8, 12), 'WEBP', file);
    assert.ok((await stat(join(programDir, file))).size < 80_000, file);
  }
});
