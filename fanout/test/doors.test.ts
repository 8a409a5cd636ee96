import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort, NatsServer, startService, until } from '@framebus/test';
import t from 'tap';
import { WebSocket } from 'ws';
import { start } from './start.js';
import { Watcher } from './watcher.js';

const server = await NatsServer.start();
t.teardown(() => server[Symbol.asyncDispose]());

/** Status and JSON body of the answer to a request to open a WebSocket. */
async function refused(url: string, path: string, protocols: string[] = []) {
  const socket = new WebSocket(url.replace('http', 'ws') + path, protocols);
  socket.on('error', () => {});
  const [, response] = await once(socket, 'unexpected-response');
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += chunk;
  return { status: response.statusCode, ...JSON.parse(body) };
}

t.test('what is not a stream is refused in words', async (t) => {
  await using fanout = await start(server);
  const cases = [
    ['/ws', [], 404, 'NOT_FOUND', /\/ws\/stream\/\{session_id\}/],
    ['/ws/stream/a/b', [], 404, 'NOT_FOUND', /\/ws\/stream/],
    ['/ws/stream/', [], 400, 'SESSION_ID_INVALID', /A-Z a-z 0-9/],
    ['/ws/stream/a.b', [], 400, 'SESSION_ID_INVALID', /A-Z a-z 0-9/],
    ['/ws/stream/%3E', [], 400, 'SESSION_ID_INVALID', /A-Z a-z 0-9/],
    [`/ws/stream/${'a'.repeat(65)}`, [], 400, 'SESSION_ID_INVALID', /1 to 64/],
    ['/ws/stream/a', ['protobuf'], 400, 'SUBPROTOCOL_UNKNOWN', /json or msgpack/],
    ['/ws/stream/a?frames=some', [], 400, 'QUERY_INVALID', /frames: expected none/],
    ['/ws/stream/a?max_width=0', [], 400, 'QUERY_INVALID', /max_width: expected pixels/],
    ['/ws/stream/a?since=yesterday', [], 400, 'QUERY_INVALID', /since: expected seconds/],
    ['/ws/stream/a?since=-1', [], 400, 'QUERY_INVALID', /since: expected seconds/],
  ] as const;
  for (const [path, protocols, status, code, message] of cases) {
    const answer = await refused(fanout.url, path, [...protocols]);
    t.match(answer, { status, statusCode: status, code, message }, path);
  }
  t.equal(fanout.counters.refused, cases.length);
});

t.test('the first subprotocol that is known is taken', async (t) => {
  await using fanout = await start(server);
  using watcher = await Watcher.open(fanout.url, '/ws/stream/a', ['v9', 'msgpack', 'json']);
  t.equal(watcher.socket.protocol, 'msgpack');
  using json = await Watcher.open(fanout.url, '/ws/stream/a', ['json']);
  t.equal(json.socket.protocol, 'json');
  using none = await Watcher.open(fanout.url, '/ws/stream/a');
  t.equal(none.socket.protocol, '');
});

t.test('with VIEWER_ORIGINS pages of other origins open no WebSocket', async (t) => {
  await using fanout = await start(server, { VIEWER_ORIGINS: 'https://a.example' });
  const open = (origin?: string) =>
    new WebSocket(`${fanout.url.replace('http', 'ws')}/ws/stream/a`, {
      ...(origin !== undefined && { headers: { origin } }),
    }).on('error', () => {});
  for (const origin of ['https://b.example', 'null', 'https://a.example.org']) {
    const [, response] = await once(open(origin), 'unexpected-response');
    t.equal(response.statusCode, 403, origin);
    response.destroy();
  }
  for (const origin of ['https://a.example', undefined]) {
    const socket = open(origin);
    await once(socket, 'open');
    socket.terminate();
    t.pass(origin ?? 'a program without an origin');
  }
});

t.test('a key for the page is refused where others than this machine get it', async (t) => {
  const env = { VIEWER_API_KEY: 'secret-key', FANOUT_HOST: '0.0.0.0' };
  const error = await start(server, env).catch((error: Error) => error);
  t.match(error, { code: 'CONFIG_INVALID', message: /VIEWER_API_KEY.*0\.0\.0\.0/ });
  t.notMatch(String(error), /secret-key/);
});

t.test('past MAX_VIEWERS a viewer is refused with 503, until one leaves', async (t) => {
  await using fanout = await start(server, { MAX_VIEWERS: '2' });
  using first = await Watcher.open(fanout.url, '/ws/stream/a');
  using _second = await Watcher.open(fanout.url, '/ws/stream/b');
  t.match(await refused(fanout.url, '/ws/stream/c'), { status: 503, code: 'TOO_MANY_VIEWERS' });
  first[Symbol.dispose]();
  const third = await until('a place is free', async () => {
    const watcher = new Watcher(fanout.url, '/ws/stream/c');
    await Promise.race([once(watcher.socket, 'open'), once(watcher.socket, 'close')]);
    return watcher.closed === undefined && watcher;
  });
  t.ok(third);
  third[Symbol.dispose]();
});

t.test('a viewer that sends more than it needs is closed, others stay', async (t) => {
  await using fanout = await start(server);
  using other = await Watcher.open(fanout.url, '/ws/stream/a');
  using watcher = await Watcher.open(fanout.url, '/ws/stream/a');
  watcher.socket.send('x'.repeat(5_000));
  t.match(await until('closed', () => watcher.closed), { code: 1009 });
  t.equal(other.closed, undefined);
});

t.test('a request that breaks off in the middle ends nothing', async (t) => {
  await using fanout = await start(server);
  const socket = connect(Number(new URL(fanout.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write('GET /ws/stream/a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
  socket.resetAndDestroy();
  using watcher = await Watcher.open(fanout.url, '/ws/stream/a');
  t.equal(watcher.closed, undefined);
});

t.test('health, and paths that are not there, are answered in JSON', async (t) => {
  await using fanout = await start(server);
  const get = async (path: string) => {
    const response = await fetch(fanout.url + path);
    return { status: response.status, ...((await response.json()) as object) };
  };
  t.match(await get('/healthz'), { status: 'ok', viewers: 0 });
  t.match(await get('/readyz'), { status: 'ready' });
  t.match(await get('/nowhere?x=1'), { code: 'NOT_FOUND', message: 'no such path: GET /nowhere' });
  t.match(await get('/ws/stream/a'), { statusCode: 426, code: 'NOT_A_WEBSOCKET' });
});

t.test('SIGTERM closes viewers with 1012 and a reason, then the process ends with 0', async (t) => {
  const port = await freePort();
  await using child = await startService('fanout', {
    NATS_URL: server.url,
    FANOUT_PORT: String(port),
  });
  const url = `http://127.0.0.1:${port}`;
  await until('ready', async () => (await fetch(`${url}/readyz`)).ok);
  using watcher = await Watcher.open(url, '/ws/stream/a');
  await child.stop();
  t.same(await until('closed', () => watcher.closed), {
    code: 1012,
    reason: 'fanout is stopping; connect again',
  });
  t.equal(child.process.exitCode, 0, child.output);
});
