import { once } from 'node:events';
import { connect } from 'node:net';
import { until } from '@framebus/test';
import t from 'tap';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import {
  gatewayBefore,
  gatewayWith,
  llmKey,
  messageOf,
  type RunningGateway,
  startGateway,
  textOf,
  Upstream,
  videoKey,
} from './kit.js';

/** An upstream that says every message back, in capitals where it is text. */
async function echo() {
  const upstream = await Upstream.start();
  const sockets = new WebSocketServer({ server: upstream.server, path: '/ws/stream/front-door' });
  sockets.on('connection', (socket) => {
    socket.on('message', (data: RawData, binary) => {
      socket.send(binary ? data : String(data).toUpperCase(), { binary });
    });
  });
  return {
    upstream,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

function open(gateway: RunningGateway, path: string, headers: Record<string, string> = {}) {
  return new WebSocket(`ws://127.0.0.1:${gateway.port}${path}`, { headers });
}

const stream = '/ws/stream/front-door';

for (const where of ['header', 'query'] as const) {
  t.test(`messages go both ways, with the key in the ${where}`, async (t) => {
    await using behind = await echo();
    await using gateway = await gatewayBefore(behind.upstream);
    const socket =
      where === 'header'
        ? open(gateway, stream, { apikey: videoKey })
        : open(gateway, `${stream}?frames=none&apikey=${videoKey}`);
    await once(socket, 'open');
    socket.send('hello');
    const [text] = await once(socket, 'message');
    t.equal(String(text), 'HELLO');
    const large = Buffer.alloc(1_000_000, 7);
    socket.send(large);
    const [binary] = await once(socket, 'message');
    t.ok(large.equals(binary as Buffer));
    for (const client of behind.sockets.clients) client.send('unasked');
    const [unasked] = await once(socket, 'message');
    t.equal(String(unasked), 'unasked');
    socket.close(1000, 'enough');
    await once(socket, 'close');
  });
}

t.test(
  'the upstream gets the subprotocol and no key; the client gets the headers of Kong',
  async (t) => {
    await using upstream = await Upstream.start();
    let asked = '';
    upstream.server.on('upgrade', (request) => {
      asked = `${request.url} ${JSON.stringify(request.headers)}`;
    });
    const sockets = new WebSocketServer({ server: upstream.server });
    await using gateway = await gatewayBefore(upstream);
    const socket = new WebSocket(
      `ws://127.0.0.1:${gateway.port}${stream}?apikey=${videoKey}`,
      'msgpack',
    );
    const [[response]] = await Promise.all([once(socket, 'upgrade'), once(socket, 'open')]);
    t.equal(socket.protocol, 'msgpack');
    t.match(response.headers, {
      via: '1.1 kong/3.9.3',
      'x-kong-request-id': /^[0-9a-f]{32}$/,
      'x-request-id': /./,
    });
    t.match(asked, `${stream} {`);
    t.notMatch(asked, videoKey);
    t.match(asked, '"x-consumer-username":"video"');
    socket.terminate();
    for (const client of sockets.clients) client.terminate();
  },
);

const refused = [
  { who: 'no key', headers: {}, status: 401, message: 'No API key found in request' },
  { who: 'a wrong key', headers: { apikey: 'x' }, status: 401, message: 'Unauthorized' },
  {
    who: "the LLM's key",
    headers: { apikey: llmKey },
    status: 403,
    message: 'You cannot consume this service',
  },
];
for (const { who, headers, status, message } of refused) {
  t.test(`a socket with ${who} is refused with ${status}`, async (t) => {
    await using behind = await echo();
    await using gateway = await gatewayBefore(behind.upstream);
    const socket = open(gateway, stream, headers as Record<string, string>);
    const [request, response] = await once(socket, 'unexpected-response');
    t.equal(response.statusCode, status);
    const text = await textOf(response);
    t.equal(messageOf({ status, headers: response.headers, text }), message);
    t.equal(behind.sockets.clients.size, 0);
    request.destroy();
  });
}

t.test("the upstream's refusal reaches the client", async (t) => {
  await using behind = await echo();
  await using gateway = await gatewayBefore(behind.upstream);
  const socket = open(gateway, '/ws/other', { apikey: videoKey });
  const [request, response] = await once(socket, 'unexpected-response');
  t.equal(response.statusCode, 400);
  t.equal(response.headers.via, '1.1 kong/3.9.3');
  request.destroy();
});

t.test('an upstream that is down gives 502, a path without a route 404', async (t) => {
  await using gateway = await startGateway({ UPSTREAMS: 'fanout=http://127.0.0.1:1' });
  for (const [path, status] of [
    [stream, 502],
    ['/wss/x', 404],
  ] as const) {
    const socket = open(gateway, path, { apikey: videoKey });
    const [request, response] = await once(socket, 'unexpected-response');
    t.equal(response.statusCode, status);
    request.destroy();
  }
});

t.test('each end learns when the other goes away without a word', async (t) => {
  await using behind = await echo();
  await using gateway = await gatewayBefore(behind.upstream);
  const first = open(gateway, stream, { apikey: videoKey });
  await once(first, 'open');
  first.terminate();
  await until('the upstream lost its client', () => behind.sockets.clients.size === 0);
  const second = open(gateway, stream, { apikey: videoKey });
  await once(second, 'open');
  for (const socket of behind.sockets.clients) socket.terminate();
  const [code] = await once(second, 'close');
  t.equal(code, 1006);
});

t.test(
  'a socket on which nothing passes for read_timeout is closed, one that is used is not',
  async (t) => {
    await using upstream = await Upstream.start();
    const sockets = new WebSocketServer({ server: upstream.server });
    await using gateway = await gatewayWith(upstream, []);
    const idle = open(gateway, '/');
    const used = open(gateway, '/');
    await Promise.all([once(idle, 'open'), once(used, 'open')]);
    const ping = setInterval(() => used.ping(), 100);
    t.teardown(() => clearInterval(ping));
    const openedAt = performance.now();
    await once(idle, 'close');
    t.ok(performance.now() - openedAt > 280);
    await new Promise((resolve) => setTimeout(resolve, 300));
    t.equal(used.readyState, WebSocket.OPEN);
    used.terminate();
    await until('both are gone', () => sockets.clients.size === 0);
  },
);

t.test('a gateway that stops ends its sockets', async (t) => {
  await using behind = await echo();
  const gateway = await gatewayBefore(behind.upstream);
  const socket = open(gateway, stream, { apikey: videoKey });
  await once(socket, 'open');
  const closed = once(socket, 'close');
  await gateway[Symbol.asyncDispose]();
  await closed;
  await until('the upstream lost its client', () => behind.sockets.clients.size === 0);
  t.pass();
});

t.test('a wish for another protocol is passed over', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayBefore(upstream);
  const socket = connect(gateway.port, '127.0.0.1');
  socket.write(
    'PUT /healthz HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n' +
      'HTTP2-Settings: AAMAAABk\r\nContent-Length: 4\r\n\r\nbo',
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.write('dy');
  let text = '';
  socket.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  await until('the answer is there', () => text.includes('"body":"body"'));
  t.match(text, /^HTTP\/1\.1 200 OK\r\n/);
  t.notMatch(text, /h2c|AAMAAABk/);
  socket.destroy();
});
