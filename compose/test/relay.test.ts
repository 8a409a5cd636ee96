import { createLogger } from '@framebus/contract/service';
import { until } from '@framebus/test';
import t from 'tap';
import { type RelayOptions, startRelay } from '../src/relay/relay.js';
import { play, publish, RtspClient, rtp, sdp, sequenceOf } from './relay-client.js';

const start = (limits: Partial<RelayOptions> = {}) =>
  startRelay({ host: '127.0.0.1', port: 0, ...limits }, createLogger('relay', 'silent'));
const tcp = (channels: string) => ({ Transport: `RTP/AVP/TCP;unicast;interleaved=${channels}` });
const slice = Buffer.from([0x41, 1, 2, 3]);

t.test('a client learns the methods, with its CSeq and the server in the reply', async (t) => {
  await using relay = await start();
  await using client = await RtspClient.connect(relay.port);
  const { status, headers } = await client.request('OPTIONS', '*');
  t.equal(status, 200);
  t.equal(headers.get('cseq'), '1');
  t.match(headers.get('server'), /framebus/);
  t.equal(
    headers.get('public'),
    'OPTIONS, DESCRIBE, ANNOUNCE, SETUP, PLAY, PAUSE, RECORD, TEARDOWN, GET_PARAMETER, SET_PARAMETER',
  );
});

t.test('a reader gets the packets of a publisher on its own channels', async (t) => {
  await using relay = await start();
  await using publisher = await publish(relay.port, 'hall/north');
  await using reader = await play(relay.port, 'hall/north', '10-11');
  publisher.sendFrame(0, rtp(7, 1, slice));
  publisher.sendFrame(1, Buffer.from('80c8000100000000', 'hex'));
  await until('both packets', () => reader.frames.length === 2);
  t.same(reader.frames, [
    { channel: 10, packet: rtp(7, 1, slice) },
    { channel: 11, packet: Buffer.from('80c8000100000000', 'hex') },
  ]);
  const [path] = relay.paths();
  t.match(path, { name: 'hall/north', encodings: ['H264'], readers: 1, droppedPackets: 0 });
  t.match(path, { inboundBytes: 24, inboundPackets: 2, queuedBytes: 0 });
});

t.test('DESCRIBE gives the SDP and the base of its control URLs', async (t) => {
  await using relay = await start();
  await using _publisher = await publish(relay.port, 'camera');
  await using client = await RtspClient.connect(relay.port);
  const url = `rtsp://user:secret@127.0.0.1:${relay.port}/camera/?token=1`;
  const { status, headers, body } = await client.request('DESCRIBE', url);
  t.equal(status, 200);
  t.equal(headers.get('content-base'), `rtsp://127.0.0.1:${relay.port}/camera/`);
  t.equal(headers.get('content-type'), 'application/sdp');
  t.match(body, /^v=0\r\n[^]*a=control:\*\r\nm=video 0 [^]*a=control:trackID=0\r\n$/);
});

t.test('a path that nobody publishes is 404, and the connection goes on', async (t) => {
  await using relay = await start();
  await using client = await RtspClient.connect(relay.port);
  const url = `rtsp://127.0.0.1:${relay.port}/nobody`;
  t.equal((await client.request('DESCRIBE', url)).status, 404);
  t.equal((await client.request('SETUP', `${url}/trackID=0`, tcp('0-1'))).status, 404);
  t.equal((await client.request('DESCRIBE', 'rtsp://h/a%20b')).status, 400);
  t.equal((await client.request('OPTIONS', '*')).status, 200);
});

t.test('a reader that asks for UDP gets 461 and may ask for TCP then', async (t) => {
  await using relay = await start();
  await using _publisher = await publish(relay.port, 'camera');
  await using client = await RtspClient.connect(relay.port);
  const url = `rtsp://127.0.0.1:${relay.port}/camera`;
  const udp = { Transport: 'RTP/AVP;unicast;client_port=5000-5001' };
  t.equal((await client.request('SETUP', `${url}/trackID=0`, udp)).status, 461);
  const { status, headers } = await client.request('SETUP', `${url}/trackID=0`, tcp('0-1'));
  t.equal(status, 200);
  t.equal(headers.get('transport'), 'RTP/AVP/TCP;unicast;interleaved=0-1');
  t.match(headers.get('session'), /^[0-9a-f]{16};timeout=60$/);
});

