import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '@framebus/contract/service';
import { repositoryFile, startNode, until } from '@framebus/test';
import t from 'tap';
import { parse } from 'yaml';
import { parseDeclaration } from '../src/declaration.js';
import { renderSettings } from '../src/render-settings.js';
import { render as rendering } from '../src/rendered.js';
import { call, llmKey, startGateway, Upstream, videoKey } from './kit.js';

const folder = await mkdtemp(join(tmpdir(), 'framebus-test-render-'));
t.teardown(() => rm(folder, { recursive: true }));
const RENDERED_CONFIG = join(folder, 'kong.yml');

/** Runs the program that writes Kong's file, to its end. */
async function render(env: Readonly<Record<string, string>>) {
  const main = repositoryFile('gateway/dist/src/render-main.js');
  const child = await startNode(main, { RENDERED_CONFIG, ...env });
  await until('it ends', () => !child.running);
  return { output: child.output, exitCode: child.process.exitCode };
}

/** What was written: all keys, and the services and upstreams by name. */
async function rendered() {
  const text = await readFile(RENDERED_CONFIG, 'utf8');
  const { declaration } = parseDeclaration(text, 'kong.yml');
  const credentials = declaration.consumers.flatMap((c) => c.keyauth_credentials);
  const byName = <T extends { name: string }>(all: readonly T[]) =>
    Object.fromEntries(all.map((one) => [one.name, one]));
  return {
    text,
    keys: credentials.map(({ key }) => key),
    services: byName(declaration.services),
    upstreams: byName(declaration.upstreams),
  };
}

t.test('given keys take the place of the documented ones, each of several', async (t) => {
  const { output } = await render({ VIDEO_API_KEY: 'a, b', LLM_API_KEY: 'c' });
  t.notMatch(output, 'made up');
  const { keys, text } = await rendered();
  t.strictSame(keys, ['a', 'b', 'c', 'Bearer c']);
  t.notMatch(text, videoKey);
  t.notMatch(text, llmKey);
  t.equal((await stat(RENDERED_CONFIG)).mode & 0o777, 0o644, 'Kong may read it');
});

t.test('what the environment does not name stays as the file has it', async (t) => {
  await render({ DEMO_KEYS: 'true', VLLM_API_KEY: 'vllm-api-key-001' });
  const { text } = await rendered();
  t.strictSame(parse(text), parse(await readFile(repositoryFile('gateway/kong.yml'), 'utf8')));
});

t.test('missing keys are made up once, kept for their owner only, and told once', async (t) => {
  const KEYS_FILE = join(folder, 'keys.env');
  const first = await render({ KEYS_FILE, LLM_API_KEY: 'given' });
  t.match(first.output, /VIDEO_API_KEY=[\w-]{32} was made up/);
  t.notMatch(first.output, 'LLM_API_KEY');
  const { keys } = await rendered();
  t.match(keys[0], /^[\w-]{32}$/);
  t.match(await readFile(KEYS_FILE, 'utf8'), `VIDEO_API_KEY=${keys[0]}\n`);
  t.equal((await stat(KEYS_FILE)).mode & 0o777, 0o600);

  const second = await render({ KEYS_FILE });
  t.notMatch(second.output, 'VIDEO_API_KEY');
  t.match(second.output, /LLM_API_KEY=[\w-]{32} was made up/);
  t.equal((await rendered()).keys[0], keys[0], 'the same as before');
  t.notMatch((await render({ KEYS_FILE })).output, 'made up');
  t.strictSame((await readdir(folder)).sort(), ['keys.env', 'kong.yml'], 'no draft is left');

  await using gateway = await startGateway({ KEYS_FILE, GATEWAY_HOST: '0.0.0.0' });
  const apikey = keys[0] as string;
  const known = await call(gateway, '/api/v1/video/x', { headers: { apikey } });
  t.equal(known.status, 503, 'our gateway takes the same key; ingest has no such host here');
});

