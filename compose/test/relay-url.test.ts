import t from 'tap';
import { chooseTransport, formatTransport } from '../src/relay/transport.js';
import { parseUrl, splitTrack, splitTrackId } from '../src/relay/url.js';

t.test('user, password, query and slashes at the end are no part of a name', async (t) => {
  const camera = { authority: 'h:8554', name: 'camera' };
  for (const url of [
    'rtsp://h:8554/camera',
    'rtsp://h:8554/camera/',
    'rtsp://h:8554//camera//',
    'rtsp://h:8554/camera?token=1/2',
    'rtsp://user:p@ss@h:8554/camera',
    'RTSP://h:8554/%63amera',
  ]) {
    t.same(parseUrl(url), camera, url);
  }
  t.equal(parseUrl('rtsp://[::1]:8554/hall/north.1').name, 'hall/north.1');
});

t.test('names with other letters, dots alone, or over 255 letters are refused', async (t) => {
  for (const url of [
    'rtsp://h/',
    'rtsp://h',
    '*',
    'http://h/camera',
    'rtsp://h/a//b',
    'rtsp://h/../etc',
    'rtsp://h/a/%2e%2e/b',
    'rtsp://h/.',
    'rtsp://h/a%0d%0ab',
    'rtsp://h/%E0%A4%A',
    'rtsp://h/a b',
    'rtsp://h/%C3%A9',
    `rtsp://h/${'a'.repeat(256)}`,
  ]) {
    t.throws(() => parseUrl(url), { name: 'RtspError', status: 400 }, url);
  }
  t.equal(parseUrl(`rtsp://h/${'a'.repeat(255)}`).name.length, 255);
});

t.test('slashes without end take no more than linear time', async (t) => {
  const slashes = '/'.repeat(300_000);
  const before = performance.now();
  t.throws(() => parseUrl(`rtsp://h/${slashes}a${slashes}~`), { name: 'RtspError', status: 400 });
  t.same(splitTrackId(`rtsp://h/${slashes}x`).track, undefined);
  t.ok(performance.now() - before < 1000);
});

t.test('the track is what follows the path, even after a query', async (t) => {
  t.same(splitTrackId('rtsp://h/a/trackID=12'), { base: 'rtsp://h/a/', track: 12 });
  t.same(splitTrackId('rtsp://h/a/trackID=0/'), { base: 'rtsp://h/a/', track: 0 });
  t.same(splitTrackId('rtsp://h/a?b=c/trackID=1'), { base: 'rtsp://h/a?b=c/', track: 1 });
  t.same(splitTrackId('rtsp://h/a'), { base: 'rtsp://h/a', track: undefined });
  t.same(splitTrackId('rtsp://h/a/trackID=x').track, undefined);
  t.equal(splitTrack('rtsp://h/a/streamid=11', 'streamid=1'), undefined);
  t.equal(splitTrack('rtsp://h/a/streamid=1', 'streamid=1'), 'rtsp://h/a/');
});

t.test('TCP is chosen out of what a client offers', async (t) => {
  t.same(chooseTransport('RTP/AVP/TCP;unicast;interleaved=4-5', 0), { rtp: 4, rtcp: 5 });
  t.same(chooseTransport('RTP/AVP;unicast;client_port=1-2,RTP/AVP/TCP;interleaved=7', 0), {
    rtp: 7,
    rtcp: 8,
  });
  t.same(chooseTransport('RTP/AVP/TCP;unicast;mode=record', 3), { rtp: 6, rtcp: 7 });
  t.equal(formatTransport({ rtp: 4, rtcp: 5 }), 'RTP/AVP/TCP;unicast;interleaved=4-5');
});

t.test('UDP, multicast and SRTP are refused with 461', async (t) => {
  for (const offer of [
    'RTP/AVP;unicast;client_port=5000-5001',
    'RTP/AVP/UDP;unicast',
    'RTP/AVP/TCP;multicast',
    'RTP/SAVP/TCP;unicast;interleaved=0-1',
  ]) {
    t.throws(() => chooseTransport(offer, 0), { name: 'RtspError', status: 461 }, offer);
  }
});

t.test('channels that are no channels are refused with 400', async (t) => {
  t.throws(() => chooseTransport(undefined, 0), { name: 'RtspError', status: 400 });
  for (const channels of ['', '0-0', '255', '255-256', '1-x', '-1', '0-1-2', '9999-10000']) {
    const offer = `RTP/AVP/TCP;unicast;interleaved=${channels}`;
    t.throws(() => chooseTransport(offer, 0), { name: 'RtspError', status: 400 }, channels);
  }
});
