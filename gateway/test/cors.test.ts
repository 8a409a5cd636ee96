import t from 'tap';
import { call, gatewayBefore, gatewayWith, Upstream } from './kit.js';

const preflight = {
  method: 'OPTIONS',
  headers: { Origin: 'https://page.example', 'Access-Control-Request-Method': 'POST' },
};
const page = { headers: { Origin: 'https://page.example' } };

t.test('a preflight is answered without a key', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayBefore(upstream);
  for (const path of ['/api/v1/video/start', '/v1/chat/completions', '/v2/chat/completions']) {
    const { status, headers, text } = await call(gateway, path, preflight);
    t.equal(status, 200);
    t.equal(text, '');
    t.equal(headers['content-length'], '0');
    t.equal(headers['access-control-allow-origin'], '*');
    t.match(headers['access-control-allow-headers'], /^apikey,authorization,content-type,/);
    t.equal(
      headers['access-control-allow-methods'],
      'GET,HEAD,PUT,PATCH,POST,DELETE,OPTIONS,TRACE,CONNECT',
    );
    t.equal(headers['access-control-max-age'], '600');
    t.equal(headers['access-control-expose-headers'], undefined);
    t.match(headers['x-request-id'], /^[0-9a-f-]{36}$/);
  }
  t.equal(upstream.requests.length, 0);
});

t.test('OPTIONS that is no preflight needs a key', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayBefore(upstream);
  const reply = await call(gateway, '/v1/models', { method: 'OPTIONS', ...page });
  t.equal(reply.status, 401);
});

t.test('pages may read every answer, errors too, and what is exposed', async (t) => {
  await using upstream = await Upstream.start((_request, response) => {
    response.setHeader('Access-Control-Allow-Origin', 'https://upstream.example').end();
  });
  await using gateway = await gatewayBefore(upstream);
  for (const [path, status] of [
    ['/healthz', 200],
    ['/v1/models', 401],
  ] as const) {
    const { headers, ...reply } = await call(gateway, path, page);
    t.equal(reply.status, status);
    t.equal(headers['access-control-allow-origin'], '*');
    t.match(headers['access-control-expose-headers'], 'RateLimit-Remaining');
  }
});

t.test('pages of other sites cannot read the viewer page or its key', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayBefore(upstream);
  for (const path of ['/', '/viewer.json', '/app.js']) {
    const { status, headers } = await call(gateway, path, page);
    t.equal(status, 200);
    t.equal(headers['access-control-allow-origin'], undefined);
  }
});

const cors = (config: string) => [`{ name: cors, config: { ${config} } }`];

t.test('one origin is told to everyone', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayWith(upstream, cors('origins: ["https://one.example"]'));
  const { headers } = await call(gateway, '/', preflight);
  t.equal(headers['access-control-allow-origin'], 'https://one.example');
  t.equal(headers.vary, 'Origin');
});

t.test('of several origins the one that asks is told, others none', async (t) => {
  await using upstream = await Upstream.start((_request, response) => {
    response.setHeader('Vary', 'Accept').end();
  });
  await using gateway = await gatewayWith(
    upstream,
    cors('origins: ["https://page.example", "https://two.example"]'),
  );
  const own = await call(gateway, '/', page);
  t.equal(own.headers['access-control-allow-origin'], 'https://page.example');
  t.equal(own.headers.vary, 'Accept, Origin');
  const other = await call(gateway, '/', { headers: { Origin: 'https://three.example' } });
  t.equal(other.status, 200);
  t.equal(other.headers['access-control-allow-origin'], undefined);
});

t.test('with credentials the origin that asks is told in place of "*"', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayWith(upstream, cors('origins: ["*"], credentials: true'));
  const { headers } = await call(gateway, '/', preflight);
  t.equal(headers['access-control-allow-origin'], 'https://page.example');
  t.equal(headers['access-control-allow-credentials'], 'true');
});

t.test('without a list of headers, those that are asked for are allowed', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayWith(upstream, cors('methods: [GET]'));
  const { headers } = await call(gateway, '/', {
    ...preflight,
    headers: { ...preflight.headers, 'Access-Control-Request-Headers': 'x-a,x-b' },
  });
  t.equal(headers['access-control-allow-headers'], 'x-a,x-b');
  t.equal(headers['access-control-allow-methods'], 'GET');
});

t.test('preflights can be left to the upstream', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayWith(upstream, cors('preflight_continue: true'));
  t.equal((await call(gateway, '/', preflight)).status, 200);
  t.equal(upstream.requests.length, 1);
});
