import { once } from 'node:events';
import { request as ask, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { freePort, until } from '@framebus/test';
import t from 'tap';
import {
  call,
  gatewayBefore,
  gatewayWith,
  kongFile,
  llmKey,
  messageOf,
  startGateway,
  textOf,
  told,
  Upstream,
} from './kit.js';

t.test('a proxied answer keeps status, body and headers, and says who passed it on', async (t) => {
  await using upstream = await Upstream.start((_request, response) => {
    response.writeHead(418, 'Teapot', [
      ...['Server', 'kettle/1', 'Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-Private', 'x'],
      ...['Via', '1.0 other', 'Connection', 'X-Private', 'Keep-Alive', 'timeout=99'],
    ]);
    response.end('tea');
  });
  await using gateway = await gatewayBefore(upstream);
  const { status, headers, text } = await call(gateway, '/healthz');
  t.equal(status, 418);
  t.equal(text, 'tea');
  t.equal(headers.server, 'kettle/1');
  t.strictSame(headers['set-cookie'], ['a=1', 'b=2']);
  t.equal(headers.via, '1.0 other, 1.1 kong/3.9.3');
  t.equal(headers['x-private'], undefined, 'named by Connection');
  t.notMatch(headers['keep-alive'], '99');
  t.match(headers['x-kong-upstream-latency'], /^\d+$/);
  t.match(headers['x-kong-proxy-latency'], /^\d+$/);
  t.match(headers['x-kong-request-id'], /^[0-9a-f]{32}$/);
  t.equal(headers['x-kong-response-latency'], undefined);
});

t.test('the upstream learns what was asked, and no header of the connection', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayBefore(upstream);
  const reply = await call(gateway, '/v2/chat/completions?a=1', {
    headers: {
      apikey: llmKey,
      Host: 'Framebus.example:8000',
      'X-Forwarded-For': '10.0.0.1',
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Host': 'lie',
      'X-Forwarded-Prefix': '/lie',
      'X-Real-IP': '10.0.0.1',
      Connection: 'close, X-Private',
      'X-Private': 'x',
      TE: 'trailers',
      'X-Other': 'stays',
    },
  });
  const { headers } = told(reply);
  t.match(headers, {
    host: `127.0.0.1:${upstream.port}`,
    'x-forwarded-for': '10.0.0.1, 127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': 'framebus.example',
    'x-forwarded-port': String(gateway.port),
    'x-forwarded-path': '/v2/chat/completions',
    'x-forwarded-prefix': '/v2/chat/completions',
    'x-real-ip': '127.0.0.1',
    'x-kong-request-id': reply.headers['x-kong-request-id'],
    via: '1.1 kong/3.9.3',
    'x-other': 'stays',
    connection: 'keep-alive',
  });
  t.equal(headers['x-private'], undefined);
  t.equal(headers.te, undefined);
});

t.test('a body goes through as it is, and so does none', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayBefore(upstream);
  const post = { method: 'POST', headers: { apikey: llmKey } };
  const full = told(await call(gateway, '/v1/chat/completions', { ...post, body: '{"é":1}' }));
  t.equal(full.body, '{"é":1}');
  t.equal(full.headers['content-length'], '8');
  const empty = told(await call(gateway, '/v1/chat/completions', post));
  t.equal(empty.headers['transfer-encoding'], undefined);
  const free = told(await call(gateway, '/healthz', { method: 'PUT', body: ['a', 'b'] }));
  t.equal(free.body, 'ab', 'chunked, on a route with no limit');
  t.equal(free.headers['transfer-encoding'], 'chunked');
});

t.test('server-sent events arrive one by one, as the upstream writes them', async (t) => {
  const gapMs = 80;
  await using upstream = await Upstream.start(async (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
    for (let i = 0; i < 4; i++) {
      await new Promise((resolve) => setTimeout(resolve, gapMs));
      response.write(`data: ${i}\n\n`);
    }
    response.end();
  });
  await using gateway = await gatewayBefore(upstream);
  for (const path of ['/v1/chat/completions', '/v2/chat/completions']) {
    const request = ask({
      host: '127.0.0.1',
      port: gateway.port,
      path,
      method: 'POST',
      headers: { apikey: llmKey },
    });
    request.end('{"stream":true}');
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const times = [performance.now()];
    let text = '';
    for await (const chunk of response) {
      text += chunk;
      times.push(performance.now());
    }
    t.equal(text, 'data: 0\n\ndata: 1\n\ndata: 2\n\ndata: 3\n\n');
    t.equal(times.length, 5, 'the headers and four events, each by itself');
    const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    t.ok(
      gaps.every((gap) => gap > gapMs / 2),
      `gaps of ${gaps.map(Math.round)} ms`,
    );
  }
});

t.test('a client that goes away ends the request at the upstream', async () => {
  const closed: string[] = [];
  await using upstream = await Upstream.start((request, response) => {
    response.on('close', () => closed.push(request.url ?? ''));
    if (request.url === '/v1/models') response.write('data: 0\n\n');
  });
  await using gateway = await gatewayBefore(upstream);
  const open = (path: string) => {
    const request = ask({
      host: '127.0.0.1',
      port: gateway.port,
      path,
      headers: { apikey: llmKey },
    });
    request.on('error', () => undefined).end();
    return request;
  };
  const streaming = open('/v1/models');
  await once(streaming, 'response');
  streaming.destroy();
  await until('the stream is ended', () => closed.includes('/v1/models'));
  const waiting = open('/v1/models/silent');
  await until('the request is there', () => upstream.requests.length === 2);
  waiting.destroy();
  await until('the waiting request is ended', () => closed.includes('/v1/models/silent'));
});

