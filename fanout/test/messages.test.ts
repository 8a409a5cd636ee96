import { NatsServer, until } from '@framebus/test';
import sharp from 'sharp';
import t from 'tap';
import { colourOf } from '../src/palette.js';
import { Detector, grey, height, person, width } from './detector.js';
import { start } from './start.js';
import { Watcher } from './watcher.js';

const server = await NatsServer.start();
const fanout = await start(server);
const detector = await Detector.start(server);
t.teardown(async () => {
  await detector[Symbol.asyncDispose]();
  await fanout[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** Resolves when fanout follows the session's frames. */
async function framesFlow(watcher: Watcher, session: string): Promise<void> {
  const jpeg = await grey();
  let index = 0;
  await until('a picture', () => {
    index += 1;
    detector.publishFrame(session, index, jpeg);
    detector.publish(detector.event(session, index));
    return watcher.of('frame_result').some((m) => m.annotated_frame ?? m.frame);
  });
}

t.test('a JSON viewer gets a frame result with boxes in the picture', async (t) => {
  await detector.want('drawn');
  using watcher = await Watcher.open(fanout.url, '/ws/stream/drawn');
  await framesFlow(watcher, 'drawn');

  detector.publishFrame('drawn', 900, await grey());
  const event = detector.event('drawn', 900, { previous_ticket_index: 0 });
  detector.publish(event);
  const { annotated_frame, ...rest } = await watcher.frame(900);

  t.same(rest, {
    type: 'frame_result',
    session_id: 'drawn',
    timestamp: event.captured_at / 1000,
    frame_index: 900,
    detections: [person],
    ...{ width, height, captured_at: event.captured_at, inference_ms: 1, detector: 'test' },
  });
  const { data, info } = await sharp(Buffer.from(annotated_frame, 'base64'))
    .raw()
    .toBuffer({ resolveWithObject: true });
  t.same([info.format, info.width, info.height], ['raw', width, height]);
  const pixel = (x: number, y: number) => [...data.subarray((y * width + x) * 3).subarray(0, 3)];
  const isNear = (pixel: number[], colour: readonly number[]) =>
    pixel.every((value, channel) => Math.abs(value - (colour[channel] ?? 0)) < 60);
  const colour = colourOf(person.class_id);
  const [x1, y1, x2, y2] = person.bbox;
  for (const [x, y] of [
    [x1, 130],
    [x2 - 1, 130],
    [150, y2 - 1],
    [x2 - 10, y1],
  ] as const) {
    t.ok(isNear(pixel(x, y), colour), `box at ${x}, ${y}: ${pixel(x, y)} like ${colour}`);
  }
  t.ok(isNear(pixel(150, 130), [128, 128, 128]), 'inside of the box is as it was');
  t.ok(isNear(pixel(50, 130), [128, 128, 128]), 'outside too');
  t.ok(isNear(pixel(x1 + 1, y1 - 5), colour), 'a label lies above');
});

t.test('without enable_drawing a JSON viewer gets null for a picture', async (t) => {
  await detector.want('plain', { enable_drawing: false });
  using watcher = await Watcher.open(fanout.url, '/ws/stream/plain');
  using pictures = await Watcher.open(fanout.url, '/ws/stream/plain', ['msgpack']);
  await framesFlow(pictures, 'plain');
  t.equal((await watcher.frame(1)).annotated_frame, null);
  t.ok(watcher.of('frame_result').every((m) => m.annotated_frame === null));
});

t.test(
  'a MessagePack viewer gets the very bytes of the frame that the event belongs to',
  async (t) => {
    await detector.want('bytes');
    using watcher = await Watcher.open(fanout.url, '/ws/stream/bytes', ['msgpack']);
    t.equal(watcher.socket.protocol, 'msgpack');
    await framesFlow(watcher, 'bytes');

    const jpegs = new Map<number, Buffer>();
    for (const index of [901, 902, 903]) {
      jpegs.set(index, await grey(index - 850));
      detector.publishFrame('bytes', index, jpegs.get(index) as Buffer);
    }
    for (const index of [901, 902, 903]) {
      detector.publish(detector.event('bytes', index, { previous_ticket_index: 0 }));
    }
    for (const index of [901, 902, 903]) {
      const { frame, ...rest } = await watcher.frame(index);
      t.same(frame, jpegs.get(index));
      t.same(rest, {
        type: 'frame_result',
        session_id: 'bytes',
        timestamp: (1_700_000_000_000 + index) / 1000,
        frame_index: index,
        detections: [person],
        ...{ width, height, captured_at: 1_700_000_000_000 + index },
        ...{ inference_ms: 1, detector: 'test' },
      });
    }
  },
);

t.test('frames=none leaves pictures out in both formats', async (t) => {
  await detector.want('none');
  using all = await Watcher.open(fanout.url, '/ws/stream/none', ['msgpack']);
  using json = await Watcher.open(fanout.url, '/ws/stream/none?frames=none&apikey=k');
  using msgpack = await Watcher.open(fanout.url, '/ws/stream/none?frames=none', ['msgpack']);
  await framesFlow(all, 'none');
  t.ok((await json.next('frame_result')) && (await msgpack.next('frame_result')));
  t.ok(json.of('frame_result').every((m) => m.annotated_frame === null));
  t.ok(msgpack.of('frame_result').every((m) => m.frame === null));
});

t.test(
  'pictures are scaled to what viewers show, once for all who show them about so',
  async (t) => {
    await detector.want('scaled');
    const open = (query: string) =>
      Watcher.open(fanout.url, `/ws/stream/scaled${query}`, ['msgpack']);
    using whole = await open('');
    using small = await open('?max_width=160');
    using smaller = await open('?max_width=101');
    using large = await open('?max_width=1000');
    await framesFlow(whole, 'scaled');
    detector.publish(detector.event('scaled', 800, { previous_ticket_index: 0 }));
    for (const watcher of [whole, small, smaller, large]) await watcher.frame(800);
    const { scaled, encoded } = fanout.counters;
    const jpeg = await grey();
    detector.publishFrame('scaled', 900, jpeg);
    detector.publish(detector.event('scaled', 900, { previous_ticket_index: 0 }));
    for (const watcher of [whole, large]) t.same((await watcher.frame(900)).frame, jpeg);
    for (const watcher of [small, smaller]) {
      const { frame, ...rest } = await watcher.frame(900);
      const info = await sharp(frame).metadata();
      t.same([info.width, info.height], [160, 120]);
      t.match(rest, { width, height, detections: [person] }, 'boxes are in pixels of the frame');
    }
    t.equal(fanout.counters.scaled, scaled + 1);
    t.equal(fanout.counters.encoded, encoded + 2);

    detector.publishFrame('scaled', 901, Buffer.from('no picture'));
    detector.publish(detector.event('scaled', 901, { previous_ticket_index: 0 }));
    t.same((await small.frame(901)).frame, Buffer.from('no picture'), 'what can not be, is not');
    t.same(
      small.indexes,
      [...small.indexes].sort((a, b) => a - b),
    );
  },
);

t.test('a viewer says anew what it wants, on the same socket', async (t) => {
  await detector.want('views');
  using other = await Watcher.open(fanout.url, '/ws/stream/views', ['msgpack']);
  using watcher = await Watcher.open(fanout.url, '/ws/stream/views', ['msgpack']);
  await framesFlow(other, 'views');
  const say = (view: unknown) => watcher.socket.send(JSON.stringify(view));
  const jpeg = await grey();
  let index = 1_000;
  /** Waits for a result whose picture is so wide; 0: none. */
  const becomes = (pixels: number) =>
    until(`${pixels} pixels`, async () => {
      index += 1;
      detector.publishFrame('views', index, jpeg);
      detector.publish(detector.event('views', index));
      const { frame } = await watcher.frame(index);
      return (frame === null ? 0 : (await sharp(frame).metadata()).width) === pixels;
    });
  await becomes(width);
  say({ type: 'view', max_width: 100 });
  await becomes(160);
  say({ type: 'view', frames: 'none' });
  await becomes(0);
  say({ type: 'view', frames: 'all' });
  await becomes(160);
  say({ type: 'view', max_width: null });
  await becomes(width);
  for (const ignored of ['hello', [], null, { type: 'ping' }, { type: 'view' }]) say(ignored);
  watcher.socket.send('{');
  watcher.socket.send(Buffer.from('{"type": "view", "frames": "none"}'), { binary: true });
  await becomes(width);
  t.same(watcher.of('error'), []);
  say({ type: 'view', max_width: 0 });
  t.match((await watcher.next('error')).message, 'view: max_width: expected pixels');
});

t.test('status, stream_info, error and alert come in the shapes that clients know', async (t) => {
  using watcher = await Watcher.open(fanout.url, '/ws/stream/words');
  const publish = (kind: string, event: object) =>
    detector.bus.connection.publish(`${kind}.words`, JSON.stringify(event));
  const head = { session_id: 'words', timestamp: 1.5 };
  const info = { width: 640, height: 480, fps: 10 };
  publish('status', { type: 'stream_info', ...head, info });
  publish('status', { type: 'status', ...head, status: 'running', message: 'on' });
  publish('status', { type: 'error', ...head, message: 'camera gone' });
  const why = { code: 'CAMERA_FROZEN', details: { seconds: 10 }, retry_s: 2 };
  publish('status', { type: 'status', ...head, status: 'reconnecting', message: 'off', ...why });
  const seen = { class_name: 'person', confidence: 0.9, bbox: [1, 2, 3, 4] };
  publish('alerts', {
    ...{ session_id: 'words', frame_index: 7, captured_at: 2500, class_id: 1 },
    ...seen,
  });

  t.match(await watcher.next('stream_info'), { type: 'stream_info', ...head, info });
  t.same(await watcher.next('error'), { type: 'error', ...head, message: 'camera gone' });
  t.same(watcher.of('status')[1], {
    ...{ type: 'status', ...head, status: 'running', message: 'on' },
  });
  t.same(watcher.of('status')[2], {
    ...{ type: 'status', ...head, status: 'reconnecting', message: 'off', ...why },
  });
  t.match(await watcher.next('alert'), {
    ...{ type: 'alert', session_id: 'words', timestamp: 2.5, data: seen },
  });
});

t.test(
  'a viewer may open before the session exists: it is told so and gets what comes',
  async (t) => {
    using watcher = await Watcher.open(fanout.url, '/ws/stream/early');
    t.match(watcher.messages[0], {
      ...{ type: 'status', session_id: 'early', status: 'pending' },
      message: 'waiting for session early: it does not exist yet',
      code: 'SESSION_AWAITED',
    });
    await detector.want('early');
    await framesFlow(watcher, 'early');
  },
);

t.test('a viewer of a running session is told its size and its status at once', async (t) => {
  await detector.want('known');
  const state = { session_id: 'known', status: 'running', owner: 'a', frame_count: 3, fps: 9.9 };
  const more = { drops: {}, last_error: null, width: 800, height: 450 };
  await detector.bus.bucket('session-state').put('known', JSON.stringify({ ...state, ...more }));
  await until('the state is known', async () => {
    using watcher = await Watcher.open(fanout.url, '/ws/stream/known');
    const [info, status] = watcher.messages;
    return (
      info.type === 'stream_info' &&
      t.same(info.info, { width: 800, height: 450, fps: 10 }) &&
      t.equal(status.status, 'running')
    );
  });
});

t.test('messages that do not keep to the contract are counted and end nothing', async (t) => {
  using watcher = await Watcher.open(fanout.url, '/ws/stream/rough');
  const before = fanout.counters.malformed;
  const wrong = [
    'not json',
    'null',
    '{}',
    JSON.stringify({ ...detector.event('rough', 1), session_id: 'other' }),
    JSON.stringify({ ...detector.event('rough', 1), detections: [{ bbox: [1, 2] }] }),
    JSON.stringify({ ...detector.event('rough', 1), frame_index: -1 }),
  ];
  for (const text of wrong) detector.bus.connection.publish('detections.rough', text);
  detector.bus.connection.publish('alerts.rough', '[]');
  detector.bus.connection.publish('status.rough', '{"type":"status"}');
  detector.publish(detector.event('rough', 2));
  t.ok(await watcher.frame(2));
  t.equal(fanout.counters.malformed - before, 8);
  t.same(watcher.indexes, [2]);
});
