import { freePort, NatsServer, startService, until } from '@framebus/test';
import t from 'tap';
import { conforms } from '../suite.js';

for (const [how, vllm] of [
  ['not there', ''],
  ['down', `http://127.0.0.1:${await freePort()}`],
]) {
  t.test(`our gateway conforms where vLLM is ${how} and ingest and llm are down`, async (t) => {
    const port = await freePort();
    const fanoutPort = await freePort();
    await using nats = await NatsServer.start();
    // fanout needs the streams that an ingest makes; the gateway is not told where this one is.
    await using _ingest = await startService('ingest', {
      ...{ NATS_URL: nats.url, INGEST_PORT: `${await freePort()}` },
    });
    await using _fanout = await startService('fanout', {
      ...{ NATS_URL: nats.url, FANOUT_PORT: `${fanoutPort}` },
    });
    await using _gateway = await startService('gateway', {
      ...{ PROXY_PORT: `${port}`, ADMIN_PORT: '0' },
      UPSTREAMS: [
        `ingest=http://127.0.0.1:${await freePort()},llm=http://127.0.0.1:${await freePort()}`,
        `fanout=http://127.0.0.1:${fanoutPort},vllm=${vllm}`,
      ].join(','),
    });
    const url = `http://127.0.0.1:${port}`;
    await until('the page answers', async () => (await fetch(`${url}/`)).ok, {
      timeoutMs: 60_000,
    });
    await conforms(t, ['--url', url, '--down', 'ingest,llm,vllm', '--skip-limit']);
  });
}
