import { repositoryFile } from '@framebus/test';
import t from 'tap';
import { makeBaseImages } from './base-images.js';
import { testCluster } from './cluster.js';
import { Deployment } from './deployment.js';
import { Engine } from './engine.js';
import { testLoopback } from './loopback.js';
import { testObservability } from './observability.js';
import { testOneHost } from './one-host.js';
import { missingPrograms } from './programs.js';

const startedAt = performance.now();
/** At once, where a comment of the test's would wait for the end of what runs. */
const say = (words: string) =>
  process.stderr.write(`${((performance.now() - startedAt) / 1_000).toFixed(0)} s: ${words}\n`);

const missing = await missingPrograms();
if (missing.length > 0) {
  t.bailout(
    `NOT RUN: install ${missing.join(', ')} (Debian: docker.io debootstrap busybox-static golang)`,
  );
}
const engine = await Engine.open(say);
t.teardown(() => engine[Symbol.asyncDispose]());

await t.test('docker compose takes the files in every combination', async (t) => {
  const overrides = ['gpu', 'cluster', 'tls', 'embedded-gateway'];
  const env = ['--env-file', repositoryFile('compose/.env.example')];
  process.env.TLS_DIR = '/tmp';
  for (let chosen = 0; chosen < 2 ** overrides.length; chosen++) {
    const names = overrides
      .filter((_, i) => chosen & (1 << i))
      .map((name) => `compose.${name}.yaml`);
    const files = ['compose.yaml', ...names].map((name) => repositoryFile(`compose/${name}`));
    for (const profile of [[], ['--profile', '*']]) {
      const args = [...env, ...files.flatMap((file) => ['--file', file]), ...profile];
      await engine.docker(['compose', ...args, 'config', '--quiet']);
    }
    t.pass(names.join(' ') || 'compose.yaml alone');
  }
  const root = [
    '--project-directory',
    repositoryFile(''),
    '--file',
    repositoryFile('compose.yaml'),
  ];
  const listed = await engine.docker(['compose', ...root, 'config', '--services']);
  t.match(listed, 'detector', 'from the root');
});

await t.test('images are built', async () => {
  if (engine.own) await makeBaseImages(engine, say);
  say('building the images');
  await new Deployment(engine, 'build').build();
});

if (!t.passing()) t.bailout('there are no images to run');

await t.test('one host', (t) => testOneHost(t, engine, say, testObservability));
await t.test('a cluster of NATS', (t) => testCluster(t, engine, say));
await t.test('published on loopback', (t) => testLoopback(t, engine));
