import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child, freePort, type NatsServer, until } from '@framebus/test';
import t from 'tap';
import { Detector } from './detector.js';
import { start } from './start.js';
import { Watcher } from './watcher.js';

t.test('frames are subscribed only while someone gets pictures', async (t) => {
  const [port, monitorPort] = [await freePort(), await freePort()];
  const storeDir = await mkdtemp(join(tmpdir(), 'framebus-test-nats-'));
  t.teardown(() => rm(storeDir, { recursive: true, force: true }));
  await using _nats = await Child.start(process.env.NATS_SERVER ?? 'nats-server', [
    ...['--addr', '127.0.0.1', '--port', String(port), '--http_port', String(monitorPort)],
    ...['--jetstream', '--store_dir', storeDir],
  ]);
  const server = { url: `nats://127.0.0.1:${port}` } as NatsServer;
  await using detector = await Detector.start(server);
  await using fanout = await start(server);
  /** What the server says of subscriptions to frames, but for that of the stream. */
  const subscribed = async () => {
    const response = await fetch(`http://127.0.0.1:${monitorPort}/subsz?subs=1&limit=1000`);
    const { subscriptions_list } = (await response.json()) as {
      subscriptions_list: { subject: string }[];
    };
    return subscriptions_list
      .map(({ subject }) => subject)
      .filter((subject) => /^frames\.\w/.test(subject));
  };
  const becomes = (what: string, subjects: string[]) =>
    until(what, async () => `${await subscribed()}` === `${subjects}`);

  await detector.want('door');
  await detector.want('plain', { enable_drawing: false });
  t.same(await subscribed(), [], 'at first none');

  using _boxesOnly = await Watcher.open(fanout.url, '/ws/stream/door?frames=none', ['msgpack']);
  using _neverDrawn = await Watcher.open(fanout.url, '/ws/stream/plain');
  t.same(await subscribed(), [], 'not for viewers that get no pictures');

  const one = await Watcher.open(fanout.url, '/ws/stream/door', ['msgpack']);
  await becomes('subscribed for the first', ['frames.door']);
  const two = await Watcher.open(fanout.url, '/ws/stream/door');
  one[Symbol.dispose]();
  await until('the first is gone', () => fanout.viewers === 3);
  t.same(await subscribed(), ['frames.door'], 'still, for the second');
  two.socket.send('{"type": "view", "frames": "none"}');
  await becomes('unsubscribed when the last wants none', []);
  two.socket.send('{"type": "view", "frames": "all"}');
  await becomes('subscribed when it wants them again', ['frames.door']);
  two[Symbol.dispose]();
  await becomes('unsubscribed after the last', []);

  await detector.want('plain', { enable_drawing: true });
  await becomes('subscribed when drawing is switched on', ['frames.plain']);
});
