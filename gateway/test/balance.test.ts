import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { freePort, until } from '@framebus/test';
import t from 'tap';
import { checks } from '../src/checks.js';
import { TargetHealth } from '../src/target-health.js';
import { call, kongFile, messageOf, type RunningGateway, startGateway, Upstream } from './kit.js';

/** A gateway with one service at "/" before these targets. */
async function gatewayTo(targets: readonly string[], healthchecks = '{}') {
  await using file = await kongFile(`
_format_version: "3.0"
services:
  - name: only
    url: http://only.upstream
    retries: 0
    routes: [{ name: all, paths: [/], strip_path: false }]
upstreams:
  - name: only.upstream
    algorithm: least-connections
    targets: [${targets.join(', ')}]
    healthchecks: ${healthchecks.replaceAll('\n', ' ')}
`);
  const adminPort = await freePort();
  const env = { KONG_CONFIG: file.path, ADMIN_PORT: `${adminPort}` };
  return Object.assign(await startGateway(env), { adminPort });
}

const targetOf = ({ port }: Upstream, weight = 100) =>
  `{ target: "127.0.0.1:${port}", weight: ${weight} }`;

/** What the admin API says of the targets, in the order of the file. */
async function healthOf({ adminPort }: { readonly adminPort: number }): Promise<string[]> {
  const { text } = await call({ port: adminPort }, '/upstreams/only.upstream/health');
  return JSON.parse(text).data.map(({ health }: { health: string }) => health);
}

/** Opens a request that stays open; returns what ends it. */
async function hold({ port }: RunningGateway): Promise<() => Promise<void>> {
  const held = request({ host: '127.0.0.1', port, path: '/hold' }).end();
  const [response] = (await once(held, 'response')) as [IncomingMessage];
  response.resume();
  response.on('error', () => undefined);
  held.on('error', () => undefined);
  return async () => {
    held.destroy();
    if (!held.closed) await once(held, 'close');
  };
}

/** Streams that never end. */
const endless = () => Upstream.start((_request, response) => response.write('a'));

t.test('each request goes where the fewest are under way', async (t) => {
  await using a = await endless();
  await using b = await endless();
  await using gateway = await gatewayTo([targetOf(a), targetOf(b)]);
  const counts = () => [a.requests.length, b.requests.length];
  const ends = [];
  for (let i = 0; i < 6; i++) ends.push(await hold(gateway));
  t.strictSame(counts(), [3, 3]);
  const [endOfA1, , endOfA2] = ends;
  await endOfA1?.();
  await endOfA2?.();
  await until('both are ended', () => a.requests.filter((r) => r.destroyed).length === 2);
  ends.push(await hold(gateway), await hold(gateway));
  t.strictSame(counts(), [5, 3], 'the freed places are taken first');
  for (const end of ends) await end();
});

t.test('weights share what is under way, and a weight of 0 gets nothing', async (t) => {
  await using a = await endless();
  await using b = await endless();
  await using c = await endless();
  await using gateway = await gatewayTo([targetOf(a, 300), targetOf(b, 100), targetOf(c, 0)]);
  const ends = [];
  for (let i = 0; i < 8; i++) ends.push(await hold(gateway));
  t.strictSame(
    [a, b, c].map(({ requests }) => requests.length),
    [6, 2, 0],
  );
  for (const end of ends) await end();
});

t.test('idle targets take turns', async (t) => {
  await using a = await Upstream.start();
  await using b = await Upstream.start();
  await using gateway = await gatewayTo([targetOf(a), targetOf(b)]);
  for (let i = 0; i < 6; i++) await call(gateway, '/');
  t.strictSame([a.requests.length, b.requests.length], [3, 3]);
  t.strictSame(await healthOf(gateway), ['HEALTHCHECKS_OFF', 'HEALTHCHECKS_OFF']);
});

const active = `{ active: { http_path: /healthz, timeout: 0.2,
  healthy: { interval: 0.05, successes: 2 },
  unhealthy: { interval: 0.05, tcp_failures: 2, timeouts: 2, http_failures: 2 } } }`;

