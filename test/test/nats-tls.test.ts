import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Bus, createLogger, type NatsConfig } from '@framebus/contract/service';
import { NatsServer, natsLogin, repositoryFile, until } from '@framebus/test';
import t from 'tap';
import { Authority } from './certificates.js';
import { tlsServer } from './tls-server.js';

/** What a process says first of a server that it does not get to. */
async function complaint(config: NatsConfig): Promise<string> {
  const lines: string[] = [];
  const log = createLogger('test', 'silent');
  log.warn = ((fields: { reason: string }) => lines.push(fields.reason)) as never;
  const stop = new AbortController();
  const opening = Bus.open(config, 'ingest', log, stop.signal).then(
    (bus) => bus[Symbol.asyncDispose](),
    () => {},
  );
  const line = await until('a complaint', () => lines[0]);
  stop.abort();
  await opening;
  return line;
}

t.test('a server of another authority is refused in words', async (t) => {
  await using authority = await Authority.make();
  await using other = await Authority.make();
  await using nats = await tlsServer(authority);
  const config = { natsUrl: [nats.url], ...natsLogin('ingest') };
  t.match(
    await complaint({ ...config, natsTlsCa: other.ca }),
    `the certificate of the NATS server is not signed by an authority of NATS_TLS_CA (${other.ca})`,
  );
  t.match(
    await complaint(config),
    'the certificate of the NATS server is not signed by an authority known here: set NATS_TLS_CA',
  );
  t.match(await complaint({ ...config, natsTlsCa: '/nowhere.pem' }), '/nowhere.pem');
});

t.test('a server without TLS is refused where TLS is asked for', async (t) => {
  await using authority = await Authority.make();
  await using nats = await NatsServer.start();
  const words =
    'TLS is asked for by NATS_URL, NATS_TLS_CA or NATS_TLS_CERT, but the server has none';
  t.equal(await complaint({ natsUrl: [nats.url], natsTlsCa: authority.ca }), words);
  t.equal(await complaint({ natsUrl: [nats.url.replace('nats:', 'tls:')] }), words);
});

t.test('a server that asks for certificates takes those of its authority only', async (t) => {
  await using authority = await Authority.make();
  const folder = await mkdtemp(join(tmpdir(), 'framebus-test-conf-'));
  const config = join(folder, 'mutual.conf');
  // nats-server takes includes relative to the file only.
  const include = relative(folder, repositoryFile('compose/nats/nats.conf'));
  const files =
    'cert_file: $NATS_SERVER_CERT, key_file: $NATS_SERVER_KEY, ca_file: $NATS_SERVER_CA';
  await writeFile(config, `include "${include}"\ntls { ${files}, verify: true }\n`);
  await using nats = await tlsServer(authority, config);
  const { cert, key } = await authority.sign('ingest');
  const trusting = { natsUrl: [nats.url], ...natsLogin('ingest'), natsTlsCa: authority.ca };
  const log = createLogger('test', 'silent');
  const withCertificate = { ...trusting, natsTlsCert: cert, natsTlsKey: key };
  await using bus = await Bus.open(withCertificate, 'ingest', log, undefined, ['streams']);
  t.match(bus.connection.info, { tls_verify: true });
  t.match(
    await complaint(trusting),
    'where the server asks for a certificate, NATS_TLS_CERT and NATS_TLS_KEY are needed',
  );
  await rm(folder, { recursive: true });
});
