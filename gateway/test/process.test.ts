import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { request as ask } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, startService, until } from '@framebus/test';
import t from 'tap';
import { WebSocket } from 'ws';
import {
  call,
  gatewayBefore,
  kongFile,
  llmKey,
  startGateway,
  textOf,
  told,
  Upstream,
  videoKey,
} from './kit.js';

t.test('the process says when it is ready, serves, and stops on SIGTERM', async (t) => {
  await using upstream = await Upstream.start();
  const port = await freePort();
  await using gateway = await startService('gateway', {
    PROXY_PORT: String(port),
    ADMIN_PORT: '0',
    UPSTREAMS: `ingest=${upstream.url}`,
    LOG_LEVEL: 'debug',
  });
  await until('ready', () => gateway.output.includes('"msg":"ready"'));
  const ready = JSON.parse(gateway.output.split('\n').find((line) => line.includes('ready')) ?? '');
  t.match(ready, { level: 30, http: `http://127.0.0.1:${port}`, service: 'gateway' });
  t.equal((await call({ port }, `/api/v1/video/sessions?apikey=${videoKey}`)).status, 200);
  await call({ port }, '/api/v1/video/sessions', { headers: { apikey: 'wrong-key' } });
  await until('both are logged', () => gateway.output.match(/"msg":"request"/g)?.length === 2);
  await gateway.stop();
  t.equal(gateway.process.exitCode, 0);
  t.notMatch(gateway.output, videoKey, 'keys are not logged');
  t.notMatch(gateway.output, 'wrong-key');
});

const wrong = [
  { env: { UPSTREAMS: 'ingest' }, says: 'UPSTREAMS is "ingest": expected pairs name=http://' },
  {
    env: { UPSTREAMS: 'other=http://a' },
    says: "UPSTREAMS names other: the file's services are ingest, fanout, llm, vllm",
  },
  { env: { VIDEO_API_KEY: 'a b' }, says: 'VIDEO_API_KEY has a value that does not fit' },
  { env: { VIDEO_API_KEY: 'same', LLM_API_KEY: 'same' }, says: 'a key is given twice' },
  { env: { KONG_CONFIG: '/no/such/kong.yml' }, says: 'KONG_CONFIG: ENOENT' },
  { env: { PROXY_TLS_PORT: '1' }, says: 'TLS_CERT is not set' },
];
for (const { env, says } of wrong) {
  t.test(`${Object.entries(env).join(' ')} is refused with words`, async (t) => {
    await using gateway = await startService('gateway', {
      ...env,
      PROXY_PORT: '0',
      ADMIN_PORT: '0',
    });
    await until('the process ends', () => !gateway.running);
    t.equal(gateway.process.exitCode, 2);
    t.match(gateway.output, says);
  });
}

t.test('a file with something unknown keeps the process from starting', async (t) => {
  await using file = await kongFile('_format_version: "3.0"\nplugins: [{ name: oauth2 }]\n');
  await using gateway = await startService('gateway', { KONG_CONFIG: file.path, PROXY_PORT: '0' });
  await until('the process ends', () => !gateway.running);
  t.equal(gateway.process.exitCode, 2);
  t.match(gateway.output, `${file.path}:2 plugins[0].name: unknown plugin; known here: `);
});

t.test('a key cannot be replaced in a file that does not have it', async (t) => {
  await using file = await kongFile('_format_version: "3.0"\n');
  await t.rejects(startGateway({ KONG_CONFIG: file.path, LLM_API_KEY: 'new' }), {
    code: 'CONFIG_INVALID',
    message: 'LLM_API_KEY is set, but the file has no llm-api-key-001 to replace',
  });
});

t.test('the admin API shows routes and services, read-only, and no keys', async (t) => {
  await using upstream = await Upstream.start();
  const port = await freePort();
  await using _gateway = await startGateway({
    ADMIN_PORT: String(port),
    UPSTREAMS: `llm=${upstream.url}`,
  });
  const pages = await Promise.all(
    ['/status', '/routes', '/services'].map((p) => call({ port }, p)),
  );
  const [status, routes, services] = pages.map(({ text }) => JSON.parse(text));
  t.match(status, { database: { reachable: true }, server: { total_requests: 0 } });
  t.equal(routes.data.length, 8);
  t.match(routes.data[0], { name: 'video', paths: ['/api/v1/video'], service: { name: 'ingest' } });
  t.match(services.data[2], { name: 'llm', host: '127.0.0.1', port: upstream.port, retries: 0 });
  const all = pages.map(({ text }) => text).join();
  t.notMatch(all, videoKey);
  t.notMatch(all, llmKey);
  t.equal((await call({ port }, '/routes', { method: 'POST' })).status, 405);
  t.equal((await call({ port }, '/consumers')).status, 404);
});

