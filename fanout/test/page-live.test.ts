import t from 'tap';
import type { FrameResult } from '../page/messages.js';
import { TimedResults } from '../page/timed-results.js';
import { whepEndpoint } from '../page/whep-endpoint.js';

const server = {
  url: 'https://media.example/webrtc/',
  rtsp_urls: ['rtsp://mediamtx:8554', 'rtsp://[::1]'],
  user: null,
  password: null,
};

t.test('a camera plays live when its address is one of the server’s', async (t) => {
  for (const [address, endpoint] of [
    ['rtsp://mediamtx:8554/yard', 'https://media.example/webrtc/yard/whep'],
    ['rtsp://***:***@MediaMTX:8554/site/yard/?x=1', 'https://media.example/webrtc/site/yard/whep'],
    ['rtsp://***@[::1]:554/yard', 'https://media.example/webrtc/yard/whep'],
    ['rtsp://mediamtx/yard', null],
    ['rtsp://mediamtx:8554', null],
    ['rtsp://mediamtx:8554@elsewhere/yard', null],
    ['http://mediamtx:8554/yard', null],
    ['', null],
  ] as const) {
    t.equal(whepEndpoint(address, server), endpoint, address);
  }
  t.equal(whepEndpoint('rtsp://mediamtx:8554/yard', { ...server, url: null }), null);
});

t.test('the result nearest in time is drawn, and at most 128 wait', async (t) => {
  const results = new TimedResults();
  const push = (captured_at: number) => results.push({ captured_at } as FrameResult);
  const nearest = (at: number) => results.nearest(at)?.captured_at;
  t.equal(nearest(0), undefined);
  for (const at of [100, 200, 300]) push(at);
  t.equal(nearest(0), 100, 'the first before it was captured');
  t.equal(nearest(140), 100);
  t.equal(nearest(160), 200);
  t.equal(nearest(140), 200, 'older ones are forgotten');
  t.equal(nearest(9_000), 300);
  for (let at = 1_000; at < 1_200; at++) push(at);
  t.equal(nearest(0), 1_072);
});
