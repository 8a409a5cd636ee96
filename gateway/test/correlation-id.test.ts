import t from 'tap';
import { call, gatewayBefore, gatewayWith, told, Upstream } from './kit.js';

t.test('each request has an id, which client and upstream both see', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayBefore(upstream);
  const first = await call(gateway, '/healthz');
  t.match(first.headers['x-request-id'], /^[0-9a-f-]{36}$/);
  t.equal(told(first).headers['x-request-id'], first.headers['x-request-id']);
  const second = await call(gateway, '/healthz');
  t.not(second.headers['x-request-id'], first.headers['x-request-id']);
});

t.test("a client's own id is kept", async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayBefore(upstream);
  const reply = await call(gateway, '/healthz', { headers: { 'X-Request-ID': 'mine' } });
  t.equal(reply.headers['x-request-id'], 'mine');
  t.equal(told(reply).headers['x-request-id'], 'mine');
});

t.test('the default counts, and does not tell the client', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayWith(upstream, ['{ name: correlation-id }']);
  for (const n of [1, 2]) {
    const reply = await call(gateway, '/');
    t.match(told(reply).headers['kong-request-id'], new RegExp(`^[0-9a-f-]{36}#${n}$`));
    t.equal(reply.headers['kong-request-id'], undefined);
  }
});