const refused = [
  {
    what: 'no key and no way to one',
    env: {},
    says: 'VIDEO_API_KEY is not set: expected a key, KEYS_FILE',
  },
  {
    what: 'a key of the documentation',
    env: { VIDEO_API_KEY: 'a', LLM_API_KEY: llmKey },
    says: 'LLM_API_KEY is the key of the documentation: set another, or DEMO_KEYS=true',
  },
  {
    what: 'a key that YAML or a header could take for more',
    env: { DEMO_KEYS: 'true', VIDEO_API_KEY: 'a,"b' },
    says: 'VIDEO_API_KEY has a value that does not fit',
  },
  {
    what: 'a key that opens both',
    env: { VIDEO_API_KEY: 'a,b', LLM_API_KEY: 'b' },
    says: 'a key is given twice',
  },
  {
    what: 'a service that the file does not have',
    env: { DEMO_KEYS: 'true', UPSTREAMS: 'other=http://a:1' },
    says: "UPSTREAMS names other: the file's services are ingest, fanout, llm, vllm",
  },
  {
    what: 'a path that is another',
    env: { DEMO_KEYS: 'true', UPSTREAMS: 'vllm=http://a:1/v2' },
    says: 'its path begins with /v1/chat/completions, not /v2',
  },
  {
    what: 'several addresses where one is expected',
    env: { DEMO_KEYS: 'true', UPSTREAMS: 'llm=http://a:1|http://b:1' },
    says: 'UPSTREAMS names llm: the file has no upstream with that name',
  },
  {
    what: 'no address where nothing answers instead',
    env: { DEMO_KEYS: 'true', UPSTREAMS: 'llm=' },
    says: 'UPSTREAMS names llm: expected an address',
  },
  {
    what: 'an address of another kind',
    env: { DEMO_KEYS: 'true', UPSTREAMS: 'llm=ftp://a' },
    says: 'UPSTREAMS is "llm=ftp://a": expected pairs name=http://host:port',
  },
];
for (const { what, env, says } of refused) {
  t.test(`${what} is refused with words`, async (t) => {
    const read = async () =>
      await rendering(readSettings(renderSettings, { RENDERED_CONFIG, ...env }), false);
    await t.rejects(read(), { code: 'CONFIG_INVALID', message: says });
  });
}

t.test('a broken file of keys is refused rather than written over', async (t) => {
  const KEYS_FILE = join(folder, 'broken.env');
  await writeFile(KEYS_FILE, 'VIDEO_API_KEY="a"\n');
  await chmod(KEYS_FILE, 0o600);
  const { output, exitCode } = await render({ KEYS_FILE });
  t.equal(exitCode, 2);
  t.match(output, 'broken.env:1: expected NAME=key');
  t.equal(await readFile(KEYS_FILE, 'utf8'), 'VIDEO_API_KEY="a"\n');
});

t.test('services are put where the environment says', async (t) => {
  const UPSTREAMS = 'ingest=http://a:1|http://b,llm=http://c:3,vllm=http://[::1]:8000/v1/';
  await render({ DEMO_KEYS: 'true', UPSTREAMS });
  const { services, upstreams } = await rendered();
  const targetsOf = (name: string) => upstreams[name]?.targets.map(({ target }) => target);
  t.strictSame(targetsOf('ingest.upstream'), ['a:1', 'b:80']);
  t.strictSame(targetsOf('vllm.upstream'), ['[::1]:8000']);
  t.equal(services.llm?.url, 'http://c:3/');
  t.equal(services.fanout?.url, 'http://fanout:8084');
  t.equal(services.vllm?.url, 'http://vllm.upstream/v1/chat/completions');
});

t.test("vLLM is sent its own key, and never the caller's", async (t) => {
  await using upstream = await Upstream.start();
  for (const VLLM_API_KEY of ['', 'own-key']) {
    await using gateway = await startGateway({ UPSTREAMS: `vllm=${upstream.url}`, VLLM_API_KEY });
    const ways = [{ Authorization: `Bearer ${llmKey}` }, { apikey: llmKey, Authorization: 'mine' }];
    for (const headers of ways) {
      const reply = await call(gateway, '/v2/chat/completions', { method: 'POST', headers });
      const sent = JSON.parse(reply.text).headers;
      t.equal(sent.authorization, VLLM_API_KEY === '' ? undefined : 'Bearer own-key');
      t.equal(sent.apikey, undefined);
    }
  }
});

t.test("without vLLM its route answers 503 in OpenAI's format, to those with a key", async (t) => {
  await using gateway = await startGateway({ UPSTREAMS: 'vllm=' });
  const post = { method: 'POST', headers: { apikey: llmKey } };
  const reply = await call(gateway, '/v2/chat/completions', post);
  t.equal(reply.status, 503);
  t.equal(reply.headers['content-type'], 'application/json');
  t.match(JSON.parse(reply.text), { error: { type: 'server_error', code: 'vllm_not_running' } });
  t.match(reply.headers['x-kong-response-latency'], /^\d+$/);
  t.equal((await call(gateway, '/v2/chat/completions', { method: 'POST' })).status, 401);
});