t.test('each wrong step of a reader has its status', async (t) => {
  await using relay = await start();
  await using _publisher = await publish(relay.port, 'camera');
  await using client = await RtspClient.connect(relay.port);
  const url = `rtsp://127.0.0.1:${relay.port}/camera`;
  const status = async (...args: Parameters<RtspClient['request']>) =>
    (await client.request(...args)).status;
  t.equal(await status('PLAY', url), 454, 'no session');
  t.equal(await status('TEARDOWN', url), 454, 'no session');
  t.equal(await status('FLY', url), 501);
  t.equal(await status('SETUP', `${url}/trackID=0`), 400, 'no Transport');
  t.equal(await status('SETUP', `${url}/trackID=1`, tcp('0-1')), 404, 'no such track');
  t.equal(await status('SETUP', url, { Transport: 'RTP/AVP/TCP;mode=record' }), 455);
  t.equal(await status('SETUP', url, tcp('0-1')), 200, 'the only track');
  t.equal(await status('SETUP', url, tcp('2-3')), 455, 'set up already');
  t.equal(await status('RECORD', url), 455, 'a reader');
  t.equal(await status('ANNOUNCE', url, {}, sdp), 455, 'a reader');
  t.equal(await status('PLAY', url, { Session: 'another' }), 454);
  t.equal(await status('PLAY', url), 200);
  t.equal(await status('SETUP', url, tcp('0-1')), 455, 'playing');
  t.equal(await status('GET_PARAMETER', url), 200);
  t.equal(await status('SET_PARAMETER', url, {}, 'volume: 11'), 451);
  t.equal(await status('TEARDOWN', url), 200);
  t.equal(relay.paths()[0]?.readers, 0);
  t.equal(await status('SETUP', url, { ...tcp('0-1'), Session: '' }), 454);
});

t.test('each wrong step of a publisher has its status', async (t) => {
  await using relay = await start({ maxPaths: 1 });
  await using client = await RtspClient.connect(relay.port);
  const url = `rtsp://127.0.0.1:${relay.port}/camera`;
  const status = async (...args: Parameters<RtspClient['request']>) =>
    (await client.request(...args)).status;
  const two = `${sdp}m=audio 0 RTP/AVP 97\r\na=control:streamid=1\r\n`;
  t.equal(await status('ANNOUNCE', url, { 'Content-Type': 'text/plain' }, sdp), 415);
  t.equal(await status('ANNOUNCE', url, {}, 'hello'), 400);
  t.equal(await status('ANNOUNCE', url, {}, two), 200);
  t.equal(await status('RECORD', url), 455, 'no track is set up');
  t.equal(await status('PLAY', url), 455);
  t.equal(await status('SETUP', url, tcp('0-1')), 459, 'which of the two');
  t.equal(await status('SETUP', `${url}/streamid=2`, tcp('0-1')), 400, 'no such track');
  t.equal(await status('SETUP', `${url}/streamid=0`, { Transport: 'RTP/AVP;unicast' }), 461);
  t.equal(await status('SETUP', `${url}?a=b/streamid=0`, tcp('0-1')), 200);
  t.equal(await status('SETUP', `${url}/streamid=0`, tcp('2-3')), 455, 'set up already');
  t.equal(await status('SETUP', `${url}/streamid=1`, tcp('1-2')), 400, 'a channel is taken');
  t.equal(await status('RECORD', url), 455, 'one track is missing');
  t.equal(await status('SETUP', `${url}/streamid=1`, tcp('2-3')), 200);
  t.same(relay.paths(), [], 'nothing is published before RECORD');
  t.equal(await status('RECORD', url), 200);
  t.equal(await status('RECORD', url), 455, 'twice');
  t.match(relay.paths(), [{ name: 'camera', encodings: ['H264', ''] }]);
  await t.rejects(publish(relay.port, 'another'), /refused/, 'one path more than allowed');
});

t.test('a paused reader gets nothing until it plays again', async (t) => {
  await using relay = await start();
  await using publisher = await publish(relay.port, 'camera');
  await using reader = await play(relay.port, 'camera');
  const url = `rtsp://127.0.0.1:${relay.port}/camera`;
  await reader.request('PAUSE', url);
  publisher.sendFrame(0, rtp(1, 1, slice));
  await publisher.request('OPTIONS', '*');
  await reader.request('PLAY', url);
  publisher.sendFrame(0, rtp(2, 1, slice));
  await until('a packet', () => reader.frames.length > 0);
  t.same(
    reader.frames.map(({ packet }) => sequenceOf(packet)),
    [2],
  );
});

