import t from 'tap';
import {
  call,
  gatewayBefore,
  gatewayWith,
  llmKey,
  messageOf,
  told,
  Upstream,
  videoKey,
} from './kit.js';

const sessions = '/api/v1/video/sessions';

t.test('a key may be in the query, which the upstream does not see', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayBefore(upstream);
  const reply = await call(gateway, `${sessions}?a=1&apikey=${videoKey}&b=2`);
  t.equal(reply.status, 200);
  t.equal(told(reply).url, `${sessions}?a=1&b=2`);
});

t.test('the upstream gets no key, and learns who calls', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayBefore(upstream);
  const { headers } = told(await call(gateway, sessions, { headers: { apikey: videoKey } }));
  t.equal(headers.apikey, undefined);
  t.equal(headers['x-consumer-username'], 'video');
  t.equal(headers['x-consumer-groups'], 'video');
  t.match(headers['x-consumer-id'], /^[0-9a-f-]{36}$/);
  t.match(headers['x-credential-identifier'], /^[0-9a-f-]{36}$/);
});

t.test('a client cannot say who it is', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayBefore(upstream);
  const lies = {
    'X-Consumer-ID': 'lie',
    'X-Consumer-Username': 'lie',
    'X-Consumer-Custom-ID': 'lie',
    'X-Consumer-Groups': 'lie',
    'X-Credential-Identifier': 'lie',
    'X-Anonymous-Consumer': 'true',
  };
  for (const path of ['/healthz', `/v1/models?apikey=${llmKey}`]) {
    const { headers } = told(await call(gateway, path, { headers: lies }));
    t.notMatch(JSON.stringify(headers), /lie|anonymous/);
  }
});

t.test('a client cannot take away what the gateway says of it', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayBefore(upstream);
  const { headers } = told(
    await call(gateway, sessions, {
      headers: { apikey: videoKey, Connection: 'x-consumer-username, x-forwarded-for, x-real-ip' },
    }),
  );
  t.equal(headers['x-consumer-username'], 'video');
  t.equal(headers['x-forwarded-for'], '127.0.0.1');
});

t.test('an empty key is no key, two are refused', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayBefore(upstream);
  const empty = await call(gateway, sessions, { headers: { apikey: '' } });
  t.equal(messageOf(empty), 'No API key found in request');
  const twice = await call(gateway, sessions, { headers: { apikey: [videoKey, videoKey] } });
  t.equal(twice.status, 401);
  t.equal(messageOf(twice), 'Duplicate API key found');
  t.equal(twice.headers['www-authenticate'], 'Key');
  const inQuery = await call(gateway, `${sessions}?apikey=a&apikey=b`);
  t.equal(messageOf(inQuery), 'Duplicate API key found');
});

t.test('LLM routes take the key as a bearer token too, video routes do not', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayBefore(upstream);
  for (const path of ['/v1/models', '/v2/chat/completions']) {
    const reply = await call(gateway, path, { headers: { Authorization: `Bearer ${llmKey}` } });
    t.equal(reply.status, 200);
    t.equal(told(reply).headers.authorization, undefined);
    const wrong = await call(gateway, path, { headers: { Authorization: 'Bearer x' } });
    t.equal(wrong.status, 401);
    t.equal(messageOf(wrong), 'Unauthorized');
  }
  const video = await call(gateway, sessions, { headers: { Authorization: `Bearer ${videoKey}` } });
  t.equal(messageOf(video), 'No API key found in request');
});

t.test('keys are replaced by the environment', async (t) => {
  await using upstream = await Upstream.start();
  const env = { VIDEO_API_KEY: 'new-video.key_1~', LLM_API_KEY: 'new-llm-key' };
  await using gateway = await gatewayBefore(upstream, env);
  const status = async (path: string, headers: Record<string, string>) =>
    (await call(gateway, path, { headers })).status;
  t.equal(await status(sessions, { apikey: 'new-video.key_1~' }), 200);
  t.equal(await status(sessions, { apikey: videoKey }), 401);
  t.equal(await status('/v1/models', { apikey: 'new-llm-key' }), 200);
  t.equal(await status('/v1/models', { authorization: 'Bearer new-llm-key' }), 200);
  t.equal(await status('/v1/models', { authorization: `Bearer ${llmKey}` }), 401);
});

t.test('options: realm, keys left in place, keys in the header only', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayWith(upstream, [
    '{ name: key-auth, config: { key_names: [x-key], key_in_query: false, realm: here } }',
  ]);
  const refused = await call(gateway, '/?x-key=ann-key');
  t.equal(refused.status, 401);
  t.equal(refused.headers['www-authenticate'], 'Key realm="here"');
  const { headers } = told(await call(gateway, '/', { headers: { 'X-Key': 'ann-key' } }));
  t.equal(headers['x-key'], 'ann-key');
  t.equal(headers['x-consumer-custom-id'], 'a-1');
});

t.test('a group can be denied, and no key means 401', async (t) => {
  await using upstream = await Upstream.start();
  await using gateway = await gatewayWith(upstream, [
    '{ name: key-auth, config: { run_on_preflight: false } }',
    '{ name: acl, config: { deny: [blue], hide_groups_header: true } }',
  ]);
  const ann = await call(gateway, '/', { headers: { apikey: 'ann-key' } });
  t.equal(ann.status, 200);
  t.equal(told(ann).headers['x-consumer-groups'], undefined);
  t.equal((await call(gateway, '/', { headers: { apikey: 'bob-key' } })).status, 403);
  t.equal((await call(gateway, '/', { method: 'OPTIONS' })).status, 401);
});
