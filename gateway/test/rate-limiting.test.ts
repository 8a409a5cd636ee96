import t from 'tap';
import {
  call,
  calmMinute,
  gatewayBefore,
  gatewayWith,
  messageOf,
  Upstream,
  videoKey,
} from './kit.js';

const keyAuth = '{ name: key-auth }';

t.test('the 101st call of the video API in a minute is refused with 429', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayBefore(upstream);
  await calmMinute(8);
  const list = () => call(gateway, '/api/v1/video/sessions', { headers: { apikey: videoKey } });
  const first = await list();
  t.equal(first.headers['x-ratelimit-limit-minute'], '100');
  t.equal(first.headers['x-ratelimit-remaining-minute'], '99');
  t.equal(first.headers['ratelimit-limit'], '100');
  t.equal(first.headers['ratelimit-remaining'], '99');
  const resetS = 60 - new Date().getSeconds();
  t.ok(Math.abs(Number(first.headers['ratelimit-reset']) - resetS) <= 1);
  t.equal(first.headers['retry-after'], undefined);
  for (let i = 2; i < 100; i++) await list();
  const last = await list();
  t.equal(last.status, 200);
  t.equal(last.headers['ratelimit-remaining'], '0');
  const refused = await list();
  t.equal(refused.status, 429);
  t.equal(messageOf(refused), 'API rate limit exceeded');
  t.equal(refused.headers['x-ratelimit-remaining-minute'], '0');
  t.equal(refused.headers['ratelimit-remaining'], '0');
  t.equal(refused.headers['retry-after'], refused.headers['ratelimit-reset']);
  t.equal(upstream.requests.length, 100);
  t.equal((await call(gateway, '/api/v1/video/health')).status, 200, 'health has no limit');
});

t.test('LLM routes have 300 calls a minute', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayBefore(upstream);
  for (const path of ['/v1/models', '/v2/chat/completions']) {
    const reply = await call(gateway, path, { headers: { apikey: 'llm-api-key-001' } });
    t.equal(reply.headers['ratelimit-limit'], '300');
    t.equal(reply.headers['ratelimit-remaining'], '299');
  }
});

const who = [
  { limitBy: 'consumer', sameKey: 1, otherKey: 0, otherConsumer: 1 },
  { limitBy: 'credential', sameKey: 1, otherKey: 1, otherConsumer: 1 },
  { limitBy: 'ip', sameKey: 1, otherKey: 0, otherConsumer: 0 },
];
for (const { limitBy, otherKey, otherConsumer } of who) {
  t.test(`calls are counted by ${limitBy}`, async (t) => {
    await using upstream = await Upstream.start();
    const limit = `{ name: rate-limiting, config: { hour: 1, limit_by: ${limitBy} } }`;
    await using gateway = await gatewayWith(upstream, [keyAuth, limit]);
    const status = async (apikey: string) =>
      (await call(gateway, '/', { headers: { apikey } })).status;
    t.equal(await status('ann-key'), 200);
    t.equal(await status('ann-key'), 429);
    t.equal(await status('ann-second-key'), otherKey === 1 ? 200 : 429);
    t.equal(await status('bob-key'), otherConsumer === 1 ? 200 : 429);
  });
}

t.test('of several limits the tightest is told, and a refused call is not counted', async (t) => {
  await using upstream = await Upstream.start();
  const limit = '{ name: rate-limiting, config: { minute: 2, hour: 3 } }';
  await using gateway = await gatewayWith(upstream, [limit]);
  await calmMinute();
  const first = await call(gateway, '/');
  t.equal(first.headers['x-ratelimit-remaining-minute'], '1');
  t.equal(first.headers['x-ratelimit-remaining-hour'], '2');
  t.equal(first.headers['ratelimit-limit'], '2');
  await call(gateway, '/');
  for (let i = 0; i < 3; i++) {
    const refused = await call(gateway, '/');
    t.equal(refused.status, 429);
    t.equal(refused.headers['x-ratelimit-remaining-minute'], '0');
    t.equal(refused.headers['x-ratelimit-remaining-hour'], '1');
  }
});

t.test('a new second is a new window', async (t) => {
  await using upstream = await Upstream.start();
  const limit =
    '{ name: rate-limiting, config: { second: 1, error_code: 503, error_message: Slower } }';
  await using gateway = await gatewayWith(upstream, [limit]);
  const replies = [await call(gateway, '/'), await call(gateway, '/'), await call(gateway, '/')];
  const refused = replies.find(({ status }) => status !== 200);
  t.equal(refused?.status, 503);
  t.match(refused?.text, 'Slower');
  t.equal(refused?.headers['retry-after'], '1');
  await new Promise((resolve) => setTimeout(resolve, 1010));
  t.equal((await call(gateway, '/')).status, 200);
});

t.test('the headers can be hidden', async (t) => {
  await using upstream = await Upstream.start();
  const limit = '{ name: rate-limiting, config: { hour: 1, hide_client_headers: true } }';
  await using gateway = await gatewayWith(upstream, [limit]);
  for (const status of [200, 429]) {
    const reply = await call(gateway, '/');
    t.equal(reply.status, status);
    t.notMatch(Object.keys(reply.headers).join(), /ratelimit|retry-after/);
  }
});
