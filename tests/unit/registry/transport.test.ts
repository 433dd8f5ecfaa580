/** One request, one answer, over real sockets: bounds, time-outs, redirects. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createTransport, type TransportOptions, type TransportRequest } from '../../../src/registry/transport.ts';
import { never, rejection } from '../../support/use-client.ts';
import { useScriptedServer } from '../../support/use-server.ts';

function useTransport(t: TestContext, url: string, options: Partial<TransportOptions> = {}) {
  const transport = createTransport({
    registry: new URL(url),
    userAgent: 'registry-homepage/1.0.0 (+https://images.example/)',
    connections: 4,
    followRedirects: true,
    ...options,
  });
  t.after(() => transport.close());
  const send = (path: string, over: Partial<TransportRequest> = {}) =>
    transport.send({ method: 'GET', url: new URL(path, url), maxBytes: 1000, timeoutMs: 5000, ...over }, never);
  return { transport, send };
}

/** A server that writes these bytes on each connection, whatever it is asked. */
async function useRawServer(t: TestContext, bytes: string, onSocket?: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(bytes);
      if (onSocket) onSocket(socket);
      else socket.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('says who asks, and takes nothing compressed', async (t) => {
  const server = await useScriptedServer(t);
  server.script({ path: '/v2/', respond: { json: {} } });
  const { send, transport } = useTransport(t, server.url);
  const response = await send('/v2/', { headers: { accept: 'application/json' } });
  assert.equal(response.status, 200);
  assert.equal(Buffer.from(response.bytes).toString(), '{}');
  assert.equal(transport.receivedBytes, 2);
  const { headers } = server.requests[0] ?? assert.fail();
  assert.equal(headers['user-agent'], 'registry-homepage/1.0.0 (+https://images.example/)');
  assert.equal(headers['accept-encoding'], 'identity');
  assert.equal(headers.accept, 'application/json');
});

test('joins what stands in several headers of one name', async (t) => {
  const server = await useScriptedServer(t);
  server.script({ path: '/', respond: { headers: { Link: ['<a>; rel=first', '<b>; rel=next'] } } });
  const { send } = useTransport(t, server.url);
  assert.equal((await send('/')).headers.get('link'), '<a>; rel=first, <b>; rel=next');
});

test('keeps the connection after HEAD, and after 304', async (t) => {
  let connections = 0;
  const server = createHttpServer((request, response) => {
    response.writeHead(request.headers['if-none-match'] ? 304 : 200, { ETag: '"x"' });
    response.end();
  });
  server.on('connection', () => {
    connections++;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { send } = useTransport(t, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, { connections: 1 });
  for (let round = 0; round < 3; round++) {
    await send('/', { method: 'HEAD', maxBytes: 0 });
    await send('/', { headers: { 'if-none-match': '"x"' } });
  }
  assert.equal(connections, 1);
});

describe('bounds', () => {
  it('a body of just the bound is read', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path: '/', respond: { body: 'x'.repeat(1000) } });
    assert.equal((await useTransport(t, server.url).send('/')).bytes.length, 1000);
  });

  const overlong: Readonly<Record<string, object>> = {
    'that says so': {},
    'that does not say so': { 'Transfer-Encoding': 'chunked' },
  };
  for (const [name, headers] of Object.entries(overlong)) {
    it(`a longer body ${name} fails, and is not read to its end`, async (t) => {
      const server = await useScriptedServer(t);
      let sent = 0;
      function* chunks() {
        for (let at = 0; at < 200; at++) {
          sent += 1_048_576;
          yield Buffer.alloc(1_048_576);
        }
      }
      const body = { sizeBytes: 200 * 1_048_576, chunks };
      server.script({ path: '/', respond: { headers: headers as Record<string, string>, body } });
      const { send, transport } = useTransport(t, server.url);
      const before = process.memoryUsage().arrayBuffers;
      const error = await rejection(send('/', { maxBytes: 4_194_304 }), 'BODY_TOO_LARGE');
      assert.match(error.message, /more than 4194304 bytes/);
      assert.ok(process.memoryUsage().arrayBuffers - before < 50_000_000);
      await transport.close();
      assert.ok(sent < 100 * 1_048_576, `${sent} bytes were sent`);
    });
  }

  it('headers without end fail', async (t) => {
    const url = await useRawServer(t, `HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`);
    await rejection(useTransport(t, url).send('/'), 'BODY_TOO_LARGE');
  });

  it('a HEAD may announce as much as it likes', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path: '/', respond: { headers: { 'Content-Length': '9999999999' } } });
    assert.equal((await useTransport(t, server.url).send('/', { method: 'HEAD', maxBytes: 0 })).status, 200);
  });
});

