import { Bus, createLogger } from '@framebus/contract/service';
import { freePort, NatsServer, startService, until } from '@framebus/test';
import t from 'tap';

t.test('a detector tells by HTTP whether it can work', async (t) => {
  const server = await NatsServer.start();
  const bus = await Bus.open({ natsUrl: [server.url] }, 'test', createLogger('test', 'silent'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { NATS_URL: server.url, DETECTOR_PORT: `${port}` };
  const detector = await startService('detector', env);
  t.teardown(async () => {
    await detector.stop('SIGKILL');
    await bus[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  const ready = await until('an answer', () => fetch(`${url}/readyz`).catch(() => undefined));
  t.match(ready, { status: 200 });
  t.equal((await fetch(`${url}/`)).status, 404);

  await server.kill();
  const away = await until('503', async () => {
    const answer = await fetch(`${url}/readyz`);
    return answer.status === 503 ? answer : undefined;
  });
  t.same(await away.json(), { status: 'NATS does not answer' });

  await server.up();
  await until('200 again', async () => (await fetch(`${url}/readyz`)).ok);
});
