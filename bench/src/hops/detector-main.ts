// What a detector does between NATS and NATS, but for decoding and inference: pull, direct get, a thread there and back,
// one event. By the bare client.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { connect } from 'nats';

const echo =
  "const { parentPort: p } = require('node:worker_threads'); p.on('message', (m) => p.postMessage(m, [m.buffer]));";
const thread = new Worker(echo, { eval: true });
const connection = await connect({ servers: process.env.NATS_URL ?? '' });
const jetstream = connection.jetstream();
const consumer = await jetstream.consumers.get('TICKETS', 'detectors');
const event = JSON.stringify({ text: ' '.repeat(1_000) });
let pixels = new Float32Array(3 * 384 * 224);
process.stdout.write('ready\n');
for (;;) {
  const ticket = await consumer.next({ expires: 1_000 });
  if (ticket === null) continue;
  const frame = await connection.request('$JS.API.DIRECT.GET.FRAMES.frames.bare');
  ticket.ack();
  thread.postMessage(pixels, [pixels.buffer]);
  [pixels] = await once(thread, 'message');
  if (!frame.headers) throw new Error('a frame without headers');
  await jetstream.publish('detections.bare', event, { headers: frame.headers });
}
