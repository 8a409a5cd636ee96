import { once } from 'node:events';
import { get } from 'node:http';
import { NatsServer } from '@framebus/test';
import t from 'tap';
import { start } from './start.js';

const server = await NatsServer.start();
t.teardown(() => server[Symbol.asyncDispose]());

t.test('viewer.json gives the key that was set, to the page alone', async (t) => {
  await using without = await start(server);
  t.same(await (await fetch(`${without.url}/viewer.json`)).json(), { api_key: null });
  await using fanout = await start(server, { VIEWER_API_KEY: 'video-1' });
  const response = await fetch(`${fanout.url}/viewer.json`);
  t.same(await response.json(), { api_key: 'video-1' });
  t.equal(response.headers.get('cache-control'), 'no-store');
  const headers = { 'sec-fetch-site': 'cross-site' };
  const other = await fetch(`${fanout.url}/viewer.json`, { headers });
  t.equal(other.status, 403);
  t.notMatch(await other.text(), /video-1/);
});

t.test('the page comes with a strict policy and is checked on each use', async (t) => {
  await using fanout = await start(server);
  const response = await fetch(fanout.url);
  t.equal(response.status, 200);
  t.match(response.headers.get('content-type'), /text\/html/);
  t.match(response.headers.get('content-security-policy'), /default-src 'self'/);
  t.notMatch(response.headers.get('content-security-policy'), /unsafe/);
  t.equal(response.headers.get('x-content-type-options'), 'nosniff');
  t.equal(response.headers.get('referrer-policy'), 'no-referrer');
  t.equal(response.headers.get('cache-control'), 'no-cache');
  const etag = response.headers.get('etag') ?? '';
  // fetch would ask for a reload.
  const [again] = await once(get(fanout.url, { headers: { 'if-none-match': etag } }), 'response');
  again.resume();
  t.equal(again.statusCode, 304);
});

t.test('the page is told where cameras play live, and may call there alone', async (t) => {
  const described = async (env: Readonly<Record<string, string>>) => {
    await using fanout = await start(server, env);
    const policy = (await fetch(fanout.url)).headers.get('content-security-policy') ?? '';
    const response = await fetch(`${fanout.url}/ws/webrtc`);
    t.equal(response.headers.get('cache-control'), 'no-store');
    return { calls: /connect-src ([^;]*)/.exec(policy)?.[1], answer: await response.json() };
  };
  const off = await described({});
  t.equal(off.calls, "'self' ws: wss:");
  t.match(off.answer, { url: null, user: null, password: null });
  const on = await described({
    WEBRTC_URL: 'http://media.example:8889/',
    WEBRTC_RTSP_URLS: 'rtsp://mediamtx:8554',
    WEBRTC_USER: 'reader',
    WEBRTC_PASSWORD: 'read-me',
  });
  t.equal(on.calls, "'self' ws: wss: http://media.example:8889");
  t.same(on.answer, {
    url: 'http://media.example:8889/',
    rtsp_urls: ['rtsp://mediamtx:8554'],
    user: 'reader',
    password: 'read-me',
  });
  for (const wrong of [
    { WEBRTC_URL: 'media:8889' },
    { WEBRTC_URL: 'http://joe@media' },
    { WEBRTC_RTSP_URLS: 'media:8554' },
    { WEBRTC_RTSP_URLS: 'rtsp://joe:hush@media:8554' },
  ]) {
    const [name = ''] = Object.keys(wrong);
    await t.rejects(async () => start(server, wrong), { code: 'CONFIG_INVALID', message: name });
  }
});

t.test('nothing but the page is served', async (t) => {
  await using fanout = await start(server);
  for (const path of [
    '/package.json',
    '/../package.json',
    '/..%2fpackage.json',
    '/main.ts',
    '/.git',
  ]) {
    const response = await fetch(fanout.url + path);
    t.equal(response.status, 404, path);
    t.match(await response.json(), { code: 'NOT_FOUND' });
  }
});
