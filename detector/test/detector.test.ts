import { type SessionEntry, writeTicketHeaders } from '@framebus/contract';
import { startService, until } from '@framebus/test';
import t from 'tap';
import { fixture } from './fixtures.js';
import { setUp } from './set-up.js';
import { giveTurn, height, picture, width } from './turns.js';

t.test('a ticket gives one event with the boxes of the camera’s newest frame', async (t) => {
  const { bus, events } = await setUp(t, { DETECTOR_ID: 'one' });
  await giveTurn(bus, 'front-door', await picture(), 7);
  await until('event', () => events.length > 0);
  const [event] = events;
  t.match(event, { session_id: 'front-door', frame_index: 7, width, height, detector: 'one' });
  t.match(event, { ticket_index: 7, previous_ticket_index: 0, delivery_seq: 1 });
  t.ok(event && event.inference_ms > 0 && event.delivery_epoch > 0);
  const boxes = [
    ['red object', [100, 100, 220, 180]],
    ['blue object', [400, 200, 500, 400]],
  ] as const;
  t.equal(event?.detections.length, boxes.length);
  for (const [name, bbox] of boxes) {
    const found = event?.detections.find((detection) => detection.class_name === name);
    t.ok(found, name);
    const worst = Math.max(...bbox.map((edge, i) => Math.abs(edge - (found?.bbox[i] ?? 0))));
    t.ok(worst <= 4, `${name} is off by ${worst} px`);
  }
  const stored = await bus.jetstream.streams.get('DETECTIONS').then((stream) => stream.info());
  t.equal(stored.state.messages, 1);
  const tickets = await bus.jetstream.streams.get('TICKETS').then((stream) => stream.info());
  t.equal(tickets.state.messages, 0, 'the ticket is acked');
});

t.test('a session’s threshold and classes are kept to', async (t) => {
  const { bus, events } = await setUp(t);
  const entry: Pick<SessionEntry, 'spec'> = {
    spec: {
      stream_url: 'rtsp://localhost/x',
      enable_drawing: false,
      fps: 10,
      max_width: 800,
      jpeg_quality: 70,
      confidence_threshold: 0.2,
      classes: ['blue object'],
    },
  };
  await bus.bucket('sessions').put('a', JSON.stringify(entry));
  const jpeg = await picture();
  let index = 0;
  const onlyBlue = await until('only blue is found', async () => {
    await giveTurn(bus, 'a', jpeg, ++index);
    const names = events.at(-1)?.detections.map((detection) => detection.class_name);
    return names?.length === 1 && names[0] === 'blue object';
  });
  t.ok(onlyBlue);
});

t.test('a frame that is no picture is dropped, counted, and the next one analysed', async (t) => {
  const { bus, events } = await setUp(t);
  const jpeg = await picture();
  await giveTurn(bus, 'a', new TextEncoder().encode('no picture'), 1);
  await giveTurn(bus, 'b', jpeg.subarray(0, jpeg.length / 2), 1);
  await bus.jetstream.publish('tickets.c', '');
  await giveTurn(bus, 'd', jpeg, 1);
  await until('event of d', () => events.length > 0);
  t.equal(events[0]?.session_id, 'd');
  const stats = await until('d is counted', async () => {
    const answer = await bus.connection.request('detector.health');
    const counts = answer.json<{ frames: number; dropped: Record<string, number> }>();
    return counts.frames === 1 && counts;
  });
  t.equal(stats.dropped.undecodable, 2);
});

t.test('a frame that is gone gives its ticket back without an event', async (t) => {
  const { bus, events } = await setUp(t);
  const jpeg = await picture();
  await giveTurn(bus, 'a', jpeg, 1);
  await until('first event', () => events.length === 1);
  await bus.connection.jetstreamManager().then((m) => m.streams.purge('FRAMES'));
  await giveTurn(bus, 'a', jpeg, 2);
  await until('next event', () => events.length === 2);
  t.same(
    events.map((event) => event.frame_index),
    [1, 2],
  );
});

t.test('a frame that NATS did not answer for is asked for again', async (t) => {
  const { bus, events, detector } = await setUp(t);
  const manager = await bus.connection.jetstreamManager();
  const jpeg = await picture();
  await manager.streams.delete('FRAMES');
  const headers = writeTicketHeaders({ ticketIndex: 1, previousTicketIndex: 0 });
  await bus.jetstream.publish('tickets.a', '', { headers });
  await until('no answer', () =>
    /frame dropped.*failed|failed.*frame dropped/.test(detector.output),
  );
  t.equal((await manager.streams.info('TICKETS')).state.messages, 1, 'its ticket is kept');
  await bus.declare();
  await giveTurn(bus, 'a', jpeg, 1).catch(() => {});
  await until('event', () => events.length > 0);
  t.match(events, [{ frame_index: 1, ticket_index: 1 }]);
});

t.test('SIGTERM finishes what is in hand', async (t) => {
  const { bus, events, detector } = await setUp(t, { DETECTOR_MIN_INFERENCE_MS: '500' });
  await giveTurn(bus, 'a', await picture(), 1);
  await until('ticket is taken', async () => {
    const info = await bus.jetstream.streams.get('TICKETS').then((stream) => stream.info());
    return info.state.messages === 0;
  });
  await detector.stop('SIGTERM');
  t.equal(detector.process.exitCode, 0);
  t.equal(events.length, 1);
});

t.test('a wrong set-up is refused in words', async (t) => {
  const cases = [
    [{ DETECTOR_MODEL: 'yolo' }, /no model is named .*yolo.*shapes/],
    [{ DETECTOR_PROVIDERS: 'cuda' }, /no provider of DETECTOR_PROVIDERS=cuda could load/],
    [{ REQUIRE_GPU: 'true' }, /REQUIRE_GPU leaves cpu out/],
    [{ DETECTOR_MODEL: '/nowhere/x.onnx' }, /DETECTOR_LABELS must name/],
    [
      { DETECTOR_MODEL: 'best.pt' },
      /export it with Ultralytics: yolo export model=best\.pt format=onnx.*MODEL_UNKNOWN/,
    ],
    [
      { DETECTOR_MODEL: fixture('rf-detr.onnx'), DETECTOR_LABELS: fixture('labels.json') },
      /expected the RT-DETR authors.*found inputs input float32.*MODEL_UNKNOWN/,
    ],
    [
      { DETECTOR_MODEL: fixture('batch-8.onnx'), DETECTOR_LABELS: fixture('labels.json') },
      /DETECTOR_BATCH is 1, but the graph takes 8 at once.*set DETECTOR_BATCH=8.*MODEL_UNKNOWN/,
    ],
    [
      { DETECTOR_DEVICE_ID: '1' },
      /DETECTOR_DEVICE_ID is "1": expected 0, or one of cuda, .* in DETECTOR_PROVIDERS, which is "cpu"/,
    ],
    [{ DETECTOR_THREADS: 'many' }, /DETECTOR_THREADS is "many": expected a whole number/],
  ] as const;
  for (const [env, words] of cases) {
    const detector = await startService('detector', env);
    await until('it ends', () => !detector.running);
    t.not(detector.process.exitCode, 0);
    t.match(detector.output, words);
  }
});

t.test('without CUDA the next provider of the list is used', async (t) => {
  const { bus } = await setUp(t, { DETECTOR_PROVIDERS: 'cuda,cpu', DETECTOR_DEVICE_ID: '1' });
  const stats = await bus.connection.request('detector.health');
  t.equal(stats.json<{ provider: string }>().provider, 'cpu');
});
