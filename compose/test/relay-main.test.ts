import { readSettings } from '@framebus/contract/service';
import { Child, freePort, repositoryFile, until } from '@framebus/test';
import t from 'tap';
import { settings } from '../src/relay/settings.js';
import { play, publish, rtp } from './relay-client.js';

const start = (env: Readonly<Record<string, string>>) =>
  Child.start(process.execPath, [repositoryFile('compose/dist/src/relay/main.js')], env);

t.test('the relay runs as a process and stops on SIGTERM with clients connected', async (t) => {
  const port = await freePort();
  await using relay = await start({ RTSP_PORT: String(port) });
  await using publisher = await until('a publisher', () => publish(port, 'camera'));
  await using reader = await play(port, 'camera');
  publisher.sendFrame(0, rtp(1, 1, Buffer.from([0x41, 1])));
  await until('a packet', () => reader.frames.length === 1);
  await relay.stop();
  t.equal(relay.process.exitCode, 0);
  await until('both clients are closed', () => publisher.closed && reader.closed);
});

t.test('dropped packets are logged by path, at most once a second', async (t) => {
  const port = await freePort();
  await using relay = await start({
    RTSP_PORT: String(port),
    RTSP_MAX_READER_BYTES: '65536',
    LOG_LEVEL: 'warn',
  });
  await using publisher = await until('a publisher', () => publish(port, 'camera'));
  await using slow = await play(port, 'camera');
  slow.socket.pause();
  const packet = rtp(1, 1, Buffer.alloc(60_000, 0x41));
  const sending = setInterval(() => {
    for (let count = 0; count < 20; count += 1) publisher.sendFrame(0, packet);
  }, 50);
  t.teardown(() => clearInterval(sending));
  const lines = () => relay.output.split('\n').filter((line) => line.includes('dropped packets'));
  await until('three lines', () => lines().length >= 3);
  const logged = lines().map((line) => JSON.parse(line));
  t.ok(logged.every((line) => line.path === 'camera' && line.droppedPackets > 0));
  const times: number[] = logged.map((line) => line.time);
  t.ok(
    times.every((time, at) => at === 0 || time - (times[at - 1] ?? 0) > 900),
    `${times}`,
  );
});

t.test('it listens on loopback at 8554 unless told otherwise', async (t) => {
  t.same(readSettings(settings, {}), {
    host: '127.0.0.1',
    port: 8554,
    maxReaderBytes: 4_194_304,
    maxConnections: 256,
  });
});

t.test('wrong settings are told all at once', async (t) => {
  await using relay = await start({ RTSP_PORT: '70000', RTSP_MAX_READER_BYTES: '1' });
  await until('it has ended', () => !relay.running);
  t.equal(relay.process.exitCode, 2);
  t.match(relay.output, /RTSP_PORT is "70000"[^]*RTSP_MAX_READER_BYTES is "1"/);
});