t.test('a new publisher takes the path, and readers of the old one are closed', async (t) => {
  await using relay = await start();
  await using first = await publish(relay.port, 'camera');
  await using reader = await play(relay.port, 'camera');
  await using second = await publish(relay.port, 'camera');
  await until('the first publisher is closed', () => first.closed);
  await until('its reader is closed', () => reader.closed);
  await using again = await play(relay.port, 'camera');
  second.sendFrame(0, rtp(1, 1, slice));
  await until('a packet of the second', () => again.frames.length === 1);
  t.match(relay.paths(), [{ name: 'camera', readers: 1 }]);
});

t.test('announcing a path takes nothing from its publisher', async (t) => {
  await using relay = await start();
  await using publisher = await publish(relay.port, 'camera');
  await using reader = await play(relay.port, 'camera');
  await using hung = await RtspClient.connect(relay.port);
  const url = `rtsp://127.0.0.1:${relay.port}/camera`;
  t.equal((await hung.request('ANNOUNCE', url, {}, sdp)).status, 200);
  publisher.sendFrame(0, rtp(1, 1, slice));
  await until('the packet', () => reader.frames.length === 1);
});

t.test('readers are closed when their publisher leaves or tears down', async (t) => {
  await using relay = await start();
  const leaves = await publish(relay.port, 'leaves');
  await using tears = await publish(relay.port, 'tears');
  await using one = await play(relay.port, 'leaves');
  await using two = await play(relay.port, 'tears');
  leaves.socket.resetAndDestroy();
  await tears.request('TEARDOWN', `rtsp://127.0.0.1:${relay.port}/tears`);
  await until('both readers are closed', () => one.closed && two.closed);
  t.same(relay.paths(), []);
});

t.test('a publisher without RTP is closed after its time, and its readers', async (t) => {
  await using relay = await start({ publishTimeoutMs: 300 });
  await using silent = await publish(relay.port, 'silent');
  await using reader = await play(relay.port, 'silent');
  await using lively = await publish(relay.port, 'lively');
  const sending = setInterval(() => lively.sendFrame(0, rtp(1, 1, slice)), 50);
  t.teardown(() => clearInterval(sending));
  silent.sendFrame(9, rtp(1, 1, slice));
  await until('the publisher is closed', () => silent.closed);
  await until('its reader is closed', () => reader.closed);
  t.notOk(lively.closed);
  t.match(relay.paths(), [{ name: 'lively' }]);
});

t.test('who says nothing is closed after its time; keep-alives and packets count', async (t) => {
  await using relay = await start({ idleTimeoutMs: 400 });
  await using publisher = await publish(relay.port, 'camera');
  await using taking = await play(relay.port, 'camera');
  await using polite = await RtspClient.connect(relay.port);
  await using mute = await RtspClient.connect(relay.port);
  const sending = setInterval(() => {
    publisher.sendFrame(0, rtp(1, 1, slice));
    void polite.request('OPTIONS', '*').catch(() => {});
  }, 100);
  t.teardown(() => clearInterval(sending));
  await until('the mute one is closed', () => mute.closed);
  await new Promise((resolve) => setTimeout(resolve, 600));
  t.notOk(polite.closed);
  t.notOk(taking.closed);
  clearInterval(sending);
});

t.test('one connection over the limit is answered 503 and closed', async (t) => {
  await using relay = await start({ maxConnections: 1 });
  await using first = await RtspClient.connect(relay.port);
  await first.request('OPTIONS', '*');
  await using second = await RtspClient.connect(relay.port);
  await until('the second is closed', () => second.closed);
  t.match(second.replies, [{ status: 503 }]);
  t.equal((await first.request('OPTIONS', '*')).status, 200);
});

t.test('a stop closes every connection and leaves no socket', async (t) => {
  const sockets = () =>
    process.getActiveResourcesInfo().filter((each) => /^TCP|Timeout/.test(each)).length;
  const before = sockets();
  const relay = await start();
  const publisher = await publish(relay.port, 'camera');
  const reader = await play(relay.port, 'camera');
  const idle = await RtspClient.connect(relay.port);
  await relay[Symbol.asyncDispose]();
  await until('all are closed', () => publisher.closed && reader.closed && idle.closed);
  t.equal(relay.connections, 0);
  await until('no socket is left', () => sockets() <= before);
  await relay[Symbol.asyncDispose]();
});

t.test('a port that is taken makes the start fail', async (t) => {
  await using relay = await start();
  await t.rejects(start({ port: relay.port }), { code: 'EADDRINUSE' });
});