describe('time-outs', () => {
  for (const stall of ['before-headers', 'after-headers', { afterBytes: 3 }] as const) {
    it(`a stall ${JSON.stringify(stall)} ends`, async (t) => {
      const server = await useScriptedServer(t);
      server.script({ path: '/', respond: { body: 'abcdef', stall } });
      const error = await rejection(useTransport(t, server.url).send('/', { timeoutMs: 50 }), 'TIMED_OUT');
      assert.match(error.message, /no complete answer within 0.05 s/);
    });
  }

  it('a body that trickles does not live for ever', async (t) => {
    const url = await useRawServer(t, 'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n', (socket) => {
      const timer = setInterval(() => socket.write('x'), 5);
      socket.on('close', () => clearInterval(timer));
    });
    await rejection(useTransport(t, url).send('/', { timeoutMs: 100, maxBytes: 200_000 }), 'TIMED_OUT');
  });

  it('redirects do not begin the time anew', async (t) => {
    const server = await useScriptedServer(t);
    server.script(
      { path: '/a', respond: { status: 307, headers: { Location: '/b' } } },
      { path: '/b', respond: { status: 200, stall: 'before-headers' } },
    );
    await rejection(useTransport(t, server.url).send('/a', { timeoutMs: 100 }), 'TIMED_OUT');
  });

  it('a run that ends cuts a request short, and one that has ended begins none', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path: '/', respond: { status: 200, stall: 'before-headers' } });
    const { transport } = useTransport(t, server.url);
    const controller = new AbortController();
    const request = { method: 'GET', url: new URL(server.url), maxBytes: 1, timeoutMs: 60_000 } as const;
    const sent = transport.send(request, controller.signal);
    await server.received(() => true);
    controller.abort(new Error('the deadline'));
    await assert.rejects(sent, /the deadline/);
    await assert.rejects(transport.send(request, controller.signal), /the deadline/);
    assert.equal(server.requests.length, 1);
  });
});