for (const how of ['says 503', 'is silent', 'is gone'] as const) {
  t.test(`a target that ${how} when probed gets nothing until it is well again`, async (t) => {
    let well = true;
    const probed: string[] = [];
    const behave = async () =>
      await Upstream.start((request, response) => {
        if (request.headers['x-kong-request-id'] === undefined) probed.push(request.url ?? '');
        if (well || how === 'is gone') response.end('well');
        else if (how === 'says 503') response.writeHead(503).end();
      });
    const sick = await behave();
    const { port } = sick;
    await using other = await Upstream.start();
    await using gateway = await gatewayTo([targetOf(sick), targetOf(other)], active);
    await until('it is probed', () => probed.length > 2);
    t.strictSame(await healthOf(gateway), ['HEALTHY', 'HEALTHY']);
    well = false;
    if (how === 'is gone') await sick[Symbol.asyncDispose]();
    await until('it is known', async () => (await healthOf(gateway))[0] === 'UNHEALTHY');
    const before = other.requests.length;
    for (let i = 0; i < 4; i++) t.equal((await call(gateway, '/')).status, 200);
    t.equal(other.requests.length, before + 4);
    well = true;
    if (how === 'is gone') sick.server.listen(port, '127.0.0.1');
    await until('it is back', async () => (await healthOf(gateway))[0] === 'HEALTHY');
    t.ok(probed.every((path) => path === '/healthz'));
    await sick[Symbol.asyncDispose]();
  });
}

t.test(
  'with no healthy target the answer is 503, at once and with the words of Kong',
  async (t) => {
    const port = await freePort();
    await using gateway = await gatewayTo([`{ target: "127.0.0.1:${port}" }`], active);
    await until('it is known', async () => (await healthOf(gateway))[0] === 'UNHEALTHY');
    const reply = await call(gateway, '/');
    t.equal(reply.status, 503);
    t.equal(messageOf(reply), 'failure to get a peer from the ring-balancer');
    t.match(reply.headers['x-kong-response-latency'], /^\d+$/);
  },
);

t.test('an upstream without targets is one without healthy ones', async (t) => {
  await using gateway = await gatewayTo([]);
  t.equal((await call(gateway, '/')).status, 503);
});

t.test("what clients' requests meet counts too, and stays without probes", async (t) => {
  const port = await freePort();
  await using well = await Upstream.start();
  const passive = '{ passive: { unhealthy: { http_statuses: [502], http_failures: 2 } } }';
  const targets = [`{ target: "127.0.0.1:${port}" }`, targetOf(well)];
  await using gateway = await gatewayTo(targets, passive);
  const seen = [];
  for (let i = 0; i < 8; i++) seen.push((await call(gateway, '/')).status);
  t.strictSame(seen, [502, 200, 502, 200, 200, 200, 200, 200]);
  t.strictSame(await healthOf(gateway), ['UNHEALTHY', 'HEALTHY']);
});

t.test(
  'a target that clients met as failed is probed in the interval of failed ones',
  async (t) => {
    const back = await Upstream.start();
    const { port } = back;
    await back[Symbol.asyncDispose]();
    const both = `{ active: { http_path: /healthz, healthy: { interval: 3600, successes: 1 },
    unhealthy: { interval: 0.05 } },
    passive: { unhealthy: { http_statuses: [502], http_failures: 1 } } }`;
    await using gateway = await gatewayTo([`{ target: "127.0.0.1:${port}" }`], both);
    t.equal((await call(gateway, '/')).status, 502);
    t.strictSame(await healthOf(gateway), ['UNHEALTHY']);
    back.server.listen(port, '127.0.0.1');
    await until('it is back', async () => (await healthOf(gateway))[0] === 'HEALTHY');
    t.equal((await call(gateway, '/')).status, 200);
    await back[Symbol.asyncDispose]();
  },
);

t.test('each kind of failure is counted by itself, and a success begins anew', async (t) => {
  const said: boolean[] = [];
  const unhealthy = { tcp_failures: 2, timeouts: 2, http_failures: 2 };
  const health = new TargetHealth(
    checks.parse({ active: { healthy: { successes: 2 }, unhealthy } }),
    (healthy) => said.push(healthy),
  );
  health.unanswered('tcp_failures');
  health.unanswered('timeouts');
  health.probed(500);
  health.probed(201);
  t.ok(health.healthy, 'one of each, and 201 says nothing');
  health.probed(200);
  health.probed(500);
  t.ok(health.healthy, 'counted anew');
  health.probed(500);
  t.notOk(health.healthy);
  health.probed(200);
  health.unanswered('timeouts');
  health.probed(200);
  t.notOk(health.healthy, 'successes in a row');
  health.probed(200);
  t.strictSame(said, [false, true]);
});
