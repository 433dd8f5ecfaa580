/** Every JSON file of the demo's site, held by another program against the schema that the site publishes for it. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { fillDemoCatalogue } from '../../scripts/demo-registry/catalogue/fill-demo-catalogue.ts';
import { publishedFiles } from '../../src/api/published.schema.ts';
import { listFiles } from '../../src/publish/list-files.ts';
import { runProgram, useFolder } from '../support/run-program.ts';
import { useDemoRegistry } from '../support/use-server.ts';

/** A site of all that the demo has, of which a layer was found corrupt. */
async function useDemoSite(t: TestContext): Promise<string> {
  const registry = await useDemoRegistry(t, { recordsRequests: false });
  fillDemoCatalogue(registry.store);
  const folder = await useFolder(t);
  const config = join(folder, 'settings.json');
  const settings = { publicHost: 'registry.example.org', sources: [{ url: registry.url }], exclude: ['restricted/**'] };
  await writeFile(config, JSON.stringify({ ...settings, siteUrl: 'https://registry.example.org/' }));
  const run = async (...words: string[]) => (await runProgram([...words, '--config', config])).exitCode;
  assert.notEqual(await run('crawl'), 69);
  registry.script({
    method: 'HEAD',
    path: /\/blobs\/sha256:00/,
    times: 'always',
    respond: { headers: { 'Content-Length': '7' } },
  });
  // It begins with these: blobs that were never checked come in the order of their digests.
  assert.equal(await run('verify', '--sizes-only', '--max-duration', '5s'), 3);
  assert.equal(await run('build'), 0);
  return join(folder, 'site', 'current');
}

/** The schema as it stands, and one that refuses whatever it does not describe. */
function compile(schema: object): readonly ValidateFunction[] {
  const ajv = new Ajv2020({ allErrors: true, strict: true, validateFormats: false });
  const closed = JSON.parse(JSON.stringify(schema), (_, value) =>
    value?.type === 'object' && value.properties !== undefined ? { ...value, additionalProperties: false } : value,
  );
  return [ajv.compile(schema), ajv.compile(closed)];
}

test('every JSON file of the demo is as its published schema says', { timeout: 600_000 }, async (t) => {
  const folder = await useDemoSite(t);
  const files = (await listFiles(folder)).filter((file) => file.endsWith('.json'));
  const readJson = async (file: string) => JSON.parse(await readFile(join(folder, file), 'utf8'));
  const seen = new Map<string, number>();
  const others: string[] = [];
  const kinds = await Promise.all(
    publishedFiles.map(async ({ name, path }) => {
      const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replace('<name>', '.+')}$`);
      return { name, pattern, validators: compile(await readJson(`-/api/v1/schema/${name}.json`)) };
    }),
  );
  for (const file of files) {
    const kind = kinds.find(({ pattern }) => pattern.test(file));
    if (kind === undefined) {
      others.push(file);
      continue;
    }
    seen.set(kind.name, (seen.get(kind.name) ?? 0) + 1);
    const json = await readJson(file);
    for (const validate of kind.validators) {
      assert.ok(validate(json), `${file}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
    }
  }
  assert.deepEqual([...seen.keys()].sort(), publishedFiles.map(({ name }) => name).sort(), 'each kind was there');
  assert.ok((seen.get('repository') ?? 0) > 400 && seen.get('repository') === seen.get('history'));
  // The schemas themselves, and what the search reads, which is no part of the API.
  assert.deepEqual(
    others.filter((file) => !file.startsWith('-/api/v1/schema/') && !file.startsWith('-/search/')),
    [],
  );
  const { integrity } = await readJson('-/status.json');
  assert.ok(integrity.faults.length > 0 && integrity.sizes !== null, 'what an audit found was there too');

  const index = await readJson('-/api/v1/index.json');
  assert.deepEqual(
    Object.values(index.schemas).map((address) => files.includes(String(address).slice(1))),
    publishedFiles.map(() => true),
  );

  // It can fail: a text where a number belongs, a field that nobody described, one that is missing.
  const [open, closed] = kinds.find(({ name }) => name === 'catalogue')?.validators ?? [];
  const catalogue = await readJson('-/api/v1/catalogue.json');
  assert.ok(open && closed);
  assert.equal(open({ ...catalogue, complete: 'yes' }), false);
  assert.equal(open({ ...catalogue, title: undefined }), false);
  assert.equal(closed({ ...catalogue, surprise: 1 }), false);
  assert.equal(open({ ...catalogue, surprise: 1 }), true, 'what a later release adds');
});