describe('connections that fail', () => {
  it('nobody listens', async (t) => {
    const server = await useScriptedServer(t);
    const { url } = server;
    await server.close();
    const error = await rejection(useTransport(t, url).send('/'), 'UNREACHABLE');
    assert.match(error.message, /nothing listens there/);
    assert.match(error.hint, /running/);
  });

  it('the name is not known', async (t) => {
    const { send } = useTransport(t, 'http://registry.invalid');
    assert.match((await rejection(send('/'), 'UNREACHABLE')).message, /host name/);
  });

  for (const cut of ['before-headers', 'after-headers', { afterBytes: 3 }] as const) {
    it(`a connection cut ${JSON.stringify(cut)}`, async (t) => {
      const server = await useScriptedServer(t);
      server.script({ path: '/', respond: { body: 'abcdef', cut } });
      await rejection(useTransport(t, server.url).send('/'), 'CONNECTION_LOST');
    });
  }

  const strange: Readonly<Record<string, string>> = {
    'another protocol': 'SSH-2.0-OpenSSH_9.2p1\r\n',
    'a body with a broken chunk': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    'a length that is no number': 'HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nabcd',
  };
  for (const [name, bytes] of Object.entries(strange)) {
    it(`${name} is not HTTP`, async (t) => {
      const url = await useRawServer(t, bytes);
      await rejection(useTransport(t, url).send('/'), 'NOT_A_REGISTRY');
    });
  }

  it('https where only http is spoken', async (t) => {
    const server = await useScriptedServer(t);
    const url = server.url.replace('http:', 'https:');
    const error = await rejection(useTransport(t, url).send('/'), 'TLS_FAILED');
    assert.match(error.hint, /http:\/\//);
  });
});

/** An https server with a certificate of its own; `isTrusted`: this process takes it for good. */
async function useTlsServer(t: TestContext, isTrusted: boolean, location: string): Promise<string> {
  const pem = await readFile(join(import.meta.dirname, '../../fixtures/registry/localhost.pem'), 'utf8');
  const server = createTlsServer({ key: pem, cert: pem }, (_, response) => {
    response.writeHead(307, { Location: location });
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  if (isTrusted) {
    const before = getCACertificates();
    setDefaultCACertificates([...before, pem]);
    t.after(() => setDefaultCACertificates(before));
  }
  t.after(() => server.close());
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('TLS', () => {
  it('a certificate that nobody vouches for', async (t) => {
    const url = await useTlsServer(t, false, '/');
    const error = await rejection(useTransport(t, url).send('/'), 'TLS_FAILED');
    assert.match(error.hint, /NODE_EXTRA_CA_CERTS/);
  });

  it('a redirect from https to http is not followed', async (t) => {
    const server = await useScriptedServer(t);
    const url = await useTlsServer(t, true, `${server.url}/blob`);
    const error = await rejection(useTransport(t, url).send('/'), 'REDIRECT_REFUSED');
    assert.match(error.message, /from https to http/);
  });
});

describe('redirects', () => {
  for (const status of [301, 302, 303, 307, 308]) {
    it(`${status} to another host is followed without credentials, and with everything else`, async (t) => {
      const server = await useScriptedServer(t);
      const cdn = await useScriptedServer(t);
      server.script({ path: '/a', respond: { status, headers: { Location: `${cdn.url}/b?signature=s` } } });
      cdn.script({ path: '/b?signature=s', respond: { body: 'blob' } });
      const { send } = useTransport(t, server.url);
      const response = await send('/a', { headers: { authorization: 'Bearer secret', accept: 'x/y' } });
      assert.equal(Buffer.from(response.bytes).toString(), 'blob');
      assert.equal(response.url.href, `${cdn.url}/b?signature=s`);
      assert.equal(cdn.requests[0]?.headers.authorization, undefined);
      assert.equal(cdn.requests[0]?.headers.accept, 'x/y');
      assert.equal(server.requests[0]?.headers.authorization, 'Bearer secret');
    });
  }

  it('on the same host keep them, and do not bring them back from another', async (t) => {
    const server = await useScriptedServer(t);
    const cdn = await useScriptedServer(t);
    server.script(
      { path: '/a', respond: { status: 307, headers: { Location: '/b' } } },
      { path: '/b', respond: { status: 307, headers: { Location: `${cdn.url}/c` } } },
      { path: '/d', respond: { body: 'done' } },
    );
    cdn.script({ path: '/c', respond: { status: 307, headers: { Location: `${server.url}/d` } } });
    const { send } = useTransport(t, server.url);
    await send('/a', { headers: { authorization: 'Bearer secret' } });
    const sent = server.requests.map(({ headers }) => headers.authorization);
    assert.deepEqual(sent, ['Bearer secret', 'Bearer secret', undefined]);
  });

  it('five are followed, six are not', async (t) => {
    const server = await useScriptedServer(t, {
      answer: ({ path }) => {
        const left = Number(path.slice(1));
        return { status: left > 0 ? 302 : 200, headers: { Location: `/${left - 1}` }, body: Buffer.from('') };
      },
    });
    const { send } = useTransport(t, server.url);
    assert.equal((await send('/5')).status, 200);
    assert.match((await rejection(send('/6'), 'REDIRECT_REFUSED')).message, /more than 5 redirects/);
  });

  it('to nowhere are refused', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path: '/', respond: { status: 302, headers: { Location: 'http://[' } } });
    await rejection(useTransport(t, server.url).send('/'), 'REDIRECT_REFUSED');
  });

  it('without an address are an answer like any other', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path: '/', respond: { status: 302 } });
    assert.equal((await useTransport(t, server.url).send('/')).status, 302);
  });

  it('with a body of their own do not confuse the next answer', async (t) => {
    const server = await useScriptedServer(t);
    server.script(
      { path: '/a', respond: { status: 302, headers: { Location: '/b' }, body: '<a href="/b">Found</a>' } },
      { path: '/b', respond: { body: 'blob' } },
    );
    const { send } = useTransport(t, server.url, { connections: 1 });
    assert.equal(Buffer.from((await send('/a')).bytes).toString(), 'blob');
  });

  it('to another host are refused where settings say so, and those on the same host are not', async (t) => {
    const server = await useScriptedServer(t);
    const cdn = await useScriptedServer(t);
    server.script(
      { path: '/a', respond: { status: 302, headers: { Location: cdn.url } } },
      { path: '/b', respond: { status: 302, headers: { Location: '/c' } } },
      { path: '/c', respond: { body: 'done' } },
    );
    const { send } = useTransport(t, server.url, { followRedirects: false });
    await rejection(send('/a'), 'REDIRECT_REFUSED');
    assert.equal((await send('/b')).status, 200);
    assert.equal(cdn.requests.length, 0);
  });

  it('lead only to the hosts that settings name', async (t) => {
    const server = await useScriptedServer(t);
    const cdn = await useScriptedServer(t);
    const { host } = new URL(cdn.url);
    server.script({ path: '/a', times: 2, respond: { status: 302, headers: { Location: `${cdn.url}/b` } } });
    cdn.script({ path: '/b', respond: { body: 'blob' } });
    assert.equal((await useTransport(t, server.url, { redirectHosts: [host] }).send('/a')).status, 200);
    await rejection(useTransport(t, server.url, { redirectHosts: ['cdn.example'] }).send('/a'), 'REDIRECT_REFUSED');
  });

  it('to the metadata service are refused', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path: '/a', respond: { status: 302, headers: { Location: 'http://169.254.169.254/latest' } } });
    await rejection(useTransport(t, server.url).send('/a'), 'REDIRECT_REFUSED');
  });
});
