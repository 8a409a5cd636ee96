import { Agent, get } from 'node:http';
import { freePort, repositoryFile, startNode, startService, until } from '@framebus/test';
import type { Row } from '../row.js';
import { quantile } from '../statistics.js';

const rounds = 5;
const sequential = 300;
const connections = 32;
const seconds = 2;
/** A route with CORS and a correlation id, without a key and without a limit, which would end the measurement. */
const path = '/healthz';

/** Requests one after another, and many at once, through the gateway and past it; rounds take turns. */
export async function gateway(): Promise<Row> {
  const timeoutMs = 60_000;
  await using upstream = await startNode(repositoryFile('bench/dist/src/gateway/upstream-main.js'));
  const port = await until('upstream listens', () => /port (\d+)/.exec(upstream.output)?.[1], {
    timeoutMs,
  });
  const proxyPort = await freePort();
  const env = { PROXY_PORT: `${proxyPort}`, ADMIN_PORT: '0' };
  const upstreams = { UPSTREAMS: `llm=http://127.0.0.1:${port}` };
  await using _gateway = await startService('gateway', { ...env, ...upstreams });
  const [direct, through] = [Number(port), proxyPort];
  await until('gateway answers', () => request(through), { timeoutMs });
  const added: number[] = [];
  const rates: [number, number][] = [];
  for (let round = 0; round < rounds; round++) {
    added.push((await medianMs(through)) - (await medianMs(direct)));
    rates.push([await rate(through), await rate(direct)]);
  }
  const p50 = quantile(added, 0.5);
  const [ours, alone] = [0, 1].map((i) =>
    quantile(
      rates.map((pair) => pair[i] as number),
      0.5,
    ),
  ) as [number, number];
  return {
    what: `latency that the gateway adds to a request, and requests a second of ${connections} connections`,
    measured: `p50 ${p50.toFixed(2)} ms added (median of ${rounds} rounds of ${sequential}); ${ours.toFixed(0)} a second, the upstream alone ${alone.toFixed(0)}`,
    bar: 'p50 ≤ 1 ms added',
    reached: p50 <= 1,
  };
}

const agent = new Agent({ keepAlive: true, maxSockets: connections });

/** @throws Error on another status than 200 */
function request(port: number): Promise<true> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(true)
          : reject(new Error(`status ${response.statusCode}`)),
      );
    }).on('error', reject);
  });
}

async function medianMs(port: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < sequential; i++) {
    const started = performance.now();
    await request(port);
    times.push(performance.now() - started);
  }
  return quantile(times, 0.5);
}

async function rate(port: number): Promise<number> {
  let answers = 0;
  const started = performance.now();
  const ask = async () => {
    for (; performance.now() - started < 1_000 * seconds; answers++) await request(port);
  };
  await Promise.all(Array.from({ length: connections }, ask));
  return answers / ((performance.now() - started) / 1_000);
}
