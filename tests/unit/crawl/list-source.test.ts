import assert from 'node:assert/strict';
import { describe, it, type TestContext, test } from 'node:test';
import type { ScriptedResponse } from '../../../scripts/demo-registry/server/script.ts';
import type { CrawlSource } from '../../../src/crawl/crawl-source.ts';
import { listSource } from '../../../src/crawl/list-source.ts';
import { createNameMatcher } from '../../../src/settings/name-patterns.ts';
import { never, useClient } from '../../support/use-client.ts';
import { describeFindings } from '../../support/use-crawl.ts';
import { useScriptedServer } from '../../support/use-server.ts';

/** A source whose catalog answers so, page after page. */
async function useSource(t: TestContext, pages: readonly ScriptedResponse[], over: Partial<CrawlSource> = {}) {
  const server = await useScriptedServer(t);
  server.script(...pages.map((respond) => ({ path: '/v2/_catalog', respond })));
  const client = useClient(t, server.url, { retries: 0 });
  return { name: 'main', client, serves: () => true, fixedNames: null, concurrency: 8, followRedirects: true, ...over };
}

const shown = (name: string) => !name.startsWith('restricted/');
const names = (...repositories: unknown[]): ScriptedResponse => ({ json: { repositories } });

test('takes the names that are names, once', async (t) => {
  const longest = `${'a'.repeat(127)}/${'b'.repeat(127)}`;
  const source = await useSource(t, [names('a', 'a/b', 'a', 'Upper', '', '-x', 'a//b', 7, longest, `${longest}c`)]);
  const listing = await listSource(source, shown, never);
  assert.equal(listing.outcome, 'complete');
  assert.deepEqual([...listing.names], ['a', 'a/b', longest]);
  assert.deepEqual(describeFindings(listing.findings), ['duplicate-name -', ...Array(6).fill('invalid-name -')].sort());
  assert.match(listing.findings.map(({ text }) => text).join('\n'), /"Upper" is not a repository name/);
});

test('what settings leave out is counted and stands in no finding, be it valid or not', async (t) => {
  const source = await useSource(t, [
    names('restricted/a', 'restricted/UPPER', 'restricted//b', 'restricted/a', { name: 'restricted/c' }, 'public'),
  ]);
  const listing = await listSource(source, shown, never);
  assert.deepEqual([...listing.names], ['public']);
  assert.equal(listing.excluded, 3);
  assert.doesNotMatch(JSON.stringify(listing.findings), /restricted/);
});

test('paths that no pattern can mean are invalid names, not names that settings leave out', async (t) => {
  const source = await useSource(t, [names('.', '..', '../../etc', 'a/../b', '', 'restricted/../c', 'public')]);
  const everything = createNameMatcher(['**', '!restricted/**']);
  const listing = await listSource(source, everything, never);
  assert.deepEqual([[...listing.names], listing.excluded], [['public'], 0]);
  assert.deepEqual(describeFindings(listing.findings), Array(6).fill('invalid-name -'));
  assert.doesNotMatch(JSON.stringify(listing.findings), /restricted/);
});

test('of very many invalid names only some are named', async (t) => {
  const source = await useSource(t, [names(...Array.from({ length: 5000 }, (_, at) => `UPPER${at}`))]);
  const { findings } = await listSource(source, shown, never);
  assert.equal(findings.length, 101);
  assert.match(findings.at(-1)?.text ?? '', /4900 more/);
});

test('names outside its routes are shadows', async (t) => {
  const source = await useSource(t, [names('ml/a', 'web')], { serves: (name) => !name.startsWith('ml/') });
  const listing = await listSource(source, shown, never);
  assert.deepEqual([...listing.names], ['web']);
  assert.deepEqual(describeFindings(listing.findings), ['unrouted ml/a']);
});

