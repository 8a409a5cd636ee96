import { readFile } from 'node:fs/promises';
import { commonSettings, type Settings } from '@framebus/contract/service';
import { repositoryFile } from '@framebus/test';
import t from 'tap';
import { parse } from 'yaml';
import { passwords } from '../src/keys/settings.js';

interface Container {
  readonly image?: string;
  readonly command?: string | readonly string[];
  readonly container_name?: string;
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[] };
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly logging?: { readonly options?: Readonly<Record<string, string>> };
}

const overrides = ['gpu', 'cluster', 'tls', 'embedded-gateway'];
const files = ['compose.yaml', ...overrides.map((name) => `compose.${name}.yaml`)];
const texts = new Map<string, string>();
for (const file of files) {
  texts.set(file, await readFile(repositoryFile(`compose/${file}`), 'utf8'));
}
const containersOf = (file: string): [string, Container][] =>
  Object.entries(
    parse(texts.get(file) ?? '', { merge: true, logLevel: 'error' }).services as Record<
      string,
      Container
    >,
  );
/** Those described in full, which are all but the overridden ones. */
const containers = files.flatMap(containersOf).filter(([, { image, restart }]) => image && restart);
const once = ['keys', 'gateway-config'];
const example = await readFile(repositoryFile('compose/.env.example'), 'utf8');
const settingsOf = async (file: string) =>
  (await import(repositoryFile(file))) as Record<string, Settings>;

t.test('a container is given only variables that its program reads', async (t) => {
  const kept = { ...commonSettings };
  const services: Record<string, Settings | undefined> = {
    keys: passwords,
    ...Object.fromEntries(
      await Promise.all(
        ['ingest', 'detector', 'fanout', 'llm', 'gateway'].map(
          async (name) =>
            [name, (await settingsOf(`${name}/dist/src/settings.js`)).settings] as const,
        ),
      ),
    ),
    'gateway-config': (await settingsOf('gateway/dist/src/render-settings.js')).renderSettings,
  };
  let checked = 0;
  for (const [name, { environment }] of files.flatMap(containersOf)) {
    const settings = services[name];
    if (settings === undefined || environment === undefined) continue;
    const known = new Set(Object.values({ ...kept, ...settings }).map((setting) => setting.name));
    for (const variable of Object.keys(environment)) {
      t.ok(known.has(variable) || variable.startsWith('OTEL_'), `${name}: ${variable}`);
      checked += 1;
    }
  }
  t.ok(checked > 40, `${checked} variables`);
});

t.test('.env.example tells every variable of the files, and no other', async (t) => {
  const used = [...texts.values()].flatMap((text) => [
    ...text.replaceAll('$$', '').matchAll(/\$\{(\w+)/g),
  ]);
  const told = [...example.matchAll(/^(\w+)=/gm)].map(([, name]) => name);
  t.equal(new Set(told).size, told.length, 'each once');
  t.same([...new Set(used.map(([, name]) => name))].sort(), told.sort());
});

t.test('.env.example has the defaults of the files', async (t) => {
  const told = new Map([...example.matchAll(/^(\w+)=(.*)$/gm)].map(([, k, v]) => [k, v]));
  for (const [file, text] of texts) {
    for (const [, name, fallback] of text.matchAll(/\$\{(\w+):?-([^}]*)\}/g)) {
      t.equal(told.get(name), fallback, `${file}: ${name}`);
    }
  }
});

t.test('images are pinned and containers unnamed', async (t) => {
  const dockerfile = await readFile(repositoryFile('Dockerfile'), 'utf8');
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image = '']) => image);
  const outside = bases.filter((image) => image.includes(':'));
  t.equal(outside.length, 2);
  const images = containers.map(([, { image = '' }]) =>
    image.replace(/\$\{FRAMEBUS_TAG:-|\}$/g, ''),
  );
  for (const image of [...outside, ...images]) t.match(image, /:v?\d+\.\d+\.\d+[\w.-]*$/, image);
  for (const [name, container] of files.flatMap(containersOf)) {
    t.equal(container.container_name, undefined, name);
  }
});

t.test('every container is bounded in what it may do, write and log', async (t) => {
  for (const [name, container] of containers) {
    t.same(container.cap_drop, ['ALL'], name);
    t.same(container.security_opt, ['no-new-privileges:true'], name);
    // vLLM compiles kernels into its own file system.
    t.equal(container.read_only, name !== 'vllm', `${name}: read_only`);
    t.ok(container.logging?.options?.['max-size'], `${name}: logs`);
  }
});

t.test('every server has a health check and is started again', async (t) => {
  // Images without any program to look with.
  const blind = ['otel-collector', 'jaeger'];
  for (const [name, { healthcheck, restart }] of containers) {
    if (once.includes(name)) {
      t.equal(restart, 'no', name);
      continue;
    }
    t.equal(restart, 'unless-stopped', name);
    if (blind.includes(name)) t.equal(healthcheck, undefined, `${name}: for up --wait`);
    else t.ok(healthcheck?.test, `${name}: healthcheck`);
  }
});

t.test('only the gateway and MediaMTX are published beyond loopback', async (t) => {
  const open = containers.flatMap(([name, { ports = [] }]) =>
    ports
      .filter((port) => !port.startsWith('127.0.0.1:'))
      .map((port) => `${name} ${port.split(':').at(-1)}`),
  );
  t.same(open.sort(), [
    'gateway 8000',
    'kong 8000',
    'kong 8443',
    'mediamtx 8189/tcp',
    'mediamtx 8189/udp',
    'mediamtx 8554',
    'mediamtx 8889',
  ]);
});
