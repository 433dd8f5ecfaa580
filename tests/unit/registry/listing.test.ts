/** Following `_catalog` and `tags/list` to their end, which some registries do not have. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext, test } from 'node:test';
import type { ScriptedResponse } from '../../../scripts/demo-registry/server/script.ts';
import type { RegistryErrorCode } from '../../../src/registry/registry-error.ts';
import { app, never, readListing, readPages, rejection, useClient } from '../../support/use-client.ts';
import { useScriptedServer } from '../../support/use-server.ts';

const first = '/v2/_catalog?n=1000';

function page(repositories: unknown, link?: string): ScriptedResponse {
  return { json: { repositories }, ...(link === undefined ? {} : { headers: { Link: `<${link}>; rel="next"` } }) };
}

const names = (from: number, count: number) => Array.from({ length: count }, (_, at) => `r${from + at}`);

test('asks for large pages, and follows them one after another', async (t) => {
  const server = await useScriptedServer(t);
  server.script(
    { path: first, respond: page(['a', 'b'], '/v2/_catalog?n=1000&last=b') },
    { path: '/v2/_catalog?n=1000&last=b', respond: page(['c'], `${server.url}/v2/_catalog?last=c&n=1000`) },
    { path: '/v2/_catalog?last=c&n=1000', respond: page(['d']) },
  );
  const pages = await readPages(useClient(t, server.url).listRepositories(never));
  assert.deepEqual(
    pages.map(({ entries }) => entries),
    [['a', 'b'], ['c'], ['d']],
  );
  assert.ok(pages.every(({ findings }) => findings.length === 0));
});

test('tags are asked for without a page size, and paged where the registry pages them', async (t) => {
  const server = await useScriptedServer(t);
  server.script(
    {
      path: (request) => request.target === '/v2/team/app/tags/list',
      respond: {
        json: { name: 'team/app', tags: ['1'] },
        headers: { Link: '</v2/team/app/tags/list?last=1>; rel="next"' },
      },
    },
    { path: '/v2/team/app/tags/list?last=1', respond: { json: { name: 'team/app', tags: ['2'] } } },
  );
  assert.deepEqual((await readListing(useClient(t, server.url).listTags(app, never))).entries, ['1', '2']);
});

test('a list that ends just with a page may have an empty one after it', async (t) => {
  const server = await useScriptedServer(t);
  server.script(
    { path: '/v2/_catalog?n=2', respond: page(['a', 'b'], '/v2/_catalog?n=2&last=b') },
    { path: '/v2/_catalog?n=2&last=b', respond: page(null) },
  );
  const found = await readListing(useClient(t, server.url, { pageSize: 2 }).listRepositories(never));
  assert.deepEqual(found, { entries: ['a', 'b'], findings: [], repeated: 0 });
});

describe('a full page that names no next one', () => {
  const listed = async (
    t: TestContext,
    ...answers: readonly (readonly [last: string, respond: ScriptedResponse])[]
  ) => {
    const server = await useScriptedServer(t);
    server.script({ path: '/v2/_catalog?n=2', respond: page(['a', 'b']) });
    for (const [last, respond] of answers) server.script({ path: `/v2/_catalog?n=2&last=${last}`, respond });
    return readListing(useClient(t, server.url, { pageSize: 2, retries: 0 }).listRepositories(never));
  };

  it('is followed by what comes after its last name', async (t) => {
    const found = await listed(t, ['b', page(['c', 'd'])], ['d', page(['e'])]);
    assert.deepEqual(found, { entries: ['a', 'b', 'c', 'd', 'e'], findings: ['listing-unlinked'], repeated: 0 });
  });

  const after = (last: string, ...rest: readonly ScriptedResponse[]) =>
    rest.map(
      (respond, at) => [at === 0 ? `/v2/_catalog?n=2&last=${last}` : `/v2/_catalog?last=${last}`, respond] as const,
    );
  const refused = { status: 400, json: { errors: [{ code: 'PAGINATION_NUMBER_INVALID' }] } };
  const html = { headers: { 'Content-Type': 'text/html' }, body: '<!doctype html><p>Sign in' };
  const ends: readonly (readonly [what: string, respond: readonly ScriptedResponse[], findings: readonly string[]])[] =
    [
      ['nothing', [page([])], []],
      ['null', [page(null)], []],
      ['the same page', [page(['a', 'b'])], []],
      ['404', [{ status: 404, json: { errors: [{ code: 'NOT_FOUND' }] } }], []],
      ['204', [{ status: 204 }], []],
      ['400, with and without a size,', [refused, refused], []],
      ['an object without names', [{ json: {} }], ['listing-end-unread']],
      ['an empty body', [{ body: '' }], ['listing-end-unread']],
      ['a web page', [html], ['listing-end-unread']],
    ];
  for (const [what, responds, findings] of ends) {
    it(`is the last one where ${what} comes after it`, async (t) => {
      const server = await useScriptedServer(t);
      server.script({ path: '/v2/_catalog?n=2', respond: page(['a', 'b']) });
      for (const [path, respond] of after('b', ...responds)) server.script({ path, respond });
      const client = useClient(t, server.url, { pageSize: 2, retries: 0 });
      const found = await readListing(client.listRepositories(never));
      assert.deepEqual(found, { entries: ['a', 'b'], findings, repeated: 0 });
    });
  }

  const failures: readonly (readonly [respond: ScriptedResponse, code: RegistryErrorCode])[] = [
    [{ status: 503 }, 'SERVER_FAILED'],
    [{ status: 401 }, 'UNAUTHORIZED'],
    [{ status: 403 }, 'FORBIDDEN'],
    [{ body: `["${'a'.repeat(17 * 1024 * 1024)}"]` }, 'BODY_TOO_LARGE'],
    [{ body: `{"repositories":[${'{},'.repeat(600_000)}{}]}` }, 'INVALID_DOCUMENT'],
  ];
  for (const [respond, code] of failures) {
    it(`is not known to be the last one after ${code}`, async (t) => {
      await rejection(listed(t, ['b', respond]), code);
    });
  }

  const missing: readonly (readonly [what: string, respond: ScriptedResponse, code: RegistryErrorCode])[] = [
    ['404', { status: 404 }, 'NOT_FOUND'],
    ['401', { status: 401 }, 'UNAUTHORIZED'],
    ['403', { status: 403 }, 'FORBIDDEN'],
    ['501', { status: 501 }, 'UNEXPECTED_STATUS'],
    ['an object without names', { json: {} }, 'INVALID_DOCUMENT'],
    ['a web page', html, 'NOT_A_REGISTRY'],
  ];
  for (const [what, respond, code] of missing) {
    it(`is not the last one where another came after it and then ${what}`, async (t) => {
      await rejection(listed(t, ['b', page(['c', 'd'])], ['d', respond]), code);
    });
  }

  it('is the last one of a registry that names next pages', async (t) => {
    const server = await useScriptedServer(t);
    server.script(
      { path: '/v2/_catalog?n=2', respond: page(['a', 'b'], '/v2/_catalog?n=2&last=b') },
      { path: '/v2/_catalog?n=2&last=b', respond: page(['c', 'd']) },
    );
    const found = await readListing(useClient(t, server.url, { pageSize: 2 }).listRepositories(never));
    assert.deepEqual(found, { entries: ['a', 'b', 'c', 'd'], findings: [], repeated: 0 });
  });
});

describe('what stands for nothing', () => {
  const empties: readonly unknown[] = [{ repositories: null }, { repositories: [] }, { repositories: [], extra: 1 }];
  for (const json of empties) {
    it(`of repositories: ${JSON.stringify(json)}`, async (t) => {
      const server = await useScriptedServer(t);
      server.script({ path: first, respond: { json } });
      assert.deepEqual((await readListing(useClient(t, server.url).listRepositories(never))).entries, []);
    });
  }
  for (const json of [{ name: 'team/app', tags: null }, { name: 'team/app', tags: [] }, { name: 'team/app' }]) {
    it(`of tags: ${JSON.stringify(json)}`, async (t) => {
      const server = await useScriptedServer(t);
      server.script({ path: '/v2/team/app/tags/list', respond: { json } });
      assert.deepEqual((await readListing(useClient(t, server.url).listTags(app, never))).entries, []);
    });
  }
});

describe('what stands for something else', () => {
  for (const json of [{}, [], 'repositories', null, { repositories: 'all' }, { errors: [] }, { name: 'x', tags: [] }]) {
    it(`is no empty catalog: ${JSON.stringify(json)}`, async (t) => {
      const server = await useScriptedServer(t);
      server.script({ path: first, times: 3, respond: { json } });
      await rejection(readListing(useClient(t, server.url).listRepositories(never)), 'INVALID_DOCUMENT');
    });
  }
});

test('JSON is JSON whatever it calls itself', async (t) => {
  const server = await useScriptedServer(t);
  const headers = { 'Content-Type': 'text/plain; charset=utf-8' };
  server.script({ path: first, respond: { headers, body: '{"repositories":["a"]}' } });
  assert.deepEqual((await readListing(useClient(t, server.url).listRepositories(never))).entries, ['a']);
});

test('entries that are no names come as they are, and each but once', async (t) => {
  const server = await useScriptedServer(t);
  const odd = ['a', 'a', 7, null, { name: 'b' }, 'UPPER', ''];
  server.script(
    { path: first, respond: page(odd, '/v2/_catalog?last=a') },
    { path: '/v2/_catalog?last=a', respond: page(['a', 'c']) },
  );
  const found = await readListing(useClient(t, server.url).listRepositories(never));
  assert.deepEqual(found, { entries: ['a', 7, null, { name: 'b' }, 'UPPER', '', 'c'], findings: [], repeated: 2 });
});

test('a page of JSON nested ten thousand deep is refused', async (t) => {
  const server = await useScriptedServer(t);
  const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
  server.script({ path: first, respond: { body: `{"repositories":["a"],"extra":${deep}}` } });
  await rejection(readListing(useClient(t, server.url).listRepositories(never)), 'INVALID_DOCUMENT');
  assert.equal(server.requests.length, 1, 'no cut transfer looks so: it is not asked for again');
});

describe('a page that would fill the memory', () => {
  const bodies: Readonly<Record<string, readonly [body: string, code: 'INVALID_DOCUMENT' | 'BODY_TOO_LARGE', RegExp]>> =
    {
      'of three million objects': [`[${'{},'.repeat(3_000_000)}{}]`, 'INVALID_DOCUMENT', /more than 500000 values/],
      'of three million lists': [`[${'[],'.repeat(3_000_000)}[]]`, 'INVALID_DOCUMENT', /more than 500000 values/],
      'of millions of levels': ['['.repeat(5_000_000), 'INVALID_DOCUMENT', /nested too deep/],
      'of 17 MB': [`["${'a'.repeat(17 * 1024 * 1024)}"]`, 'BODY_TOO_LARGE', /more than 16777216 bytes/],
    };
  for (const [name, [body, code, message]] of Object.entries(bodies)) {
    it(`${name} is refused at once`, async (t) => {
      const server = await useScriptedServer(t);
      server.script({ path: '/v2/team/app/tags/list', respond: { body: `{"name":"team/app","tags":${body}}` } });
      const error = await rejection(readListing(useClient(t, server.url).listTags(app, never)), code);
      assert.match(error.message, message);
      assert.equal(server.requests.length, 1);
    });
  }

  it('is neither one of 100,000 tags, nor one of 10,000 of the longest names', async (t) => {
    const server = await useScriptedServer(t);
    const tags = Array.from({ length: 100_000 }, (_, at) => `build-${at}-${'x'.repeat(40)}`);
    const repositories = Array.from({ length: 10_000 }, (_, at) => String(at).padStart(255, 'a'));
    server.script(
      { path: '/v2/team/app/tags/list', respond: { json: { name: 'team/app', tags } } },
      { path: first, respond: { json: { repositories } } },
    );
    const client = useClient(t, server.url);
    assert.equal((await readListing(client.listTags(app, never))).entries.length, 100_000);
    assert.equal((await readListing(client.listRepositories(never))).entries.length, 10_000);
  });
});

test('what is no name makes no progress: pages of nothing else end', async (t) => {
  let asked = 0;
  const server = await useScriptedServer(t, {
    answer: () => {
      asked++;
      const headers = { Link: `</v2/_catalog?nonce=${asked}>; rel="next"` };
      const entries = [asked, { asked }, null, `${asked}${'x'.repeat(300)}`];
      return { status: 200, headers, body: Buffer.from(JSON.stringify({ repositories: entries })) };
    },
  });
  const found = await readListing(useClient(t, server.url).listRepositories(never));
  assert.deepEqual(found.findings, ['listing-repeats']);
  assert.equal(asked, 10);
});

describe('the page size', () => {
  const refusals: Readonly<Record<string, ScriptedResponse>> = {
    'too large for the registry': { status: 400, json: { errors: [{ code: 'PAGINATION_NUMBER_INVALID' }] } },
    'not known to the registry': { status: 405, json: { errors: [{ code: 'UNSUPPORTED' }] } },
    'refused without a word': { status: 400, body: 'bad request' },
  };
  for (const [name, respond] of Object.entries(refusals)) {
    it(`${name} is left out`, async (t) => {
      const server = await useScriptedServer(t);
      server.script(
        { path: first, respond },
        { path: ({ target }) => target === '/v2/_catalog', respond: page(['a'], '/v2/_catalog?last=a&n=100') },
        { path: '/v2/_catalog?last=a&n=100', respond: page(['b']) },
      );
      const found = await readListing(useClient(t, server.url).listRepositories(never));
      assert.deepEqual(found, { entries: ['a', 'b'], findings: ['listing-page-refused'], repeated: 0 });
    });
  }

  it('is the one that settings name', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path: '/v2/_catalog?n=50', respond: page(['a']) });
    await readListing(useClient(t, server.url, { pageSize: 50 }).listRepositories(never));
  });

  it('may be capped by the registry: what its links say is followed', async (t) => {
    const server = await useScriptedServer(t);
    const all = names(0, 175);
    server.script({
      path: /^\/v2\/_catalog\?/,
      times: 4,
      respond: {
        json: {},
        alter: (_, { query }) => {
          const from = query.get('last') === null ? 0 : all.indexOf(query.get('last') ?? '') + 1;
          const part = all.slice(from, from + 50);
          const headers = from + 50 < all.length ? { Link: `<${first}&last=${part.at(-1)}>; rel="next"` } : {};
          return { status: 200, headers, body: Buffer.from(JSON.stringify({ repositories: part })) };
        },
      },
    });
    assert.deepEqual((await readListing(useClient(t, server.url).listRepositories(never))).entries, all);
  });

  it('of 0 is never asked for, whatever a link says: it looks like the end', async (t) => {
    const server = await useScriptedServer(t);
    server.script(
      { path: first, respond: page(['a'], '/v2/_catalog?n=0&last=a') },
      { path: '/v2/_catalog?last=a', respond: page(['b']) },
    );
    assert.deepEqual((await readListing(useClient(t, server.url).listRepositories(never))).entries, ['a', 'b']);
  });

  it('that a link names, and the registry refuses, is left out from then on', async (t) => {
    const server = await useScriptedServer(t);
    const refused = { status: 400, json: { errors: [{ code: 'PAGINATION_NUMBER_INVALID' }] } };
    server.script(
      { path: first, respond: page(['a'], '/v2/_catalog?n=999&last=a') },
      { path: '/v2/_catalog?n=999&last=a', respond: refused },
      { path: '/v2/_catalog?last=a', respond: page(['b'], '/v2/_catalog?n=999&last=b') },
      { path: '/v2/_catalog?last=b', respond: page(['c'], '/v2/_catalog?n=999&last=c') },
      { path: '/v2/_catalog?last=c', respond: page(['d']) },
    );
    const found = await readListing(useClient(t, server.url).listRepositories(never));
    assert.deepEqual(found, { entries: ['a', 'b', 'c', 'd'], findings: ['listing-page-refused'], repeated: 0 });
  });

  it('that is not the reason for a refusal does not hide it', async (t) => {
    const server = await useScriptedServer(t);
    server.script(
      { path: first, respond: page(['a'], '/v2/_catalog?n=1000&last=a') },
      { path: '/v2/_catalog?n=1000&last=a', respond: { status: 400 } },
      { path: '/v2/_catalog?last=a', respond: { status: 400 } },
    );
    await rejection(readListing(useClient(t, server.url).listRepositories(never)), 'UNEXPECTED_STATUS');
  });

  it('is left out of the tags of a registry whose links name one that it refuses', async (t) => {
    const server = await useScriptedServer(t);
    const path = '/v2/team/app/tags/list';
    const next = (link: string) => ({ Link: `<${path}${link}>; rel="next"` });
    server.script(
      {
        path: ({ target }) => target === path,
        respond: { json: { name: 'team/app', tags: ['1'] }, headers: next('?n=999&last=1') },
      },
      { path: `${path}?n=999&last=1`, respond: { status: 400 } },
      { path: `${path}?last=1`, respond: { json: { name: 'team/app', tags: ['2'] } } },
    );
    assert.deepEqual((await readListing(useClient(t, server.url).listTags(app, never))).entries, ['1', '2']);
  });
});

describe('links', () => {
  it('to another host are followed on ours, with a finding, and nothing is sent to the other', async (t) => {
    const server = await useScriptedServer(t);
    const internal = await useScriptedServer(t);
    server.script(
      { path: first, respond: page(['a'], `${internal.url}/v2/_catalog?last=a`) },
      { path: '/v2/_catalog?last=a', respond: page(['b'], `${internal.url}/v2/_catalog?last=b`) },
      { path: '/v2/_catalog?last=b', respond: page(['c']) },
    );
    const found = await readListing(useClient(t, server.url).listRepositories(never));
    assert.deepEqual(found, { entries: ['a', 'b', 'c'], findings: ['listing-reanchored'], repeated: 0 });
    assert.equal(internal.requests.length, 0);
  });

  it('lead beneath the path that the registry has at its proxy', async (t) => {
    const server = await useScriptedServer(t);
    server.script(
      { path: '/docker/v2/_catalog?n=1000', respond: page(['a'], '/v2/_catalog?last=a') },
      { path: '/docker/v2/_catalog?last=a', respond: page(['b']) },
    );
    const found = await readListing(useClient(t, `${server.url}/docker`).listRepositories(never));
    assert.deepEqual(found.entries, ['a', 'b']);
  });

  it('are followed as they are written, un-encoded or not', async (t) => {
    const server = await useScriptedServer(t);
    server.script(
      { path: first, respond: page(['team/a b'], '/v2/_catalog?last=team/a b&n=1000') },
      { path: '/v2/_catalog?last=team/a%20b&n=1000', respond: page(['c'], '/v2/_catalog?last=c%2Fd') },
      { path: '/v2/_catalog?last=c%2Fd', respond: page(['e']) },
    );
    assert.deepEqual((await readListing(useClient(t, server.url).listRepositories(never))).entries, [
      'team/a b',
      'c',
      'e',
    ]);
  });

  const unreadable: readonly string[] = ['<http://[>; rel="next"', '</v2/_catalog?last=a; rel="next"'];
  for (const link of unreadable) {
    it(`that cannot be read make the list incomplete: ${link}`, async (t) => {
      const server = await useScriptedServer(t);
      server.script({ path: first, respond: { json: { repositories: ['a'] }, headers: { Link: link } } });
      const [only] = await readPages(useClient(t, server.url).listRepositories(never));
      assert.deepEqual(only?.findings, [{ code: 'listing-link-unreadable', incomplete: true }]);
    });
  }
});

describe('a list without end', () => {
  it('that leads back to its first page', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path: first, respond: page(['a'], first) });
    const found = await readListing(useClient(t, server.url).listRepositories(never));
    assert.deepEqual(found, { entries: ['a'], findings: ['listing-loop'], repeated: 0 });
  });

  it('whose first page repeats, because a cache dropped the query', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path: /^\/v2\/_catalog/, times: 2, respond: page(names(0, 100), '/v2/_catalog?last=r99&n=100') });
    const found = await readListing(useClient(t, server.url).listRepositories(never));
    assert.deepEqual(found.findings, ['listing-loop']);
    assert.equal(found.entries.length, 100);
    assert.equal(found.repeated, 100);
  });

  it('that goes round in a larger circle', async (t) => {
    const server = await useScriptedServer(t);
    server.script(
      { path: first, respond: page(['a'], '/v2/_catalog?last=a') },
      { path: '/v2/_catalog?last=a', respond: page(['b'], '/v2/_catalog?last=b') },
      { path: '/v2/_catalog?last=b', respond: page(['c'], '/v2/_catalog?last=a') },
    );
    assert.deepEqual((await readListing(useClient(t, server.url).listRepositories(never))).findings, ['listing-loop']);
  });

  it('whose pages are new and their names are not', async (t) => {
    let asked = 0;
    const server = await useScriptedServer(t, {
      answer: () => {
        asked++;
        const headers = { Link: `</v2/_catalog?nonce=${asked}>; rel="next"` };
        return { status: 200, headers, body: Buffer.from('{"repositories":["a","b"]}') };
      },
    });
    const found = await readListing(useClient(t, server.url).listRepositories(never));
    assert.deepEqual(found.entries, ['a', 'b']);
    assert.deepEqual(found.findings, ['listing-repeats']);
    assert.ok(asked <= 12);
  });

  it('whose pages are new and empty: a few are skipped over, many are not', async (t) => {
    let asked = 0;
    const server = await useScriptedServer(t, {
      answer: () => {
        asked++;
        const headers = asked < 8 ? { Link: `</v2/_catalog?nonce=${asked}>; rel="next"` } : {};
        return {
          status: 200,
          headers,
          body: Buffer.from(asked < 8 ? '{"repositories":[]}' : '{"repositories":["z"]}'),
        };
      },
    });
    const found = await readListing(useClient(t, server.url).listRepositories(never));
    assert.deepEqual(found, { entries: ['z'], findings: [], repeated: 0 });
  });

  it('of fresh names ends with the time that a list has as a whole', async (t) => {
    let asked = 0;
    const server = await useScriptedServer(t, {
      answer: () => {
        asked++;
        const headers = { Link: `</v2/_catalog?last=${asked}>; rel="next"` };
        return { status: 200, headers, body: Buffer.from(JSON.stringify({ repositories: [`r${asked}`] })) };
      },
    });
    const pages = useClient(t, server.url, { listingTimeoutMs: 200 }).listRepositories(never);
    const error = await rejection(readListing(pages), 'TIMED_OUT');
    assert.match(error.message, /the list was not complete within 0.2 s/);
    assert.match(error.hint, /listingTimeoutSeconds/);
    assert.ok(asked > 1);
  });
});

test('a page that stalls does not take more than the list as a whole, however often it is tried', async (t) => {
  const server = await useScriptedServer(t, { answer: () => ({ status: 200, headers: {}, body: Buffer.from('') }) });
  server.script({ path: first, times: 'always', respond: { status: 200, stall: 'before-headers' } });
  const started = performance.now();
  await rejection(
    readListing(useClient(t, server.url, { listingTimeoutMs: 100 }).listRepositories(never)),
    'TIMED_OUT',
  );
  assert.ok(performance.now() - started < 2000);
});

test('the catalog has its own time-out, and tags have the usual one', async (t) => {
  const server = await useScriptedServer(t);
  const late = new Promise((resolve) => setTimeout(resolve, 150));
  server.script(
    { path: first, respond: { ...page(['a']), after: late } },
    { path: '/v2/team/app/tags/list', times: 3, respond: { status: 200, stall: 'before-headers' } },
  );
  const client = useClient(t, server.url, { timeoutMs: 50, listingTimeoutMs: 5000 });
  assert.deepEqual((await readListing(client.listRepositories(never))).entries, ['a']);
  await rejection(readListing(client.listTags(app, never)), 'TIMED_OUT');
});

test('what was read before a page failed stays true', async (t) => {
  const server = await useScriptedServer(t);
  server.script(
    { path: first, respond: page(['a', 'b'], '/v2/_catalog?last=b') },
    { path: '/v2/_catalog?last=b', times: 5, respond: { status: 500 } },
  );
  const seen: unknown[] = [];
  const read = async () => {
    for await (const { entries } of useClient(t, server.url).listRepositories(never)) seen.push(...entries);
  };
  await rejection(read(), 'SERVER_FAILED');
  assert.deepEqual(seen, ['a', 'b']);
});

test('one page of 20,000 tags is read at once', async (t) => {
  const server = await useScriptedServer(t);
  const tags = Array.from({ length: 20_000 }, (_, at) => `build-${at}`);
  server.script({ path: '/v2/team/app/tags/list', respond: { json: { name: 'team/app', tags } } });
  const started = performance.now();
  assert.equal((await readListing(useClient(t, server.url).listTags(app, never))).entries.length, 20_000);
  assert.ok(performance.now() - started < 2000);
});
