import t from 'tap';
import { call, gatewayBefore, llmKey, messageOf, told, Upstream, videoKey } from './kit.js';

const upstream = await Upstream.start();
const gateway = await gatewayBefore(upstream);
t.teardown(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const routes = [
  { asked: 'POST /api/v1/video/start', key: 'video', reaches: '/api/v1/video/start' },
  { asked: 'POST /api/v1/video/stop', key: 'video', reaches: '/api/v1/video/stop' },
  { asked: 'GET /api/v1/video/sessions', key: 'video', reaches: '/api/v1/video/sessions' },
  { asked: 'DELETE /api/v1/video/sessions/a', key: 'video', reaches: '/api/v1/video/sessions/a' },
  {
    asked: 'GET /api/v1/video/sessions/a?x=1&y=%20',
    key: 'video',
    reaches: '/api/v1/video/sessions/a?x=1&y=%20',
  },
  { asked: 'GET /api/v1/video/health', key: undefined, reaches: '/api/v1/video/health' },
  { asked: 'GET /openapi.json', key: undefined, reaches: '/openapi.json' },
  { asked: 'GET /docs', key: undefined, reaches: '/docs' },
  { asked: 'GET /docs/static/page.css', key: undefined, reaches: '/docs/static/page.css' },
  { asked: 'GET /ws/stream/front-door', key: 'video', reaches: '/ws/stream/front-door' },
  { asked: 'GET /', key: undefined, reaches: '/' },
  { asked: 'GET /app.js', key: undefined, reaches: '/app.js' },
  { asked: 'GET /page.css', key: undefined, reaches: '/page.css' },
  { asked: 'GET /viewer.json', key: undefined, reaches: '/viewer.json' },
  { asked: 'GET /vendor/msgpackr.js', key: undefined, reaches: '/vendor/msgpackr.js' },
  { asked: 'POST /v1/chat/completions', key: 'llm', reaches: '/v1/chat/completions' },
  { asked: 'GET /v1/models', key: 'llm', reaches: '/v1/models' },
  { asked: 'GET /v1/models/mock-llm', key: 'llm', reaches: '/v1/models/mock-llm' },
  { asked: 'GET /healthz', key: undefined, reaches: '/healthz' },
  { asked: 'POST /v2/chat/completions', key: 'llm', reaches: '/v1/chat/completions' },
  { asked: 'POST /v2/chat/completions?a=1', key: 'llm', reaches: '/v1/chat/completions?a=1' },
] as const;

for (const { asked, key, reaches } of routes) {
  const [method = '', path = ''] = asked.split(' ');
  const own = key === 'llm' ? llmKey : videoKey;
  const other = key === 'llm' ? videoKey : llmKey;

  t.test(`${asked} reaches its service${key === undefined ? ' without a key' : ''}`, async (t) => {
    const headers = key === undefined ? {} : { apikey: own };
    const reply = await call(gateway, path, { method, headers });
    t.equal(reply.status, 200);
    t.equal(told(reply).method, method);
    t.equal(told(reply).url, reaches);
  });

  if (key === undefined) continue;
  t.test(
    `${asked} is refused without a key, with a wrong one and with the other group's`,
    async (t) => {
      const before = upstream.requests.length;
      const without = await call(gateway, path, { method });
      t.equal(without.status, 401);
      t.equal(without.headers['www-authenticate'], 'Key');
      t.equal(messageOf(without), 'No API key found in request');
      const wrong = await call(gateway, path, { method, headers: { apikey: `${own}x` } });
      t.equal(wrong.status, 401);
      t.equal(wrong.headers['www-authenticate'], 'Key');
      t.equal(messageOf(wrong), 'Unauthorized');
      const foreign = await call(gateway, path, { method, headers: { apikey: other } });
      t.equal(foreign.status, 403);
      t.equal(messageOf(foreign), 'You cannot consume this service');
      t.equal(upstream.requests.length, before, 'nothing reached the upstream');
    },
  );
}

for (const path of [
  '/nothing',
  '/metrics',
  '/viewer',
  '/vendor/',
  '/other.json',
  '/v1/embeddings',
  '/v2',
  '/v2/',
  '/v2/models',
  '/v2/invocations',
  '/v2/chat/completions/',
  '/v2/chat/completions/../../invocations',
  '/healthz/x',
  '/docsx',
]) {
  t.test(`${path} has no route`, async (t) => {
    const reply = await call(gateway, path, { headers: { apikey: videoKey } });
    t.equal(reply.status, 404);
    t.equal(messageOf(reply), 'no Route matched with those values');
  });
}

t.test('dots, doubled slashes and encoded letters do not lead around a key', async (t) => {
  for (const path of [
    '/api/v1/video/health/../sessions',
    '/api/v1/video/health/%2e%2e/sessions',
    '//api//v1/video/sessions',
    '/docs/../api/v1/video/sessions',
    '/vendor/../api/v1/video/sessions',
    '/%61pi/v1/video/sessions',
  ]) {
    t.equal((await call(gateway, path)).status, 401, path);
  }
  const reply = await call(gateway, '/docs/../%61pi//v1/video/./sessions', {
    headers: { apikey: videoKey },
  });
  t.equal(told(reply).url, '/api/v1/video/sessions');
});
