import { createLogger } from '@framebus/contract/service';
import { until } from '@framebus/test';
import t from 'tap';
import { type Relay, type RelayOptions, startRelay } from '../../src/relay/relay.js';
import { publish, RtspClient, sdp } from '../relay-client.js';
import { Clips, played, publishClip, startPlayer } from '../relay-media.js';

const start = (limits: Partial<RelayOptions> = {}) =>
  startRelay({ host: '127.0.0.1', port: 0, ...limits }, createLogger('relay', 'silent'));
const urlOf = (relay: Relay, name: string) => `rtsp://127.0.0.1:${relay.port}/${name}`;
const overTcp = ['-rtsp_transport', 'tcp', '-timeout', '5000000'];

const clips = await Clips.make();
t.teardown(() => clips[Symbol.asyncDispose]());
const h264 = await clips.clip('libx264');

t.test('ffmpeg publishes H.264 and ffmpeg decodes it', async (t) => {
  await using relay = await start();
  await using _publisher = await publishClip(relay, h264, 'camera');
  const result = await played(await startPlayer(urlOf(relay, 'camera'), 30, overTcp));
  t.same(result, { exitCode: 0, errors: '', frames: [30, 0] });
});

t.test('an ffmpeg that asks for UDP first falls back to TCP', async (t) => {
  await using relay = await start();
  await using _publisher = await publishClip(relay, h264, 'camera');
  const result = await played(await startPlayer(urlOf(relay, 'camera?a=b'), 30, []));
  t.match(result, { exitCode: 0, errors: /461 Unsupported Transport/, frames: [30, 0] });
});

t.test('ffmpeg publishes H.265 and ffmpeg decodes it', async (t) => {
  await using relay = await start();
  const file = await clips.clip('libx265');
  await using _publisher = await publishClip(relay, file, 'camera');
  t.same(relay.paths()[0]?.encodings, ['H265']);
  const result = await played(await startPlayer(urlOf(relay, 'camera'), 30, overTcp));
  t.equal(result.exitCode, 0);
  t.equal(result.frames[0], 30);
});

t.test('ffmpeg publishes video and audio, and ffmpeg decodes both', async (t) => {
  await using relay = await start();
  const file = await clips.clip('libx264', true);
  await using _publisher = await publishClip(relay, file, 'camera');
  t.same(relay.paths()[0]?.encodings, ['H264', 'MPEG4-GENERIC']);
  const result = await played(await startPlayer(urlOf(relay, 'camera'), 30, overTcp));
  t.same([result.exitCode, result.frames[0]], [0, 30]);
  t.ok(Number(result.frames[1]) > 10, `${result.frames[1]} audio frames`);
});

t.test('two cameras play on while a third client misbehaves in every way', async (t) => {
  await using relay = await start({ publishTimeoutMs: 2000 });
  await using _one = await publishClip(relay, h264, 'one');
  await using _two = await publishClip(relay, h264, 'two');
  const players = await Promise.all(
    ['one', 'two'].map((name) => startPlayer(urlOf(relay, name), 75, overTcp)),
  );
  await using announces = await RtspClient.connect(relay.port);
  await announces.request('ANNOUNCE', urlOf(relay, 'one'), {}, sdp);
  await using garbage = await RtspClient.connect(relay.port);
  garbage.socket.write(Buffer.alloc(200_000, 0xa5));
  await using deaf = await publish(relay.port, 'deaf');
  deaf.socket.pause();
  deaf.socket.write('OPTIONS * RTSP/1.0\r\nCSeq: 9\r\n\r\n'.repeat(50_000));
  await using babbles = await publish(relay.port, 'babbles');
  for (let length = 0; length < 2000; length += 1) {
    babbles.sendFrame(length % 256, Buffer.alloc(length, 0xa5));
  }
  await using _halfOpen = await publish(relay.port, 'half-open');
  const results = await Promise.all(players.map((player) => played(player)));
  const good = { exitCode: 0, errors: '', frames: [75, 0] };
  t.same(results, [good, good]);
  t.ok(garbage.closed);
  await until('the bad publishers are gone', () => relay.paths().length === 2);
  t.match(relay.paths(), [
    { name: 'one', droppedPackets: 0 },
    { name: 'two', droppedPackets: 0 },
  ]);
});

t.test(
  'a player ends when its publisher is killed, and the path can be published again',
  async (t) => {
    await using relay = await start();
    await using publisher = await publishClip(relay, h264, 'camera');
    const player = await startPlayer(urlOf(relay, 'camera'), 10_000, overTcp);
    await until('frames', () => player.output.includes('\n0,'));
    await publisher.stop('SIGKILL');
    const { exitCode, frames } = await played(player);
    t.equal(exitCode, 0, 'the end of the stream, not a time-out');
    t.ok(Number(frames[0]) > 0);
    t.same(relay.paths(), []);
    await using _again = await publishClip(relay, h264, 'camera');
    const result = await played(await startPlayer(urlOf(relay, 'camera'), 10, overTcp));
    t.equal(result.frames[0], 10);
  },
);

t.test('a player of a path that nobody publishes fails with 404', async (t) => {
  await using relay = await start();
  const result = await played(await startPlayer(urlOf(relay, 'nobody'), 1, overTcp));
  t.not(result.exitCode, 0);
  t.match(result.errors, /404 Not Found/);
});