t.test('nothing of a request stays behind, however it ended', async (t) => {
  await using upstream = await Upstream.start((request, response) => {
    if (request.url !== '/v1/models/silent') response.end();
  });
  const port = await freePort();
  await using gateway = await gatewayBefore(upstream, { ADMIN_PORT: String(port) });
  const apikey = llmKey;
  for (let i = 0; i < 20; i++) {
    await call(gateway, '/v1/models', { headers: { apikey } });
    await call(gateway, '/v1/models');
    const silent = get({
      host: '127.0.0.1',
      port: gateway.port,
      path: '/v1/models/silent',
      headers: { apikey },
    });
    silent.on('error', () => undefined);
    await once(upstream.server, 'request');
    silent.destroy();
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/ws/x`);
    await once(socket, 'error');
  }
  await until('no request is active', async () => {
    const { server } = JSON.parse((await call({ port }, '/status')).text);
    return server.total_requests === 80 && server.connections_active === 0;
  });
  const connections = promisify(upstream.server.getConnections.bind(upstream.server));
  await until('no connection to the upstream is open', async () => (await connections()) === 0);
  t.pass();
});

t.test('a public address is not opened by documented keys unless that is asked for', async (t) => {
  const env = { PROXY_PORT: '0', ADMIN_PORT: '0', GATEWAY_HOST: '0.0.0.0' };
  await using refused = await startService('gateway', { ...env, LLM_API_KEY: llmKey });
  await until('the process ends', () => !refused.running);
  t.equal(refused.process.exitCode, 2);
  t.match(
    refused.output,
    'VIDEO_API_KEY is not set: expected a key, KEYS_FILE to have one made up',
  );
  t.match(refused.output, 'LLM_API_KEY is the key of the documentation: set another');
  for (const more of [{ VIDEO_API_KEY: 'a', LLM_API_KEY: 'b' }, { DEMO_KEYS: 'true' }]) {
    await using gateway = await startService('gateway', { ...env, ...more });
    await until('ready', () => gateway.output.includes('"msg":"ready"'));
  }
});

t.test('HTTPS is served beside HTTP, and a route may insist on it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'framebus-test-tls-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const cert = join(folder, 'cert.pem');
  const key = join(folder, 'key.pem');
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-subj', '/CN=localhost', '-days', '1', '-keyout', key, '-out', cert],
  ]);
  await using upstream = await Upstream.start();
  await using file = await kongFile(`
_format_version: "3.0"
services:
  - name: only
    url: ${upstream.url}
    retries: 0
    routes: [{ name: safe, paths: [/], protocols: [https] }]
`);
  const tlsPort = await freePort();
  await using gateway = await startGateway({
    KONG_CONFIG: file.path,
    PROXY_TLS_PORT: String(tlsPort),
    TLS_CERT: cert,
    TLS_KEY: key,
  });
  const plain = await call(gateway, '/');
  t.equal(plain.status, 426);
  t.match(plain.text, 'Please use HTTPS protocol');
  t.equal(plain.headers.upgrade, 'TLS/1.2, HTTP/1.1');
  const request = ask({
    host: '127.0.0.1',
    port: tlsPort,
    rejectUnauthorized: false,
    agent: false,
  });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const reply = { status: 200, headers: response.headers, text: await textOf(response) };
  t.equal(told(reply).headers['x-forwarded-proto'], 'https');
  t.equal(told(reply).headers['x-forwarded-port'], String(tlsPort));
});

t.test('what is no HTTP is answered with 400', async (t) => {
  await using gateway = await startGateway({});
  for (const [sent, message] of [
    ['nonsense\r\n\r\n', 'Bad request'],
    [
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      'Request header or cookie too large',
    ],
    [
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      'Bad request',
    ],
  ] as const) {
    const socket = connect(gateway.port, '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    socket.write(sent);
    await until('an answer is there', () => text.includes('request_id'));
    t.match(text, /^HTTP\/1\.1 400 Bad Request\r\n/);
    t.match(text, `\r\n\r\n${message}\nrequest_id: `);
    socket.destroy();
  }
});