t.test('an upstream that breaks off mid-answer breaks off the answer', async (t) => {
  await using upstream = await Upstream.start((_request, response) => {
    response.write('half');
    setTimeout(() => response.destroy(), 50);
  });
  await using gateway = await gatewayBefore(upstream);
  const request = ask({ host: '127.0.0.1', port: gateway.port, path: '/healthz' });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  await t.rejects(textOf(response), { code: 'ECONNRESET' });
});

const unreachable = 'An invalid response was received from the upstream server';

t.test('an upstream that refuses connections gives 502', async (t) => {
  await using gateway = await startGateway({
    UPSTREAMS: `ingest=http://127.0.0.1:${await freePort()}`,
  });
  const accept = { headers: { Accept: '*/*' } };
  const { status, headers, text } = await call(gateway, '/api/v1/video/health', accept);
  t.equal(status, 502);
  t.equal(JSON.parse(text).message, unreachable);
  t.equal(headers.server, 'kong/3.9.3');
  t.equal(headers.via, '1.1 kong/3.9.3');
  t.match(headers['x-kong-upstream-latency'], /^\d+$/);
  t.equal(headers['access-control-allow-origin'], '*');
  t.match(headers['x-request-id'], /./);
});

t.test('such an error is plain text for a client that accepts nothing in particular', async (t) => {
  await using gateway = await startGateway({
    UPSTREAMS: `ingest=http://127.0.0.1:${await freePort()}`,
  });
  const { headers, text } = await call(gateway, '/api/v1/video/health');
  t.equal(headers['content-type'], 'text/plain; charset=utf-8');
  t.equal(text, `${unreachable}\nrequest_id: ${headers['x-kong-request-id']}\n`);
  const typed = await call(gateway, '/api/v1/video/health', {
    headers: { 'Content-Type': 'application/xml' },
  });
  t.equal(typed.headers['content-type'], 'application/xml; charset=utf-8');
});

t.test('an upstream that resets, or that speaks no HTTP, gives 502', async (t) => {
  for (const behave of ['reset', 'nonsense'] as const) {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () =>
        behave === 'reset' ? socket.resetAndDestroy() : socket.end('?!\n'),
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await using gateway = await startGateway({ UPSTREAMS: `ingest=http://127.0.0.1:${port}` });
    t.equal((await call(gateway, '/api/v1/video/health')).status, 502, behave);
    server.close();
  }
});

t.test('an upstream whose name does not resolve gives 503', async (t) => {
  await using gateway = await startGateway({ UPSTREAMS: 'ingest=http://no-such-host.invalid' });
  const { status, headers, text } = await call(gateway, '/api/v1/video/health');
  t.equal(status, 503);
  t.equal(JSON.parse(text).message, 'name resolution failed');
  t.match(headers['x-kong-response-latency'], /^\d+$/);
  t.equal(headers.via, undefined);
});

t.test('an upstream that is silent for longer than read_timeout gives 504', async (t) => {
  await using upstream = await Upstream.start(() => undefined);
  await using gateway = await gatewayWith(upstream, []);
  const startedAt = performance.now();
  const reply = await call(gateway, '/', { headers: { Accept: 'application/json' } });
  t.equal(reply.status, 504);
  t.equal(messageOf(reply), 'The upstream server is timing out');
  const tookMs = performance.now() - startedAt;
  t.ok(tookMs > 280 && tookMs < 2_000, `after ${Math.round(tookMs)} ms`);
});

t.test('an answer may take longer than read_timeout as long as it goes on', async (t) => {
  await using upstream = await Upstream.start(async (_request, response) => {
    for (let i = 0; i < 5; i++) {
      response.write('.');
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    response.end();
  });
  await using gateway = await gatewayWith(upstream, []);
  t.equal((await call(gateway, '/')).text, '.....');
});

t.test('a dropped connection of a pool is no error for the next request', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayWith(upstream, []);
  for (let i = 0; i < 3; i++) {
    t.equal((await call(gateway, '/', { method: 'POST', body: 'a' })).status, 200);
    upstream.server.closeIdleConnections();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

t.test('host and path can be kept', async (t) => {
  await using upstream = await Upstream.start();
  await using file = await kongFile(`
_format_version: "3.0"
services:
  - name: based
    url: ${upstream.url}/base
    retries: 0
    routes:
      - { name: kept, paths: [/kept], strip_path: false, preserve_host: true }
      - { name: stripped, paths: [/stripped], methods: [GET] }
`);
  await using gateway = await startGateway({ KONG_CONFIG: file.path });
  const kept = told(await call(gateway, '/kept/a', { headers: { Host: 'own.example' } }));
  t.equal(kept.url, '/base/kept/a');
  t.equal(kept.headers.host, 'own.example');
  t.equal(told(await call(gateway, '/stripped/a')).url, '/base/a');
  t.equal(told(await call(gateway, '/stripped')).url, '/base');
  t.equal((await call(gateway, '/stripped', { method: 'POST' })).status, 404);
});
