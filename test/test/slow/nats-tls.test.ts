import { natsLogin, natsLoginEnv, publishFile, Stack, until } from '@framebus/test';
import t from 'tap';
import { Authority } from '../certificates.js';
import { tlsServer } from '../tls-server.js';

t.test('the pipeline works over TLS', async (t) => {
  await using authority = await Authority.make();
  const { ca } = authority;
  const nats = await tlsServer(authority);
  await using stack = await Stack.start({
    nats,
    natsEnv: (service) => ({ ...natsLoginEnv(service), NATS_TLS_CA: ca }),
    busConfig: { ...natsLogin('ingest'), natsTlsCa: ca },
    busDeclares: ['streams'],
  });
  await using _camera = await publishFile(stack.rtspUrl('a'));
  await stack.startSession('a', stack.rtspUrl('a'));
  await using viewer = await stack.view('a');
  await until('results', () => viewer.frameIndexes.length > 5, { timeoutMs: 60_000 });
  t.match(stack.bus.connection.info, { tls_required: true });
});
