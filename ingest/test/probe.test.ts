import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { freePort, NatsServer } from '@framebus/test';
import t from 'tap';
import type { ProbeAnswer } from '../src/probe.js';
import { IngestProcess } from './ingest-process.js';
import { RtspCamera } from './rtsp-camera.js';

const nats = await NatsServer.start();
const ingest = await IngestProcess.start(nats.url, {
  STREAM_HOSTS: '127.0.0.1,no-such-host.invalid',
});
t.teardown(async () => {
  await ingest[Symbol.asyncDispose]();
  await nats[Symbol.asyncDispose]();
});

const probe = (stream_url: string) => ingest.call<ProbeAnswer>('POST', 'probe', { stream_url });

t.test('a camera is tried before it is saved: its size, codec and a picture', async (t) => {
  await using camera = await RtspCamera.start({ cam: 'joe:hush@test:320x240@10' });
  const { status, body } = await probe(camera.url('cam', 'joe:hush@'));
  t.equal(status, 200);
  t.match(body, { ok: true, codec: 'h264', width: 320, height: 240, took_ms: Number });
  const picture = Buffer.from((body.ok && body.picture) || '', 'base64');
  t.equal(picture.readUInt16BE(0), 0xffd8, 'a JPEG');
  const wrong = await probe(camera.url('cam', 'joe:wrong-secret@'));
  t.match(wrong.body, { ok: false, code: 'CAMERA_UNAUTHORISED', reason: /user or password/ });
  t.notMatch(wrong.text, 'wrong-secret');
  t.match((await probe(camera.url('none', 'joe:hush@'))).body, { code: 'CAMERA_NOT_FOUND' });
  t.same((await ingest.call('GET', 'sessions')).body, [], 'no session came of it');
});

t.test('what is wrong with a camera is said in words', async (t) => {
  await using sound = await RtspCamera.start({ sound: 'audio' });
  t.match((await probe(sound.url('sound'))).body, { ok: false, code: 'CAMERA_NO_VIDEO' });
  const refused = `rtsp://127.0.0.1:${await freePort()}/cam`;
  t.match((await probe(refused)).body, { ok: false, code: 'CAMERA_REFUSED', reason: /refused/ });
  const unknown = await probe('rtsp://no-such-host.invalid/cam');
  t.match(unknown.body, { ok: false, code: 'CAMERA_HOST_UNKNOWN', reason: /not known/ });
});

t.test('addresses are checked as those of a start are', async (t) => {
  t.match(await probe('http://127.0.0.1/cam'), { status: 400, body: { code: 'BAD_REQUEST' } });
  const elsewhere = await probe('rtsp://10.0.0.1/cam');
  t.match(elsewhere, { status: 403, body: { code: 'STREAM_HOST_NOT_ALLOWED' } });
});

t.test('four cameras are tried at once, each for a limited time', async (t) => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  t.teardown(() => silent.close());
  const url = `rtsp://127.0.0.1:${(silent.address() as AddressInfo).port}/cam`;
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => probe(url)));
  const refused = answers.filter(({ status }) => status === 503);
  t.equal(refused.length, 1);
  t.match(refused[0]?.body, { code: 'TOO_MANY_PROBES' });
  for (const { body } of answers.filter(({ status }) => status === 200)) {
    t.match(body, { ok: false, code: 'CAMERA_TIMEOUT' });
  }
});
