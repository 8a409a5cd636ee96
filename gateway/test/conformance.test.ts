import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Child, freePort, NatsServer, startService, until } from '@framebus/test';
import t from 'tap';
import { conforms } from './suite.js';

async function certificate(folder: string) {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-subj', '/CN=localhost', '-days', '1', '-keyout', key, '-out', cert],
  ]);
  return { TLS_CERT: cert, TLS_KEY: key };
}

t.test('our gateway before real services conforms', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'framebus-test-conformance-'));
  const ports = await Promise.all(Array.from({ length: 6 }, () => freePort()));
  const [ingest, fanout, llm, vllm, proxy, tls] = ports.map(String) as string[];
  await using nats = await NatsServer.start();
  const NATS_URL = nats.url;
  const children: Child[] = [];
  t.teardown(async () => {
    await Promise.all(children.map((child) => child.stop('SIGTERM')));
    await rm(folder, { recursive: true });
  });
  const VLLM_API_KEY = 'own-key-of-vllm';
  children.push(
    await startService('ingest', { NATS_URL, INGEST_PORT: `${ingest}` }),
    await startService('fanout', { NATS_URL, FANOUT_PORT: `${fanout}` }),
    await startService('llm', { LLM_PORT: `${llm}` }),
    // Another server of OpenAI's format in vLLM's place.
    await startService('llm', { LLM_PORT: `${vllm}` }),
    await startService('gateway', {
      ...{ PROXY_PORT: `${proxy}`, PROXY_TLS_PORT: `${tls}`, ADMIN_PORT: '0', VLLM_API_KEY },
      ...{ VIDEO_API_KEY: 'other-key,video-key', LLM_API_KEY: 'llm-key' },
      ...(await certificate(folder)),
      UPSTREAMS: [
        `ingest=http://127.0.0.1:${ingest},fanout=http://127.0.0.1:${fanout}`,
        `llm=http://127.0.0.1:${llm},vllm=http://127.0.0.1:${vllm}/v1`,
      ].join(','),
    }),
  );
  const url = `http://127.0.0.1:${proxy}`;
  for (const path of ['/', '/healthz', '/api/v1/video/health']) {
    await until(`${path} answers`, async () => (await fetch(url + path)).ok, { timeoutMs: 60_000 });
  }
  await conforms(t, [
    ...['--url', url, '--tls-url', `https://127.0.0.1:${tls}`],
    ...['--video-key', 'video-key', '--llm-key', 'llm-key', '--vllm-model', 'mock-llm'],
  ]);
});