describe('names that settings give', () => {
  it('are taken instead of the catalog, and held to the same rules', async (t) => {
    const source = await useSource(t, [], { fixedNames: ['a', 'b', 'a', 'Upper', 'restricted/x', 'ml/a'] });
    const listing = await listSource({ ...source, serves: (name) => !name.startsWith('ml/') }, shown, never);
    assert.deepEqual([listing.outcome, [...listing.names], listing.excluded], ['complete', ['a', 'b'], 1]);
    assert.deepEqual(describeFindings(listing.findings), ['duplicate-name -', 'invalid-name -', 'unrouted ml/a']);
  });
});

const link = (target: string) => ({ Link: `<${target}>; rel="next"` });
const partial: readonly (readonly [name: string, pages: readonly ScriptedResponse[], findings: readonly string[]])[] = [
  ['breaks off', [{ ...names('a'), headers: link('/v2/_catalog?last=a') }, { status: 500 }], ['listing-incomplete -']],
  ['goes round', [{ ...names('a'), headers: link('/v2/_catalog?n=1000') }], ['listing-incomplete -']],
  [
    'has only hidden names before it breaks off',
    [{ ...names('restricted/a'), headers: link('/v2/_catalog?last=a') }, { status: 403 }],
    ['listing-incomplete -'],
  ],
];
describe('a list that', () => {
  for (const [name, pages, findings] of partial) {
    it(`${name} is incomplete`, async (t) => {
      const listing = await listSource(await useSource(t, pages), shown, never);
      assert.equal(listing.outcome, 'incomplete');
      assert.deepEqual(describeFindings(listing.findings), findings);
    });
  }

  it('misses a later page is not said to be no catalog at all', async (t) => {
    const pages = [{ ...names('a'), headers: link('/v2/_catalog?last=a') }, { status: 404 }];
    const listing = await listSource(await useSource(t, pages), shown, never);
    assert.deepEqual([listing.outcome, listing.hint], ['incomplete', 'The registry does not have it.']);
  });

  it('ends where nobody can say what follows is complete, with a finding', async (t) => {
    const source = await useSource(t, [names(...Array.from({ length: 1000 }, (_, at) => `r${at}`)), { json: {} }]);
    const listing = await listSource(source, shown, never);
    assert.deepEqual([listing.outcome, listing.names.size], ['complete', 1000]);
    assert.deepEqual(describeFindings(listing.findings), ['listing-end-unread -']);
  });

  it('was bent back to our host is complete, with a finding', async (t) => {
    const pages = [{ ...names('a'), headers: link('http://internal:5000/v2/_catalog?last=a') }, names('b')];
    const listing = await listSource(await useSource(t, pages), shown, never);
    assert.equal(listing.outcome, 'complete');
    assert.deepEqual(describeFindings(listing.findings), ['listing-reanchored -']);
  });
});

const failures: readonly (readonly [respond: ScriptedResponse, outcome: string, hint: RegExp])[] = [
  [{ status: 401 }, 'refused', /credentials/],
  [{ status: 403 }, 'refused', /rights/],
  [{ status: 404, json: { errors: [{ code: 'NOT_FOUND' }] } }, 'failed', /has no _catalog.*name its repositories/],
  [{ status: 405, json: { errors: [{ code: 'UNSUPPORTED' }] } }, 'failed', /has no _catalog/],
  [{ status: 501 }, 'failed', /has no _catalog/],
  [{ status: 500 }, 'failed', /logs/],
  [{ body: '<html>' }, 'failed', /port/],
  [{ json: { hello: 'world' } }, 'failed', /something else/],
  [{ status: 200, cut: 'before-headers' }, 'failed', /closed the connection/],
];
describe('a source that', () => {
  for (const [respond, outcome, hint] of failures) {
    it(`answers ${JSON.stringify(respond)} has ${outcome}, and a hint`, async (t) => {
      // An unknown `n` is asked for without it.
      const pages = 'json' in respond && respond.status === 405 ? [respond, respond] : [respond];
      const listing = await listSource(await useSource(t, pages), shown, never);
      assert.equal(listing.outcome, outcome);
      assert.match(listing.hint ?? '', hint);
      assert.notEqual(listing.failure, null);
      assert.deepEqual(describeFindings(listing.findings), [`source-${outcome} -`]);
    });
  }
});
