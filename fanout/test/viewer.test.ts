import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@framebus/test';
import t from 'tap';
import { WebSocket, WebSocketServer } from 'ws';
import { Counters } from '../src/counters.js';
import { Viewer } from '../src/viewer.js';

/** A viewer and its client, which answers pings or not. */
async function open(t: Tap, autoPong: boolean) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  t.teardown(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connected = once(server, 'connection');
  const client = new WebSocket(`ws://127.0.0.1:${port}`, { autoPong });
  t.teardown(() => client.terminate());
  const [[socket, { socket: stream }]] = await Promise.all([connected, once(client, 'open')]);
  const limits = { maxBufferedBytes: 1_000_000, viewerBehindMs: 1_000 };
  const counters = new Counters();
  const viewer = new Viewer(
    socket,
    stream,
    { format: 'json', pictures: true, width: null },
    limits,
    counters,
  );
  return { viewer, client, counters };
}
type Tap = Pick<typeof t, 'teardown'>;

t.test('a viewer that does not answer a ping is ended at the next', async (t) => {
  const { viewer, client, counters } = await open(t, false);
  viewer.ping();
  await once(client, 'ping');
  t.ok(viewer.open);
  viewer.ping();
  await once(client, 'close');
  t.notOk(viewer.open);
  t.equal(counters.lost, 1);
});

t.test('a viewer that answers stays', async (t) => {
  const { viewer, client, counters } = await open(t, true);
  for (let i = 0; i < 3; i += 1) {
    viewer.ping();
    await once(client, 'ping');
    await sleep(50);
  }
  t.ok(viewer.open);
  t.equal(counters.lost, 0);
});

t.test('a viewer that takes no part in the closing is cut off 2 s later', async (t) => {
  const { viewer, client } = await open(t, true);
  client.pause();
  let closed = false;
  viewer.onClose(() => {
    closed = true;
  });
  const start = performance.now();
  viewer.close(1012, 'fanout is stopping; connect again');
  await until('cut off', () => closed, { timeoutMs: 5_000 });
  const ms = performance.now() - start;
  t.ok(ms > 1_900 && ms < 3_500, `after ${ms} ms`);
});
