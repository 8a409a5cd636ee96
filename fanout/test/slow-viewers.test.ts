import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { NatsServer, until } from '@framebus/test';
import t from 'tap';
import { Detector } from './detector.js';
import { start } from './start.js';
import { Watcher } from './watcher.js';

const server = await NatsServer.start();
const detector = await Detector.start(server);
t.teardown(async () => {
  await detector[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** A viewer that opens a WebSocket and then reads nothing. */
async function openDeaf(url: string, path: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    [
      ...[`GET ${path} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: Upgrade', 'Upgrade: websocket'],
      ...['Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`],
      ...['Sec-WebSocket-Protocol: msgpack', '', ''],
    ].join('\r\n'),
  );
  const [head] = await once(socket, 'data');
  if (!String(head).startsWith('HTTP/1.1 101')) throw new Error(String(head));
  socket.pause();
  socket.on('error', () => {});
  return socket;
}

/** Publishes frames of 200 KB with their events, `perSecond`, until `done`. */
async function publishFrames(session: string, perSecond: number, done: () => boolean) {
  const jpeg = randomBytes(200_000);
  let index = 0;
  while (!done()) {
    index += 1;
    detector.publishFrame(session, index, jpeg);
    detector.publish(detector.event(session, index, { captured_at: Date.now() }));
    await sleep(1000 / perSecond);
  }
  return index;
}

t.test(
  'viewers that never read are closed; others are not slowed and memory stays flat',
  async (t) => {
    const limits = { MAX_BUFFERED_BYTES: '1000000', VIEWER_BEHIND_MS: '1500' };
    await using fanout = await start(server, limits);
    using watcher = await Watcher.open(fanout.url, '/ws/stream/slow', ['msgpack']);
    const deaf = await Promise.all(
      Array.from({ length: 10 }, () => openDeaf(fanout.url, '/ws/stream/slow')),
    );
    const delaysMs: number[] = [];
    watcher.socket.on('message', () => {
      const last = watcher.messages.at(-1);
      delaysMs.push(Date.now() - last.captured_at);
      // Keep no pictures: memory is measured.
      last.frame = null;
    });
    const rssBefore = process.memoryUsage.rss();
    let rssMax = 0;
    const published = await publishFrames('slow', 40, () => {
      rssMax = Math.max(rssMax, process.memoryUsage.rss());
      return fanout.counters.closedBehind === 10;
    });

    await until('all that was published is seen', () => watcher.indexes.at(-1) === published);
    t.ok(watcher.indexes.length >= published - 2, 'the reader missed none once frames flowed');
    const median = delaysMs.sort((a, b) => a - b)[delaysMs.length >> 1] as number;
    t.ok(median < 100, `median delay ${median} ms`);
    t.ok(fanout.counters.skipped > 0);
    const grownMiB = (rssMax - rssBefore) / 1024 / 1024;
    // 16 MiB of cached frames, and what is on its way.
    t.ok(grownMiB < 120, `grown by ${grownMiB} MiB`);
    t.comment(
      `${published} frames, median delay ${median} ms, grown by ${grownMiB.toFixed(0)} MiB`,
    );
    await until('the deaf are cut off', async () => {
      const response = await fetch(`${fanout.url}/healthz`);
      return ((await response.json()) as { viewers: number }).viewers === 1;
    });
    for (const socket of deaf) socket.destroy();
  },
);

t.test('a viewer that was closed for being slow is told why', async (t) => {
  const limits = { MAX_BUFFERED_BYTES: '500000', VIEWER_BEHIND_MS: '300' };
  await using fanout = await start(server, limits);
  using watcher = await Watcher.open(fanout.url, '/ws/stream/paused', ['msgpack']);
  watcher.socket.pause();
  await publishFrames('paused', 60, () => fanout.counters.closedBehind === 1);
  watcher.socket.resume();
  t.same(await until('closed', () => watcher.closed), {
    code: 1013,
    reason: 'too slow: more than 500000 bytes kept waiting for this viewer',
  });
});

t.test('a viewer that is behind misses frames, but no alert and no status', async (t) => {
  const limits = { MAX_BUFFERED_BYTES: '500000', VIEWER_BEHIND_MS: '60000' };
  await using fanout = await start(server, limits);
  using watcher = await Watcher.open(fanout.url, '/ws/stream/behind', ['msgpack']);
  watcher.socket.pause();
  await publishFrames('behind', 60, () => fanout.counters.skipped > 5);
  const status = { type: 'status', session_id: 'behind', status: 'running', message: 'on' };
  for (let timestamp = 1; timestamp <= 50; timestamp += 1) {
    const text = JSON.stringify({ ...status, timestamp });
    detector.bus.connection.publish('status.behind', text);
  }
  await detector.bus.connection.flush();
  await sleep(100);
  watcher.socket.resume();
  await until('all status messages', () => watcher.of('status').length === 51);
  t.same(
    watcher
      .of('status')
      .map((m) => m.timestamp)
      .slice(1),
    Array.from({ length: 50 }, (_, i) => i + 1),
  );
  t.equal(watcher.closed, undefined);
});

t.test(
  'what must not be missed is bounded too: a flood of it ends a viewer that does not read',
  async (t) => {
    const limits = { MAX_BUFFERED_BYTES: '200000', VIEWER_BEHIND_MS: '60000' };
    await using fanout = await start(server, limits);
    const socket = await openDeaf(fanout.url, '/ws/stream/flood');
    const text = JSON.stringify({
      ...{ type: 'status', session_id: 'flood', timestamp: 1, status: 'running' },
      message: 'x'.repeat(100_000),
    });
    await until(
      'closed',
      () => {
        detector.bus.connection.publish('status.flood', text);
        return fanout.counters.closedBehind === 1;
      },
      { everyMs: 5 },
    );
    t.ok(fanout.counters.sent < 200);
    socket.destroy();
  },
);
